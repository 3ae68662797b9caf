package io.runnel.cluster.replication;

import io.runnel.cluster.replication.ReplicationException.Code;
import io.runnel.exec.task.CodeDigest;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Which digests are not asked for again yet. Remembers the last thousand that failed; one that is
 * forgotten is merely asked for again sooner. Not safe for several threads.
 */
final class Pauses {
    private static final int MOST = 1_000;

    private record Pause(long untilNs, long lengthNs) {}

    private final Map<CodeDigest, Pause> pauses = new Eldest<>(MOST);
    private final long firstNs;
    private final long longestNs;
    private final LongSupplier nanoClock;

    Pauses(Duration first, Duration longest, LongSupplier nanoClock) {
        this.firstNs = first.toNanos();
        this.longestNs = longest.toNanos();
        this.nanoClock = nanoClock;
    }

    Optional<ReplicationException> refusal(CodeDigest digest) {
        Pause pause = pauses.get(digest);
        long leftNs = pause == null ? 0 : pause.untilNs - nanoClock.getAsLong();
        if (leftNs <= 0) {
            return Optional.empty();
        }
        String message = "code %s failed just now, is tried again in %d ms";
        return Optional.of(
                new ReplicationException(
                        Code.BACKING_OFF, message.formatted(digest.brief(), leftNs / 1_000_000)));
    }

    void succeeded(CodeDigest digest) {
        pauses.remove(digest);
    }

    void failed(CodeDigest digest) {
        Pause before = pauses.remove(digest);
        long lengthNs = before == null ? firstNs : Math.min(longestNs, 2 * before.lengthNs);
        pauses.put(digest, new Pause(nanoClock.getAsLong() + lengthNs, lengthNs));
    }
}
