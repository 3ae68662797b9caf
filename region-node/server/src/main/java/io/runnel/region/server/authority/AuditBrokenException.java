package io.runnel.region.server.authority;

import java.io.Serial;

/** The audit log is not what was written: nothing is certified by it. */
public final class AuditBrokenException extends RuntimeException {
    @Serial private static final long serialVersionUID = 1L;

    AuditBrokenException(long seq, String why) {
        super("entry %d of the audit log: %s".formatted(seq, why));
    }
}
