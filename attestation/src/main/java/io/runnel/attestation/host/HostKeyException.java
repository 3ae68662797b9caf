package io.runnel.attestation.host;

import java.io.Serial;

/** The files of a host's certificate cannot be used. The message names the file, and no secret. */
public final class HostKeyException extends RuntimeException {
    @Serial private static final long serialVersionUID = 1L;

    HostKeyException(String message) {
        super(message);
    }

    HostKeyException(String message, Throwable cause) {
        super(message, cause);
    }
}
