package io.runnel.topology;

import io.runnel.exec.task.ByteSize;
import io.runnel.exec.task.CodeDigest;
import io.runnel.exec.task.NodeName;
import io.runnel.exec.task.RegionId;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a node says of itself. Soft state: good for ranking and showing, never for granting.
 *
 * @param region the region that it belongs to: of a POP, the one behind it
 * @param slots tasks that it runs at once
 * @param freeSlots of these, not taken now
 * @param memory for isolates
 * @param freeMemory of this, not taken now
 * @param warm code that is ready to run, the most used first, at most {@value #MOST_WARM}
 * @param calls answered since its start, wherever they ran
 * @param callsHere of these, run by itself
 * @param positions how far it has read each feed, as text; at most {@value
 *     #MOST_POSITION_CHARACTERS} characters
 * @param canaries how calls ended where a version is tried, at most {@value #MOST_CANARIES}
 * @param at when it said so, by its own clock
 */
public record NodeStatus(
        NodeName node,
        Role role,
        Optional<RegionId> region,
        State state,
        int slots,
        int freeSlots,
        ByteSize memory,
        ByteSize freeMemory,
        List<CodeDigest> warm,
        long calls,
        long callsHere,
        String positions,
        List<CanaryCount> canaries,
        Instant at) {

    /** The longest list of warm code. */
    public static final int MOST_WARM = 64;

    /** The longest text of feed positions. */
    public static final int MOST_POSITION_CHARACTERS = 4096;

    /** The longest list of canaries. */
    public static final int MOST_CANARIES = 32;

    /** What kind of node it is. */
    public enum Role {
        /** A point of presence. */
        POP,
        /** A node of a region. */
        REGION
    }

    /** What it does at the moment. */
    public enum State {
        /** It comes up and takes no calls yet. */
        STARTING,
        /** It takes calls. */
        READY,
        /** It finishes the calls that it has and takes no more. */
        DRAINING
    }

    /**
     * Checks the value.
     *
     * @throws IllegalArgumentException if a number is negative or a limit is passed
     */
    public NodeStatus {
        warm = List.copyOf(warm);
        canaries = List.copyOf(canaries);
        requireCount("slots", slots);
        requireCount("freeSlots", freeSlots);
        requireCount("calls", calls);
        requireCount("callsHere", callsHere);
        requireAtMost("warm", warm.size(), MOST_WARM);
        requireAtMost("canaries", canaries.size(), MOST_CANARIES);
        requireAtMost("positions", positions.length(), MOST_POSITION_CHARACTERS);
    }

    private static void requireCount(String what, long value) {
        if (value < 0) {
            throw new IllegalArgumentException(
                    "%s must not be negative: %d".formatted(what, value));
        }
    }

    private static void requireAtMost(String what, int size, int most) {
        if (size > most) {
            throw new IllegalArgumentException(
                    "%s must be at most %d long: %d".formatted(what, most, size));
        }
    }
}
