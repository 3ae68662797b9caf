package io.runnel.routing.placement;

import java.util.Locale;

/** What decided that a call does not run at the POP, or that nothing speaks against it. */
public enum Limit {
    /** It runs here. */
    NONE,
    /** The POP takes no new work. */
    DRAINING,
    /** The version's regions. */
    BOUND,
    /** The memory that a task may declare here. */
    PROFILE_MEMORY,
    /** The time that a task may declare here. */
    PROFILE_TIME,
    /** The kinds of tasks that run here. */
    PROFILE_RUNTIME,
    /** Requests of guests do not leave from here. */
    PROFILE_NETWORK,
    /** The devices that are here. */
    PROFILE_DEVICES,
    /** What the task's owner asks of nodes. */
    REQUIREMENTS,
    /** The calls that make a task popular. */
    CALLS,
    /** The memory for what is ready: others are called more for each byte. */
    WORTH,
    /** The code, which is not ready here. */
    CODE,
    /** The task's secrets, which are not here. */
    SECRETS,
    /** The slots that are left: others are called more. */
    RANK,
    /** The slots and the memory of running calls: nothing is free in time. */
    ROOM,
    /** The time: it is faster in a region. */
    TIME;

    /** As it is shown: {@code profile-memory}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static Limit of(Fit fit) {
        return switch (fit) {
            case FITS -> NONE;
            case BOUND_ELSEWHERE -> BOUND;
            case TOO_MUCH_MEMORY -> PROFILE_MEMORY;
            case TOO_LONG -> PROFILE_TIME;
            case NO_RUNTIME -> PROFILE_RUNTIME;
            case NO_NETWORK -> PROFILE_NETWORK;
            case NO_DEVICE -> PROFILE_DEVICES;
            case NOT_QUALIFIED -> REQUIREMENTS;
        };
    }
}
