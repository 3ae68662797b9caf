package io.runnel.cluster.store;

import io.runnel.exec.durable.EventStore.Tick;

import java.time.Instant;

/**
 * The last tick of each schedule of which an event was kept, in its table. Each method is one step
 * of its caller's transaction.
 */
final class TickTable {
    private final Database database;

    TickTable(Database database) {
        this.database = database;
    }

    /** Whether an event of this tick, or of a later one of its schedule, was kept. */
    boolean isKnown(Tick tick) {
        return database.first(
                        row -> row.getLong(1),
                        "SELECT tick_ms FROM schedule_tick WHERE account = ? AND name = ? AND"
                                + " tick_ms >= ?",
                        tick.account().value(),
                        tick.schedule().value(),
                        tick.at().toEpochMilli())
                .isPresent();
    }

    void put(Tick tick) {
        database.update(
                "INSERT INTO schedule_tick (account, name, tick_ms) VALUES (?, ?, ?) ON CONFLICT"
                        + " (account, name) DO UPDATE SET tick_ms = excluded.tick_ms",
                tick.account().value(),
                tick.schedule().value(),
                tick.at().toEpochMilli());
    }

    void forget(Instant before) {
        database.update("DELETE FROM schedule_tick WHERE tick_ms < ?", before.toEpochMilli());
    }
}
