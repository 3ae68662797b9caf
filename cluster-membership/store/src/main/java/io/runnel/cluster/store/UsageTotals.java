package io.runnel.cluster.store;

import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.TaskRef;
import io.runnel.routing.usage.UsageBatch;
import io.runnel.routing.usage.UsageQuery;
import io.runnel.routing.usage.UsageRecord;
import io.runnel.routing.usage.UsageTotal;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Totals in their table. Each method is one step of its caller's transaction. */
final class UsageTotals {
    private static final long DAY_MILLIS = 86_400_000;
    private static final String COLUMNS = String.join(", ", StoreTable.USAGE_TOTAL.columns());
    private static final String ADD =
            "INSERT INTO usage_total ("
                    + COLUMNS
                    + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
                    + " ON CONFLICT (payer, day, owner, task, version) DO UPDATE SET"
                    + " calls = usage_total.calls + excluded.calls,"
                    + " failed = usage_total.failed + excluded.failed,"
                    + " charged_ms = usage_total.charged_ms + excluded.charged_ms,"
                    + " memory_kib_ms = usage_total.memory_kib_ms + excluded.memory_kib_ms,"
                    + " cpu_nanos = usage_total.cpu_nanos + excluded.cpu_nanos,"
                    + " bytes_in = usage_total.bytes_in + excluded.bytes_in,"
                    + " bytes_out = usage_total.bytes_out + excluded.bytes_out";

    static final String FORGET =
            "DELETE FROM usage_total WHERE (payer, day, owner, task, version) IN (SELECT payer,"
                    + " day, owner, task, version FROM usage_total WHERE day < ? ORDER BY day"
                    + " LIMIT ?)";

    private record Key(AccountId payer, long day, TaskRef task, int version) {
        static final Comparator<Key> ORDER =
                Comparator.comparing(Key::payer)
                        .thenComparing(Key::day)
                        .thenComparing(Key::task)
                        .thenComparing(Key::version);

        static Key of(UsageRecord record) {
            return new Key(
                    record.payer(),
                    Math.floorDiv(record.endedMillis(), DAY_MILLIS),
                    record.task(),
                    record.version());
        }
    }

    /** Sums of records of one key. */
    private static final class Sums {
        private long calls;
        private long failed;
        private long chargedMillis;
        private long memoryKibMillis;
        private long cpuNanos;
        private long bytesIn;
        private long bytesOut;

        void add(UsageRecord record) {
            calls++;
            failed += record.outcome().isSuccess() ? 0 : 1;
            chargedMillis = Math.addExact(chargedMillis, record.chargedMillis());
            memoryKibMillis = Math.addExact(memoryKibMillis, record.memoryKibMillis());
            cpuNanos = Math.addExact(cpuNanos, record.cpuNanos());
            bytesIn = Math.addExact(bytesIn, record.bytesIn());
            bytesOut = Math.addExact(bytesOut, record.bytesOut());
        }

        Object[] values(Key key) {
            return new Object[] {
                key.payer().value(),
                key.day(),
                key.task().account().value(),
                key.task().name().value(),
                (long) key.version(),
                calls,
                failed,
                chargedMillis,
                memoryKibMillis,
                cpuNanos,
                bytesIn,
                bytesOut
            };
        }
    }

    private final Database database;
    private final UsageRetention retention;

    UsageTotals(Database database, UsageRetention retention) {
        this.database = database;
        this.retention = retention;
    }

    void add(List<UsageBatch.Entry> entries) {
        Map<Key, Sums> sums = new HashMap<>();
        for (UsageBatch.Entry entry : entries) {
            sums.computeIfAbsent(Key.of(entry.record()), key -> new Sums()).add(entry.record());
        }
        database.updateAll(
                ADD,
                sums.entrySet().stream()
                        .sorted(Map.Entry.comparingByKey(Key.ORDER))
                        .map(entry -> entry.getValue().values(entry.getKey()))
                        .toList());
    }

    static String select(UsageQuery.Side side) {
        String of =
                switch (side) {
                    case PAYER -> "payer = ? AND day BETWEEN ? AND ? ORDER BY day, owner, task,";
                    case OWNER -> "owner = ? AND day BETWEEN ? AND ? ORDER BY day, task,";
                };
        return "SELECT " + COLUMNS + " FROM usage_total WHERE " + of + " version, payer LIMIT ?";
    }

    List<UsageTotal> find(UsageQuery query, int limit) {
        return database.list(
                UsageTotals::total,
                select(query.side()),
                query.account().value(),
                query.from().toEpochDay(),
                query.to().toEpochDay(),
                limit);
    }

    /** What a payer is charged for memory in these days. */
    long memoryKibMillis(AccountId payer, LocalDate from, LocalDate to) {
        return database.first(
                        row -> row.getLong(1),
                        "SELECT SUM(memory_kib_ms) FROM usage_total WHERE payer = ?"
                                + " AND day BETWEEN ? AND ?",
                        payer.value(),
                        from.toEpochDay(),
                        to.toEpochDay())
                .orElse(0L);
    }

    private static UsageTotal total(ResultSet row) throws SQLException {
        return new UsageTotal(
                LocalDate.ofEpochDay(row.getLong(2)),
                new AccountId(row.getString(1)),
                TaskRef.of(row.getString(3), row.getString(4)),
                row.getInt(5),
                row.getLong(6),
                row.getLong(7),
                row.getLong(8),
                row.getLong(9),
                row.getLong(10),
                row.getLong(11),
                row.getLong(12));
    }

    /** Some of what is too old; the rest goes the next time. */
    void forgetOld(Instant now) {
        database.update(
                FORGET,
                LocalDate.ofInstant(now.minus(retention.totalAge()), ZoneOffset.UTC).toEpochDay(),
                retention.step());
    }
}
