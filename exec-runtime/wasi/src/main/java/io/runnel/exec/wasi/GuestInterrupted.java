package io.runnel.exec.wasi;

import java.io.Serial;

/** The guest's thread was interrupted in a host function. Unwinds the guest. */
public final class GuestInterrupted extends RuntimeException {
    @Serial private static final long serialVersionUID = 1L;

    public GuestInterrupted() {
        super("interrupted", null, false, false);
    }

    /** Ends the guest if its thread was interrupted. */
    public static void check() {
        if (Thread.currentThread().isInterrupted()) {
            throw new GuestInterrupted();
        }
    }
}
