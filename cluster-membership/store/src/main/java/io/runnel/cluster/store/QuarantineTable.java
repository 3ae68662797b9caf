package io.runnel.cluster.store;

import io.runnel.exec.task.NodeName;
import io.runnel.routing.usage.UsageBatch;
import io.runnel.routing.usage.UsageRecord;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Batches that were put aside, in their table. Each method is one step of its caller's transaction.
 */
final class QuarantineTable {
    private record Kept(UsageBatch.Spool spool, long to, long entries) {}

    private final Database database;
    private final UsageRetention retention;

    QuarantineTable(Database database, UsageRetention retention) {
        this.database = database;
        this.retention = retention;
    }

    void keep(UsageBatch batch, String reason, Instant now) {
        makeRoom(batch.entries().size());
        database.update(
                "INSERT INTO usage_quarantine (node, boot, to_place, from_place, at_ms, entries,"
                        + " reason, records) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                batch.spool().node().value(),
                batch.spool().boot(),
                batch.to(),
                batch.from(),
                now.toEpochMilli(),
                (long) batch.entries().size(),
                // Not every engine keeps this character.
                reason.replace('\0', '\uFFFD'),
                batch.entries().stream()
                        .map(entry -> line(entry) + "\n")
                        .collect(Collectors.joining()));
    }

    /** An entry as a line: its values from the place on, with tabs between them. */
    private static String line(UsageBatch.Entry entry) {
        return String.join("\t", Arrays.stream(values(entry)).map(String::valueOf).toList());
    }

    private static Object[] values(UsageBatch.Entry entry) {
        UsageRecord record = entry.record();
        return new Object[] {
            entry.place(),
            record.id().value(),
            record.endedMillis(),
            record.payer().value(),
            record.key().orElse(""),
            record.owner().value(),
            record.task().name().value(),
            (long) record.version(),
            record.home().value(),
            record.start().label(),
            (long) record.outcome().number(),
            record.startNanos(),
            record.runNanos(),
            record.cpuNanos(),
            record.memoryBytes(),
            record.bytesIn(),
            record.bytesOut()
        };
    }

    /** The oldest go until one more has its place. */
    private void makeRoom(long entries) {
        long batches = 1;
        long all = entries;
        for (Kept kept : newestFirst()) {
            batches++;
            all += kept.entries();
            if (batches > retention.mostBatches() || all > retention.mostEntries()) {
                database.update(
                        "DELETE FROM usage_quarantine WHERE node = ? AND boot = ? AND to_place = ?",
                        kept.spool().node().value(),
                        kept.spool().boot(),
                        kept.to());
            }
        }
    }

    private List<Kept> newestFirst() {
        return database.list(
                row -> new Kept(spool(row), row.getLong(3), row.getLong(4)),
                "SELECT node, boot, to_place, entries FROM usage_quarantine"
                        + " ORDER BY at_ms DESC, node DESC, boot DESC, to_place DESC");
    }

    private static UsageBatch.Spool spool(ResultSet row) throws SQLException {
        return new UsageBatch.Spool(new NodeName(row.getString(1)), row.getString(2));
    }

    List<QuarantinedBatch> last(int limit) {
        return database.list(
                row ->
                        new QuarantinedBatch(
                                Instant.ofEpochMilli(row.getLong(5)),
                                spool(row),
                                row.getLong(4),
                                row.getLong(3),
                                row.getInt(6),
                                row.getString(7)),
                "SELECT node, boot, to_place, from_place, at_ms, entries, reason FROM"
                        + " usage_quarantine ORDER BY at_ms DESC, node DESC, boot DESC, to_place"
                        + " DESC LIMIT ?",
                limit);
    }
}
