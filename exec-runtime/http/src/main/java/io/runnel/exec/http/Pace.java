package io.runnel.exec.http;

import java.util.concurrent.TimeUnit;

/**
 * The slowest that a peer may send or read what we keep in memory for it: 32 KiB a second on
 * average, after thirty seconds of grace. Who is slower holds memory for little work.
 */
final class Pace {
    private static final long GRACE_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final long NANOS_PER_BYTE = TimeUnit.SECONDS.toNanos(1) / (32 * 1024);

    private Pace() {}

    static boolean isTooSlow(long elapsedNanos, long bytesDone) {
        return elapsedNanos > GRACE_NANOS + bytesDone * NANOS_PER_BYTE;
    }
}
