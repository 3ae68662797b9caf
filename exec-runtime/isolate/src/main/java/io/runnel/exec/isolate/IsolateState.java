package io.runnel.exec.isolate;

/** What a pooled isolate is at. */
enum IsolateState {
    /** It is being made for calls that are expected; nobody can run it yet. */
    STARTING,
    /** It was made for calls that are expected, and none has come to it yet. */
    PREPARED,
    /** A call runs in it: nobody else gets it, and it is never let go of. */
    RUNNING,
    /** It has run and waits for its next call. */
    IDLE,
    /** It was let go of, for good. */
    RETIRED;

    /** Whether an isolate may go from this state to {@code next}. */
    boolean mayBecome(IsolateState next) {
        return switch (this) {
            case STARTING -> next == PREPARED || next == RETIRED;
            case PREPARED -> next == RUNNING || next == RETIRED;
            case RUNNING -> next == IDLE || next == RETIRED;
            case IDLE -> next == RUNNING || next == RETIRED;
            case RETIRED -> false;
        };
    }

    /** Whether it keeps memory that no call answers for. */
    boolean isIdle() {
        return switch (this) {
            case PREPARED, IDLE -> true;
            case STARTING, RUNNING, RETIRED -> false;
        };
    }
}
