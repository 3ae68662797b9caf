package io.runnel.exec.microvm.guest;

/** Whether a guest is held, so that its machine can be moved. */
enum GuestHold {
    /** It speaks as it likes. */
    NONE,
    /** It was asked to be silent; what it said before may still come. */
    ASKED,
    /** It is silent. */
    HELD,
    /** It was asked, and released before it was silent. */
    GIVEN_UP
}
