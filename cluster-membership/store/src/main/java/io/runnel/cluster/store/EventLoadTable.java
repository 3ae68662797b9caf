package io.runnel.cluster.store;

import io.runnel.exec.durable.EventStore;
import io.runnel.exec.durable.KeptEvent;

/**
 * How many events of each payer wait, in their table. Each method is one step of its caller's
 * transaction.
 */
final class EventLoadTable {
    private final Database database;

    EventLoadTable(Database database) {
        this.database = database;
    }

    /** Whether another event is within so many times the bounds. */
    boolean hasRoom(KeptEvent event, int times) {
        Load load =
                database.first(
                                row -> new Load(row.getLong(1), row.getLong(2)),
                                "SELECT events, bytes FROM kept_event_load WHERE payer = ?",
                                event.payer().value())
                        .orElse(new Load(0, 0));
        return load.events() < (long) times * EventStore.MOST_EVENTS
                && load.bytes() + event.payload().length <= times * EventStore.MOST_BYTES.bytes();
    }

    private record Load(long events, long bytes) {}

    void add(KeptEvent event) {
        database.update(
                "INSERT INTO kept_event_load (payer, events, bytes) VALUES (?, 1, ?) ON CONFLICT"
                        + " (payer) DO UPDATE SET events = kept_event_load.events + 1, bytes ="
                        + " kept_event_load.bytes + excluded.bytes",
                event.payer().value(),
                (long) event.payload().length);
    }

    void remove(KeptEvent event) {
        String payer = event.payer().value();
        database.update(
                "UPDATE kept_event_load SET events = events - 1, bytes = bytes - ? WHERE payer = ?",
                (long) event.payload().length,
                payer);
        database.update("DELETE FROM kept_event_load WHERE payer = ? AND events <= 0", payer);
    }

    long sum() {
        return database.first(
                        row -> row.getLong(1),
                        "SELECT CAST(coalesce(sum(events), 0) AS BIGINT) FROM kept_event_load")
                .orElseThrow();
    }
}
