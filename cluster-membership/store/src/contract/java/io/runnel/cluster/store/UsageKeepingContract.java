package io.runnel.cluster.store;

import static io.runnel.cluster.store.CountedUsage.requireCounted;
import static io.runnel.cluster.store.StoreFixture.START;
import static io.runnel.cluster.store.StoreFixture.WEST;
import static io.runnel.cluster.store.StoreFixture.await;
import static io.runnel.cluster.store.UsageFixture.SPOOL;
import static io.runnel.cluster.store.UsageFixture.cut;
import static io.runnel.cluster.store.UsageFixture.entries;
import static io.runnel.cluster.store.UsageFixture.random;
import static io.runnel.cluster.store.UsageFixture.spool;
import static io.runnel.cluster.store.UsageFixture.whole;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.exec.task.RegionId;
import io.runnel.routing.usage.UsageBatch;
import io.runnel.routing.usage.UsageBatch.Entry;
import io.runnel.routing.usage.UsageQuery.Side;
import io.runnel.routing.usage.UsageRecord;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** How every engine keeps what was said of usage; the engine's test implements this. */
interface UsageKeepingContract {
    /** Opens the store that is kept in this folder; makes it if there is none. */
    RegionStore open(Path folder, RegionId origin, InstantSource clock);

    /** The tables of the store that is kept in this folder. */
    Database database(Path folder);

    /** Makes the tables that a store of an older version has. */
    void makeTables(Path folder, int schema);

    /** How the engine would go about this statement, were the tables large. */
    List<String> plan(Database database, String statement);

    private RegionStore open(Path folder) {
        return open(folder, WEST, new ManualClock(START));
    }

    @Test
    default void whatWasTakenIsThereAfterAStart(@TempDir Path folder) {
        List<Entry> entries = entries(200, random(), START);
        Optional<SpoolMark> mark;
        try (RegionStore store = open(folder)) {
            await(store.usage().take(cut(SPOOL, entries, 0, 1500), START));
            await(store.usage().quarantine(whole(spool("pop-fra", 1), entries), "why", START));
            mark = await(store.usage().spool(SPOOL));
        }
        try (RegionStore store = open(folder)) {
            assertEquals(mark, await(store.usage().spool(SPOOL)));
            assertEquals(1, await(store.usage().quarantined(10)).size());
            assertEquals(2000, await(store.usage().take(whole(SPOOL, entries), START)));
            requireCounted(store.usage(), entries);
        }
    }

    @Test
    default void whatIsPutAsideIsCountedNowhereAndTheNodeGoesOn(@TempDir Path folder) {
        List<Entry> entries = entries(30, random(), START);
        try (RegionStore store = open(folder)) {
            UsageLedger ledger = store.usage();
            UsageBatch lie = cut(SPOOL, entries, 0, 100);
            await(ledger.quarantine(lie, "more time than there was", START));
            // Its answer was lost.
            await(ledger.quarantine(lie, "more time than there was", START.plusMillis(1)));
            assertEquals(300, await(ledger.take(whole(SPOOL, entries), START)));
            requireCounted(ledger, entries.subList(10, 30));
            await(ledger.quarantine(cut(SPOOL, entries, 290, 310), "\0", START.plusMillis(2)));
            assertEquals(
                    List.of(
                            new QuarantinedBatch(START.plusMillis(2), SPOOL, 290, 310, 1, "\uFFFD"),
                            new QuarantinedBatch(
                                    START, SPOOL, 0, 100, 10, "more time than there was")),
                    await(ledger.quarantined(10)));
            assertEquals(1, await(ledger.quarantined(1)).size());
            assertEquals(310, await(ledger.spool(SPOOL)).orElseThrow().mark());
            String tooLong = "x".repeat(UsageLedger.MOST_REASON + 1);
            assertThrows(
                    IllegalArgumentException.class, () -> ledger.quarantine(lie, tooLong, START));
        }
        try (Database database = database(folder)) {
            String kept =
                    database.first(
                                    row -> row.getString(1),
                                    "SELECT records FROM usage_quarantine WHERE to_place = 100")
                            .orElseThrow();
            assertEquals(10, kept.lines().count());
            UsageRecord second = entries.get(1).record();
            assertEquals(
                    List.of("10", second.id().value(), Long.toString(second.endedMillis())),
                    List.of(kept.lines().toList().get(1).split("\t")).subList(0, 3));
        }
    }

    @Test
    default void aStoreOfTheSchemaBeforeIsBroughtHere(@TempDir Path folder) {
        makeTables(folder, 4);
        try (Database database = database(folder)) {
            database.update("INSERT INTO audit_log (seq, entry) VALUES (1, 'before')");
        }
        List<Entry> entries = entries(20, random(), START);
        try (RegionStore store = open(folder)) {
            assertEquals(List.of("before"), await(store.readAudit(0, 10)));
            await(store.usage().take(whole(SPOOL, entries), START));
            requireCounted(store.usage(), entries);
        }
    }

    /** Does this with a ledger that keeps less than others do. */
    private void withLedger(Path folder, UsageRetention retention, Consumer<UsageLedger> work) {
        open(folder).close();
        Database database = database(folder);
        StoreThread thread = new StoreThread("ledger", database::close);
        try {
            work.accept(new TableLedger(thread, database, retention));
        } finally {
            thread.close();
        }
    }

    private static UsageRetention keeping(long records, int step, int batches, long entries) {
        return new UsageRetention(
                Duration.ofDays(31), records, step, Duration.ofDays(400), batches, entries);
    }

    private static List<UsageRecord> records(UsageLedger ledger) {
        return IntStream.range(0, 4)
                .mapToObj(i -> CountedUsage.records(ledger, "payer-" + i))
                .flatMap(List::stream)
                .toList();
    }

