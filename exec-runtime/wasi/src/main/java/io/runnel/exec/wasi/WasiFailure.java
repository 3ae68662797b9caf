package io.runnel.exec.wasi;

import java.io.Serial;

/**
 * A host function is not to be done, for this reason. Thrown by what it is made of and caught by
 * {@link WasiFunction}, nowhere else; guests cause it at will, so it has no stack trace.
 */
final class WasiFailure extends RuntimeException {
    @Serial private static final long serialVersionUID = 1L;

    private final Errno errno;

    WasiFailure(Errno errno) {
        super(errno.name(), null, false, false);
        this.errno = errno;
    }

    Errno errno() {
        return errno;
    }
}
