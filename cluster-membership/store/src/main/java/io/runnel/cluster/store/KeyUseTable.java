package io.runnel.cluster.store;

import io.runnel.routing.usage.UsageBatch;

import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * When keys were used last, in their table. Each method is one step of its caller's transaction.
 */
final class KeyUseTable {
    private static final String USED =
            "INSERT INTO key_use (key_id, used_ms) VALUES (?, ?) ON CONFLICT (key_id) DO UPDATE SET"
                    + " used_ms = excluded.used_ms WHERE excluded.used_ms > key_use.used_ms";

    private final Database database;
    private final UsageRetention retention;

    KeyUseTable(Database database, UsageRetention retention) {
        this.database = database;
        this.retention = retention;
    }

    /** By the calls of a batch; none was later than now, whatever a node's clock says. */
    void add(List<UsageBatch.Entry> entries, Instant now) {
        Map<String, Long> last = new TreeMap<>();
        for (UsageBatch.Entry entry : entries) {
            long ended = Math.min(entry.record().endedMillis(), now.toEpochMilli());
            entry.record().key().ifPresent(key -> last.merge(key, ended, Math::max));
        }
        database.updateAll(
                USED,
                last.entrySet().stream()
                        .map(one -> new Object[] {one.getKey(), one.getValue()})
                        .toList());
    }

    void used(String key, Instant at) {
        database.update(USED, key, at.toEpochMilli());
    }

    Map<String, Instant> find(Collection<String> keys) {
        Map<String, Instant> found = new HashMap<>();
        for (String key : keys) {
            Optional<Instant> used =
                    database.first(
                            row -> Instant.ofEpochMilli(row.getLong(1)),
                            "SELECT used_ms FROM key_use WHERE key_id = ?",
                            key);
            used.ifPresent(at -> found.put(key, at));
        }
        return found;
    }

    void forgetOld(Instant now) {
        database.update(
                "DELETE FROM key_use WHERE used_ms < ?",
                now.minus(retention.totalAge()).toEpochMilli());
    }
}