    /** By time: no more than a step at once, and the totals stay. */
    @Test
    default void oldRecordsGoStepByStepAndTotalsStay(@TempDir Path folder) {
        List<Entry> entries = entries(50, random(), START);
        withLedger(
                folder,
                keeping(1_000_000, 1, 1000, 100_000),
                ledger -> {
                    await(ledger.take(whole(SPOOL, entries), START));
                    long payers = entries.stream().map(e -> e.record().payer()).distinct().count();
                    Instant later = START.plus(Duration.ofDays(31));
                    int before = entries.size();
                    for (long left = payers - 1; left >= 0; left--) {
                        long mark = await(ledger.spool(SPOOL)).orElseThrow().mark();
                        UsageBatch next = new UsageBatch(SPOOL, mark, mark + 1, List.of());
                        await(ledger.take(next, later));
                        int now = records(ledger).size();
                        assertTrue(now < before && (now > 0 || left == 0), now + " of " + before);
                        before = now;
                    }
                    CountedUsage.requireTotals(ledger, entries);
                });
    }

    @Test
    default void recordsOfTheLastMonthStay(@TempDir Path folder) {
        List<Entry> entries = entries(50, random(), START);
        try (RegionStore store = open(folder)) {
            await(store.usage().take(whole(SPOOL, entries), START));
            Instant later = START.plus(Duration.ofDays(28));
            await(store.usage().take(new UsageBatch(SPOOL, 500, 501, List.of()), later));
            requireCounted(store.usage(), entries);
        }
    }

    @Test
    default void theOldestRecordsGoWhenThereAreTooMany(@TempDir Path folder) {
        AtomicInteger size = new AtomicInteger();
        List<Entry> entries = entries(120, random(), START);
        withLedger(
                folder,
                keeping(70, 100, 1000, 100_000),
                ledger -> {
                    await(ledger.take(cut(SPOOL, entries, 0, 600), START));
                    await(ledger.take(cut(SPOOL, entries, 600, 1200), START));
                    List<UsageRecord> kept = records(ledger);
                    assertTrue(kept.size() <= 70, kept.size() + " are kept");
                    assertTrue(
                            kept.containsAll(CountedUsage.sorted(entries.subList(60, 120))),
                            "the last ones");
                    size.set(kept.size());
                    CountedUsage.requireTotals(ledger, entries);
                });
        try (Database database = database(folder)) {
            assertEquals(
                    Optional.of((long) size.get()),
                    database.first(row -> row.getLong(1), "SELECT records FROM usage_size"));
        }
    }

    @Test
    default void totalsAndMarksGoAfterFourHundredDays(@TempDir Path folder) {
        List<Entry> entries = entries(50, random(), START);
        UsageBatch.Spool other = spool("pop-fra", 1);
        try (RegionStore store = open(folder)) {
            UsageLedger ledger = store.usage();
            await(ledger.take(whole(SPOOL, entries), START));
            Instant kept = START.plus(Duration.ofDays(397));
            await(ledger.take(new UsageBatch(other, 0, 1, List.of()), kept));
            CountedUsage.requireTotals(ledger, entries);
            assertTrue(await(ledger.spool(SPOOL)).isPresent());
            Instant late = START.plus(Duration.ofDays(401));
            await(ledger.take(new UsageBatch(other, 1, 2, List.of()), late));
            CountedUsage.requireTotals(ledger, List.of());
            assertEquals(Optional.empty(), await(ledger.spool(SPOOL)));
        }
    }

    @Test
    default void theLastBatchesThatWerePutAsideStay(@TempDir Path folder) {
        List<Entry> entries = entries(20, random(), START);
        withLedger(
                folder,
                keeping(1000, 100, 3, 12),
                ledger -> {
                    for (int i = 0; i < 5; i++) {
                        UsageBatch batch = new UsageBatch(SPOOL, i, i + 1, List.of());
                        await(ledger.quarantine(batch, "why", START.plusMillis(i)));
                    }
                    assertEquals(List.of(5L, 4L, 3L), aside(ledger));
                    // 10 entries, then 3: together too many.
                    UsageBatch ten = cut(spool("pop-fra", 1), entries, 0, 100);
                    await(ledger.quarantine(ten, "why", START.plusMillis(5)));
                    assertEquals(List.of(100L, 5L, 4L), aside(ledger));
                    UsageBatch three = cut(spool("pop-fra", 1), entries, 100, 130);
                    await(ledger.quarantine(three, "why", START.plusMillis(6)));
                    assertEquals(List.of(130L), aside(ledger));
                });
    }

    private static List<Long> aside(UsageLedger ledger) {
        return await(ledger.quarantined(10)).stream().map(QuarantinedBatch::to).toList();
    }

    /**
     * Nothing that grows is read as a whole, and totals lie in the order in which they are told.
     */
    @Test
    default void queriesGoByAnIndex(@TempDir Path folder) {
        open(folder).close();
        try (Database database = database(folder)) {
            for (Side side : Side.values()) {
                requireIndex(database, UsageTotals.select(side), "SCAN|Seq Scan|TEMP B-TREE|Sort");
            }
            for (String sql : List.of(UsageChunks.PAGE, UsageChunks.OLDEST, UsageTotals.FORGET)) {
                requireIndex(database, sql, "SCAN usage|Seq Scan");
            }
        }
    }

    private void requireIndex(Database database, String sql, String bad) {
        String plan = String.join("; ", plan(database, sql.replace("?", "'0'")));
        assertTrue(plan.contains("usage_"), plan);
        assertTrue(List.of(bad.split("\\|")).stream().noneMatch(plan::contains), plan);
    }
}
