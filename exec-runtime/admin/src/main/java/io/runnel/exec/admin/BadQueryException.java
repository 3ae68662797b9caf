package io.runnel.exec.admin;

import java.io.Serial;

/** What an operator's request says after its path is not understood. The message is for them. */
public final class BadQueryException extends RuntimeException {
    @Serial private static final long serialVersionUID = 1L;

    BadQueryException(String message, Throwable cause) {
        super(message, cause);
    }
}
