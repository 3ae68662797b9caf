package io.runnel.region.cli;

import java.io.Serial;

/**
 * A command that did not do what it was asked; the message is for a person: what, which value, what
 * to do.
 */
final class CliException extends RuntimeException {
    @Serial private static final long serialVersionUID = 1L;

    /** How it ends for the shell. */
    enum Code {
        /** It was understood and failed: exit 1. */
        FAILED(1),
        /** It was not understood: exit 2. */
        USAGE(2);

        private final int exit;

        Code(int exit) {
            this.exit = exit;
        }

        int exit() {
            return exit;
        }
    }

    private final Code code;

    CliException(Code code, String message) {
        super(message);
        this.code = code;
    }

    CliException(Code code, String message, Throwable cause) {
        super(message, cause);
        this.code = code;
    }

    static CliException failed(String message) {
        return new CliException(Code.FAILED, message);
    }

    static CliException usage(String message) {
        return new CliException(Code.USAGE, message);
    }

    Code code() {
        return code;
    }

    /** Whether the same might succeed later, with nothing changed. */
    boolean retryable() {
        return code == Code.FAILED;
    }
}
