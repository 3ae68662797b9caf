package io.runnel.routing.placement;

/** How much of a version's code this node has. */
public enum Replica {
    /** As {@link #READY}, made so for calls that are expected now. */
    EXPECTED,
    /** Made ready in memory: a call starts warm. */
    READY,
    /** On this node's disk: a call would wait for it to be made ready. */
    HELD,
    /** Not here. */
    ABSENT
}
