package io.runnel.exec.wasi;

import java.io.Serial;

/** The guest called {@code proc_exit}. Unwinds it; an expected end, so without a stack trace. */
public final class GuestExit extends RuntimeException {
    @Serial private static final long serialVersionUID = 1L;

    private final int code;

    GuestExit(int code) {
        super("exit", null, false, false);
        this.code = code;
    }

    /** What the guest passed. */
    public int code() {
        return code;
    }
}
