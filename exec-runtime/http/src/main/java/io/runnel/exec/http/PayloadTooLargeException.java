package io.runnel.exec.http;

import java.io.Serial;

/** A body that streams is past its limit; without a stack trace, for callers make it at will. */
public final class PayloadTooLargeException extends RuntimeException {
    @Serial private static final long serialVersionUID = 1L;

    PayloadTooLargeException(long limitBytes) {
        super("body is past its limit of %d bytes".formatted(limitBytes), null, false, false);
    }
}
