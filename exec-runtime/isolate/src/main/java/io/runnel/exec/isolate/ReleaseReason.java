package io.runnel.exec.isolate;

/** Why something that was held is held no longer. */
public enum ReleaseReason {
    /** Something that is worth more needed its memory. */
    BUDGET,
    /** No plan wants it any more. */
    PLAN,
    /** The guest or its runtime failed in it. */
    FAULT,
    /** Its memory was kept between calls, for long enough. */
    RECYCLED,
    /** The node stops. */
    CLOSED
}
