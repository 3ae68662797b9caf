package io.runnel.cluster.store;

import static io.runnel.cluster.store.StoreFixture.await;
import static io.runnel.cluster.store.UsageFixture.TODAY;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.TaskRef;
import io.runnel.routing.usage.UsageBatch.Entry;
import io.runnel.routing.usage.UsageOutcome;
import io.runnel.routing.usage.UsageQuery;
import io.runnel.routing.usage.UsageQuery.Side;
import io.runnel.routing.usage.UsageRecord;
import io.runnel.routing.usage.UsageTotal;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** What a ledger says, beside the simplest sum over what it should have taken. */
final class CountedUsage {
    static final Comparator<UsageRecord> ORDER =
            Comparator.comparing(UsageRecord::endedMillis).thenComparing(r -> r.id().value());

    private CountedUsage() {}

    /** That exactly these were counted, and can be read one by one. */
    static void requireCounted(UsageLedger ledger, List<Entry> entries) {
        requireTotals(ledger, entries);
        List<UsageRecord> found = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            found.addAll(records(ledger, "payer-" + i));
        }
        assertEquals(sorted(entries), found.stream().sorted(ORDER).toList());
    }

    /** That exactly these were counted. */
    static void requireTotals(UsageLedger ledger, List<Entry> entries) {
        for (Side side : Side.values()) {
            for (int i = 0; i < 4; i++) {
                String name = side == Side.PAYER ? "payer-" : "owner-";
                UsageQuery query =
                        new UsageQuery(new AccountId(name + i), side, TODAY.minusDays(9), TODAY);
                List<UsageTotal> expected = naive(query, entries);
                assertEquals(expected, await(ledger.totals(query, 4096)));
                if (side == Side.PAYER) {
                    assertEquals(
                            expected.stream().mapToLong(UsageTotal::memoryKibMillis).sum(),
                            await(
                                    ledger.memoryKibMillis(
                                            query.account(), query.from(), query.to())));
                }
            }
        }
    }

    static List<UsageRecord> records(UsageLedger ledger, String payer) {
        return await(ledger.records(new AccountId(payer), 0, Long.MAX_VALUE, 4096));
    }

    static List<UsageRecord> sorted(List<Entry> entries) {
        return entries.stream().map(Entry::record).sorted(ORDER).toList();
    }

    /** The answer to a query, by a pass over all records for each total. */
    static List<UsageTotal> naive(UsageQuery query, List<Entry> entries) {
        return entries.stream()
                .map(Entry::record)
                .filter(record -> isOf(query, record))
                .map(
                        record ->
                                new Row(
                                        dayOf(record),
                                        record.task(),
                                        record.version(),
                                        record.payer()))
                .distinct()
                .sorted()
                .map(row -> row.total(entries))
                .toList();
    }

    private static boolean isOf(UsageQuery query, UsageRecord record) {
        AccountId account =
                switch (query.side()) {
                    case PAYER -> record.payer();
                    case OWNER -> record.owner();
                };
        return account.equals(query.account())
                && !dayOf(record).isBefore(query.from())
                && !dayOf(record).isAfter(query.to());
    }

    private static LocalDate dayOf(UsageRecord record) {
        return Instant.ofEpochMilli(record.endedMillis()).atOffset(ZoneOffset.UTC).toLocalDate();
    }

    private record Row(LocalDate day, TaskRef task, int version, AccountId payer)
            implements Comparable<Row> {
        @Override
        public int compareTo(Row other) {
            return Comparator.comparing(Row::day)
                    .thenComparing(Row::task)
                    .thenComparing(Row::version)
                    .thenComparing(Row::payer)
                    .compare(this, other);
        }

        UsageTotal total(List<Entry> entries) {
            List<UsageRecord> of =
                    entries.stream()
                            .map(Entry::record)
                            .filter(r -> dayOf(r).equals(day) && r.payer().equals(payer))
                            .filter(r -> r.task().equals(task) && r.version() == version)
                            .toList();
            return new UsageTotal(
                    day,
                    payer,
                    task,
                    version,
                    of.size(),
                    of.stream().filter(r -> r.outcome() != UsageOutcome.COMPLETED).count(),
                    of.stream().mapToLong(UsageRecord::chargedMillis).sum(),
                    of.stream().mapToLong(UsageRecord::memoryKibMillis).sum(),
                    of.stream().mapToLong(UsageRecord::cpuNanos).sum(),
                    of.stream().mapToLong(UsageRecord::bytesIn).sum(),
                    of.stream().mapToLong(UsageRecord::bytesOut).sum());
        }
    }
}
