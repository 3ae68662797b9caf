package io.runnel.chaos.proxy;

import java.io.Serial;

/** A request that cannot be done; the message is for its sender. */
final class ApiException extends Exception {
    @Serial private static final long serialVersionUID = 1L;

    /** What is wrong, with its HTTP status. */
    enum Code {
        BAD_REQUEST(400),
        FORBIDDEN(403),
        NOT_FOUND(404),
        METHOD_NOT_ALLOWED(405),
        CONFLICT(409),
        TOO_LARGE(413),
        FAILED(500);

        private final int status;

        Code(int status) {
            this.status = status;
        }

        int status() {
            return status;
        }
    }

    private final Code code;

    ApiException(Code code, String message) {
        super(message);
        this.code = code;
    }

    Code code() {
        return code;
    }
}
