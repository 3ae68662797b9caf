package io.runnel.exec.microvm.guest;

/** Where a guest is, as far as its frames have told. */
enum GuestPhase {
    /** Its agent has not said HELLO. */
    SILENT,
    /** Its function has not been seen to wait. */
    STARTING,
    /** Its function waits to be restored. */
    AT_RESTORE,
    /** No call runs. */
    IDLE,
    /** A call runs, and has not begun to answer. */
    ASKED,
    /** A call runs, and is answering. */
    ANSWERING,
    /** Its function has said that it does not start. */
    FAILED
}
