package io.runnel.cluster.replication;

import io.runnel.attestation.KeyId;
import io.runnel.attestation.signature.SigningKey;
import io.runnel.cluster.replication.ReplicationException.Code;
import io.runnel.cluster.replication.SigningKeyHandler.Wanted;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * Signing keys that this node has, in memory only, and asks for when it has them not: once for all
 * that wait. Each goes with its day, or soon if that has ended. What callers may choose of a scope
 * makes no more of them than a few for each of their keys. Safe for any thread; never blocks.
 */
public final class SigningKeyCache {
    /** For all callers. */
    static final int MOST = 10_000;

    /** For one caller's key: days, regions and services. */
    static final int MOST_OF_ONE = 16;

    /** What was not given is not asked for again so soon. */
    static final Duration PAUSE = Duration.ofSeconds(2);

    /** So long after its day a request of it may still come that is not presigned. */
    private static final Duration AFTER_DAY = Duration.ofMinutes(10);

    /** So long it is kept for what was presigned on a day that has ended. */
    static final Duration OF_OTHER_DAY = Duration.ofMinutes(10);

    private final Function<Wanted, CompletableFuture<SigningKey>> source;
    private final InstantSource clock;
    private final Map<Wanted, Held> held = new ConcurrentHashMap<>();

    private record Held(CompletableFuture<SigningKey> key, Instant until) {
        Held {
            // Threads that wait for it may not end it for others.
            key = key.copy();
        }
    }

    /** None yet. */
    public SigningKeyCache(
            Function<Wanted, CompletableFuture<SigningKey>> source, InstantSource clock) {
        this.source = source;
        this.clock = clock;
    }

    /** Fails if nobody gives it, or there are too many. */
    public CompletableFuture<SigningKey> of(Wanted wanted) {
        Instant now = clock.instant();
        Held before = held.get(wanted);
        if (before != null && now.isBefore(before.until())) {
            return before.key();
        }
        return ask(wanted, now);
    }

    private synchronized CompletableFuture<SigningKey> ask(Wanted wanted, Instant now) {
        Held before = held.get(wanted);
        if (before != null && now.isBefore(before.until())) {
            return before.key();
        }
        held.values().removeIf(each -> !now.isBefore(each.until()));
        if (held.size() >= MOST || count(wanted.key()) >= MOST_OF_ONE) {
            return CompletableFuture.failedFuture(
                    new ReplicationException(
                            Code.PEER_REFUSED,
                            "too many scopes are signed for by " + wanted.key()));
        }
        CompletableFuture<SigningKey> asked = source.apply(wanted);
        Held next = new Held(asked, until(wanted, now));
        held.put(wanted, next);
        CompletableFuture<Void> unused =
                asked.handle(
                        (key, failure) -> {
                            if (failure != null) {
                                Instant again = clock.instant().plus(PAUSE);
                                held.replace(wanted, next, new Held(asked, again));
                            }
                            return null;
                        });
        return next.key();
    }

    private static Instant until(Wanted wanted, Instant now) {
        Instant withDay =
                wanted.scope()
                        .day()
                        .plusDays(1)
                        .atStartOfDay(ZoneOffset.UTC)
                        .toInstant()
                        .plus(AFTER_DAY);
        return now.isBefore(withDay) ? withDay : now.plus(OF_OTHER_DAY);
    }

    private long count(KeyId key) {
        return held.keySet().stream().filter(each -> each.key().equals(key)).count();
    }
}
