package io.runnel.exec.isolate;

/** Why the runner ended a call before its guest did. */
enum EndReason {
    /** Past the task's timeout or the caller's deadline. */
    DEADLINE,
    /** Its caller asked for it, or the node stops. */
    CANCEL
}
