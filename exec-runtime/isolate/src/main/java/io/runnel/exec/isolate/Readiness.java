package io.runnel.exec.isolate;

/** How near a task's code is. */
public enum Readiness {
    /** As {@link #READY}, and isolates are held for calls that are expected now. */
    EXPECTED,
    /** Prepared in memory: a call starts warm. */
    READY,
    /** The code is in this node's store: a call has to wait for reading and compiling. */
    HELD,
    /** Not on this node. */
    ABSENT;

    /** Whether a call starts warm. */
    public boolean isReady() {
        return this == EXPECTED || this == READY;
    }
}
