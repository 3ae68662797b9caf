package io.runnel.cluster.store;

import io.runnel.routing.usage.UsageBatch;

import java.time.Instant;
import java.util.Optional;

/** Marks of spools in their table. Each method is one step of its caller's transaction. */
final class SpoolTable {
    private final Database database;
    private final UsageRetention retention;

    SpoolTable(Database database, UsageRetention retention) {
        this.database = database;
        this.retention = retention;
    }

    Optional<SpoolMark> find(UsageBatch.Spool spool) {
        return database.first(
                row ->
                        new SpoolMark(
                                row.getLong(1),
                                row.getLong(2),
                                row.getLong(3),
                                Instant.ofEpochMilli(row.getLong(4)),
                                Instant.ofEpochMilli(row.getLong(5))),
                "SELECT mark, run_nanos, gaps, first_ms, last_ms FROM usage_spool WHERE node = ?"
                        + " AND boot = ?",
                spool.node().value(),
                spool.boot());
    }

    /** How far the spool is taken; 0 if nothing ever came of it. */
    long mark(UsageBatch.Spool spool) {
        return find(spool).map(SpoolMark::mark).orElse(0L);
    }

    /**
     * Moves the mark behind a batch.
     *
     * @param mark where it was
     */
    void move(UsageBatch batch, long mark, long runNanos, Instant now) {
        database.update(
                "INSERT INTO usage_spool (node, boot, mark, run_nanos, gaps, first_ms, last_ms)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (node, boot) DO UPDATE SET"
                        + " mark = excluded.mark,"
                        + " run_nanos = usage_spool.run_nanos + excluded.run_nanos,"
                        + " gaps = usage_spool.gaps + excluded.gaps,"
                        + " last_ms = excluded.last_ms",
                batch.spool().node().value(),
                batch.spool().boot(),
                batch.to(),
                runNanos,
                batch.from() > mark ? 1L : 0L,
                now.toEpochMilli(),
                now.toEpochMilli());
    }

    void forgetOld(Instant now) {
        database.update(
                "DELETE FROM usage_spool WHERE last_ms < ?",
                now.minus(retention.totalAge()).toEpochMilli());
    }
}
