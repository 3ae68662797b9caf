package io.runnel.cluster.store;

import io.runnel.cluster.store.StoreException.Code;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Leases and epochs in their table. Each method is one step of its caller's transaction. */
final class LeaseTable {
    private static final String WRITERS = "writers";
    private static final String BETWEEN = ",";

    private final Database database;

    LeaseTable(Database database) {
        this.database = database;
    }

    Optional<Lease> find(String name) {
        return database.first(
                row ->
                        new Lease(
                                name,
                                row.getString(1),
                                row.getLong(2),
                                Instant.ofEpochMilli(row.getLong(3))),
                "SELECT holder, epoch, until_ms FROM lease WHERE name = ?",
                name);
    }

    private void keep(Lease lease) {
        database.update(
                "INSERT INTO lease (name, holder, epoch, until_ms) VALUES (?, ?, ?, ?)"
                        + " ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, epoch ="
                        + " excluded.epoch, until_ms = excluded.until_ms",
                lease.name(),
                lease.holder(),
                lease.epoch(),
                lease.until().toEpochMilli());
    }

    Lease take(String name, String holder, Instant until, Optional<Lease> seen) {
        Optional<Lease> before = find(name);
        if (before.isPresent() && !before.equals(seen)) {
            return before.get();
        }
        boolean mine = before.filter(lease -> lease.holder().equals(holder)).isPresent();
        long epoch = before.map(Lease::epoch).orElse(0L) + (mine ? 0 : 1);
        long least = before.map(lease -> lease.until().toEpochMilli() + 1).orElse(0L);
        long millis = Math.max(least, until.toEpochMilli());
        Lease taken = new Lease(name, holder, epoch, Instant.ofEpochMilli(millis));
        keep(taken);
        return taken;
    }

    Writers writers() {
        return find(WRITERS)
                .map(row -> new Writers(row.epoch(), Set.of(row.holder().split(BETWEEN))))
                .orElse(Writers.ANY);
    }

    Writers admit(long epoch, Set<String> nodes) {
        long now = writers().epoch();
        if (now != epoch) {
            throw new StoreException(
                    Code.CONFLICT, "writers are at epoch %d, expected at %d".formatted(now, epoch));
        }
        String names = String.join(BETWEEN, new TreeSet<>(nodes));
        keep(new Lease(WRITERS, names, epoch + 1, Instant.ofEpochMilli(Long.MAX_VALUE)));
        return new Writers(epoch + 1, nodes);
    }

    /** Lets nobody write who was shut out, whatever it knows of that. */
    void require(String node) {
        Writers writers = writers();
        if (!writers.admits(node)) {
            throw new StoreException(
                    Code.FENCED,
                    "%s is not among the writers of epoch %d".formatted(node, writers.epoch()));
        }
    }
}
