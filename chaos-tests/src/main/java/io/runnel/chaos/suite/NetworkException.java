package io.runnel.chaos.suite;

import java.io.Serial;

/** A network, or the proxy before it, that does not do what a scenario needs. */
final class NetworkException extends RuntimeException {
    @Serial private static final long serialVersionUID = 1L;

    NetworkException(String message) {
        super(message);
    }

    NetworkException(String message, Throwable cause) {
        super(message, cause);
    }
}
