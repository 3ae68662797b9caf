package io.runnel.exec.wasm;

import java.io.Serial;

/** The guest called {@code proc_exit}. Unwinds it; an expected end, so without a stack trace. */
final class GuestExit extends RuntimeException {
    @Serial private static final long serialVersionUID = 1L;

    private final int code;

    GuestExit(int code) {
        super("exit", null, false, false);
        this.code = code;
    }

    int code() {
        return code;
    }
}
