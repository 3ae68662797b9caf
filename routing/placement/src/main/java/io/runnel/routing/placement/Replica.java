package io.runnel.routing.placement;

/** How much of what a version needs this node has. */
public enum Replica {
    /** As {@link #READY}, made so for calls that are expected now. */
    EXPECTED,
    /** Made ready in memory: a call starts warm. */
    READY,
    /** On this node's disk: a call would wait for it to be made ready. */
    HELD,
    /** Here, without the task's secrets: no call may start. */
    WITHOUT_SECRETS,
    /** Not here. */
    ABSENT;

    /** Whether no call can start, whatever it waits for. */
    boolean isUnusable() {
        return this == WITHOUT_SECRETS || this == ABSENT;
    }
}
