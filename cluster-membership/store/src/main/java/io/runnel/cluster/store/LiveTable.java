package io.runnel.cluster.store;

import io.runnel.exec.task.RegionId;
import io.runnel.routing.catalog.LiveSum;

import java.util.Optional;

/** The sum over what stands of the own log, beside it. Each method is one step of a transaction. */
final class LiveTable {
    private final Database database;
    private final RegionId own;

    LiveTable(Database database, RegionId own) {
        this.database = database;
        this.own = own;
    }

    /** The sum; empty if there is none, or none that can be read. Whoever uses it checks it. */
    Optional<LiveSum> read() {
        return database.first(
                        row -> row.getString(1),
                        "SELECT sum FROM feed_live WHERE origin = ?",
                        own.value())
                .flatMap(LiveTable::parse);
    }

    private static Optional<LiveSum> parse(String text) {
        try {
            return Optional.of(LiveSum.parse(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    void keep(LiveSum sum) {
        database.update(
                "INSERT INTO feed_live (origin, sum) VALUES (?, ?) ON CONFLICT (origin) DO UPDATE"
                        + " SET sum = excluded.sum",
                own.value(),
                sum.format());
    }
}
