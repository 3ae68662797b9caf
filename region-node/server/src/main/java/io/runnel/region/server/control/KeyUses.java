package io.runnel.region.server.control;

import io.runnel.cluster.store.UsageLedger;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Notes when keys are used for this API, once a minute each; of calls the ledger knows by itself.
 * Safe for any thread; never blocks.
 */
final class KeyUses {
    private static final Logger LOG = System.getLogger(KeyUses.class.getName());
    private static final long EVERY_MILLIS = 60_000;

    /** Beyond that all are noted anew. */
    private static final int MOST_REMEMBERED = 100_000;

    private final UsageLedger ledger;
    private final InstantSource clock;
    private final Map<String, Long> notedMillis = new ConcurrentHashMap<>();

    KeyUses(UsageLedger ledger, InstantSource clock) {
        this.ledger = ledger;
        this.clock = clock;
    }

    /** A request was proved by a key of an account that is at home here. */
    void used(String key) {
        long now = clock.millis();
        Long before = notedMillis.get(key);
        if (before != null && now - before < EVERY_MILLIS) {
            return;
        }
        if (notedMillis.size() >= MOST_REMEMBERED) {
            notedMillis.clear();
        }
        notedMillis.put(key, now);
        CompletableFuture<Void> unused =
                ledger.used(key, Instant.ofEpochMilli(now))
                        .exceptionally(
                                failure -> {
                                    notedMillis.remove(key);
                                    LOG.log(Level.DEBUG, "a key's use is not noted", failure);
                                    return null;
                                });
    }
}
