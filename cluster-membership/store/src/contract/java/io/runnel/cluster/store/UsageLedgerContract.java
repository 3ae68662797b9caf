package io.runnel.cluster.store;

import static io.runnel.cluster.store.CountedUsage.naive;
import static io.runnel.cluster.store.CountedUsage.records;
import static io.runnel.cluster.store.CountedUsage.requireCounted;
import static io.runnel.cluster.store.CountedUsage.sorted;
import static io.runnel.cluster.store.StoreFixture.START;
import static io.runnel.cluster.store.StoreFixture.WEST;
import static io.runnel.cluster.store.StoreFixture.await;
import static io.runnel.cluster.store.StoreFixture.failure;
import static io.runnel.cluster.store.UsageFixture.PLACES;
import static io.runnel.cluster.store.UsageFixture.SPOOL;
import static io.runnel.cluster.store.UsageFixture.TODAY;
import static io.runnel.cluster.store.UsageFixture.cut;
import static io.runnel.cluster.store.UsageFixture.entries;
import static io.runnel.cluster.store.UsageFixture.random;
import static io.runnel.cluster.store.UsageFixture.spool;
import static io.runnel.cluster.store.UsageFixture.whole;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.RegionId;
import io.runnel.exec.task.RequestId;
import io.runnel.exec.task.StartKind;
import io.runnel.exec.task.TaskRef;
import io.runnel.routing.usage.RequestDigest;
import io.runnel.routing.usage.UsageBatch;
import io.runnel.routing.usage.UsageBatch.Entry;
import io.runnel.routing.usage.UsageOutcome;
import io.runnel.routing.usage.UsageQuery;
import io.runnel.routing.usage.UsageQuery.Side;
import io.runnel.routing.usage.UsageRecord;
import io.runnel.routing.usage.UsageTotal;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** What every engine does for the ledger of usage; the engine's test implements this. */
interface UsageLedgerContract {
    /** Opens the store that is kept in this folder; makes it if there is none. */
    RegionStore open(Path folder, RegionId origin, InstantSource clock);

    private RegionStore open(Path folder) {
        return open(folder, WEST, new ManualClock(START));
    }

    @Test
    default void aBatchThatComesAgainIsCountedOnce(@TempDir Path folder) {
        List<Entry> entries = entries(300, random(), START);
        try (RegionStore store = open(folder)) {
            UsageLedger ledger = store.usage();
            assertEquals(3000, await(ledger.take(whole(SPOOL, entries), START)));
            SpoolMark mark = await(ledger.spool(SPOOL)).orElseThrow();
            assertEquals(3000, await(ledger.take(whole(SPOOL, entries), START.plusSeconds(9))));
            requireCounted(ledger, entries);
            assertEquals(Optional.of(mark), await(ledger.spool(SPOOL)));
        }
    }

    private static Entry call(long place, char key, Instant ended) {
        UsageRecord any = UsageFixture.any(new Random(place), START);
        return new Entry(
                place,
                new UsageRecord(
                        any.id(),
                        ended.toEpochMilli(),
                        any.payer(),
                        key == '-' ? Optional.empty() : Optional.of(key(key)),
                        any.task(),
                        any.version(),
                        any.home(),
                        any.start(),
                        any.outcome(),
                        any.startNanos(),
                        any.runNanos(),
                        any.cpuNanos(),
                        any.memoryBytes(),
                        any.bytesIn(),
                        any.bytesOut(),
                        Optional.empty(),
                        RequestDigest.NONE));
    }

    private static String key(char letter) {
        return "RNL" + String.valueOf(letter).repeat(17);
    }

    @Test
    default void aKeysLastUseIsTheLatest(@TempDir Path folder) {
        Instant early = START.minusSeconds(60);
        Instant late = START.minusSeconds(30);
        List<String> keys = List.of(key('A'), key('B'), key('C'), key('D'), key('E'));
        Map<String, Instant> known =
                Map.of(key('A'), late, key('B'), START, key('D'), START.plusSeconds(7));
        try (RegionStore store = open(folder)) {
            UsageLedger ledger = store.usage();
            List<Entry> calls =
                    List.of(
                            call(0, 'A', late),
                            call(10, 'A', early),
                            call(20, '-', late),
                            // By a clock that is ahead.
                            call(30, 'B', START.plusSeconds(3600)));
            await(ledger.take(whole(SPOOL, calls), START));
            UsageBatch aside =
                    new UsageBatch(spool("pop-ams", 2), 0, 10, List.of(call(0, 'C', late)));
            await(ledger.quarantine(aside, "not believed", START));
            await(ledger.used(key('A'), early));
            await(ledger.used(key('D'), START.plusSeconds(7)));
            assertEquals(known, await(ledger.lastUses(keys)));
            await(store.deleteSecret(key('E')));
        }
        try (RegionStore store = open(folder)) {
            assertEquals(known, await(store.usage().lastUses(keys)), "as it was written");
            await(store.deleteSecret(key('D')));
            Map<String, Instant> rest = Map.of(key('A'), late, key('B'), START);
            assertEquals(rest, await(store.usage().lastUses(keys)));
            List<Entry> none = List.of(call(0, '-', START));
            Instant after = START.plus(Duration.ofDays(401));
            await(store.usage().take(new UsageBatch(spool("pop-ams", 3), 0, 10, none), after));
            assertEquals(Map.of(), await(store.usage().lastUses(keys)), "too long ago");
        }
    }

    /** Cut anywhere, sent more than once, and what is late comes after what is newer. */
    @Test
    default void stretchesCutInAnyWayAreCountedOnce(@TempDir Path folder) {
        Random random = random();
        List<Entry> entries = entries(400, random, START);
        try (RegionStore store = open(folder)) {
            UsageLedger ledger = store.usage();
            long mark = 0;
            while (mark < 4000) {
                long from = random.nextLong(mark + 1);
                long to = from + 1 + random.nextLong(4000 - from);
                mark = Math.max(mark, to);
                assertEquals(mark, await(ledger.take(cut(SPOOL, entries, from, to), START)));
            }
            assertEquals(4000, await(ledger.take(cut(SPOOL, entries, 100, 350), START)));
            requireCounted(ledger, entries);
            assertEquals(0, await(ledger.spool(SPOOL)).orElseThrow().gaps());
        }
    }

    @Test
    default void anEntryAtTheMarkIsTakenAndOneBeforeItIsNot(@TempDir Path folder) {
        List<Entry> entries = entries(5, random(), START);
        try (RegionStore store = open(folder)) {
            UsageLedger ledger = store.usage();
            await(ledger.take(cut(SPOOL, entries, 0, 2 * PLACES), START));
            await(ledger.take(cut(SPOOL, entries, PLACES, 5 * PLACES), START));
            requireCounted(ledger, entries);
        }
    }

    @Test
    default void aStretchWithNothingForTheRegionMovesTheMark(@TempDir Path folder) {
        try (RegionStore store = open(folder)) {
            UsageLedger ledger = store.usage();
            assertEquals(Optional.empty(), await(ledger.spool(SPOOL)));
            assertEquals(77, await(ledger.take(new UsageBatch(SPOOL, 0, 77, List.of()), START)));
            assertEquals(
                    Optional.of(new SpoolMark(77, 0, 0, START, START)), await(ledger.spool(SPOOL)));
            requireCounted(ledger, List.of());
        }
    }

    @Test
    default void whatIsBehindAGapIsTakenAndTheGapTold(@TempDir Path folder) {
        List<Entry> entries = entries(9, random(), START);
        List<Entry> known = new ArrayList<>(entries.subList(0, 3));
        known.addAll(entries.subList(5, 9));
        try (RegionStore store = open(folder)) {
            UsageLedger ledger = store.usage();
            await(ledger.take(cut(SPOOL, entries, 0, 30), START));
            assertEquals(90, await(ledger.take(cut(SPOOL, entries, 50, 90), START.plusMillis(5))));
            assertEquals(90, await(ledger.take(cut(SPOOL, entries, 30, 50), START)));
            requireCounted(ledger, known);
            long nanos = known.stream().mapToLong(e -> nanos(e.record())).sum();
            assertEquals(
                    Optional.of(new SpoolMark(90, nanos, 1, START, START.plusMillis(5))),
                    await(ledger.spool(SPOOL)));
        }
    }

    private static long nanos(UsageRecord record) {
        return record.startNanos() + record.runNanos();
    }

    @Test
    default void spoolsAreTakenEachForItself(@TempDir Path folder) {
        Random random = random();
        List<Entry> all = new ArrayList<>();
        try (RegionStore store = open(folder)) {
            for (UsageBatch.Spool spool :
                    List.of(SPOOL, spool("pop-ams", 2), spool("pop-fra", 1))) {
                List<Entry> entries = entries(100, random, START);
                await(store.usage().take(whole(spool, entries), START));
                all.addAll(entries);
            }
            requireCounted(store.usage(), all);
        }
    }

    @Test
    default void totalsAreOfTheirDaysAndNoMoreThanWanted(@TempDir Path folder) {
        List<Entry> entries = entries(300, random(), START);
        AccountId payer = new AccountId("payer-1");
        try (RegionStore store = open(folder)) {
            await(store.usage().take(whole(SPOOL, entries), START));
            UsageQuery one =
                    new UsageQuery(payer, Side.PAYER, TODAY.minusDays(1), TODAY.minusDays(1));
            assertEquals(naive(one, entries), await(store.usage().totals(one, 4096)));
            assertEquals(
                    naive(one, entries).stream().mapToLong(UsageTotal::memoryKibMillis).sum(),
                    await(store.usage().memoryKibMillis(payer, one.from(), one.to())));
            assertEquals(0, await(store.usage().memoryKibMillis(new AccountId("x"), TODAY, TODAY)));
            UsageQuery all = new UsageQuery(payer, Side.PAYER, TODAY.minusDays(9), TODAY);
            assertEquals(naive(all, entries).subList(0, 2), await(store.usage().totals(all, 2)));
            assertThrows(IllegalArgumentException.class, () -> store.usage().totals(all, 4097));
        }
    }

    @Test
    default void recordsAreReadPageByPage(@TempDir Path folder) {
        Random random = random();
        List<Entry> entries = new ArrayList<>(entries(200, random, START));
        // Many that ended at once.
        UsageRecord first = entries.getFirst().record();
        for (int i = 0; i < 50; i++) {
            entries.add(
                    new Entry(2000 + i, with(first, RequestId.next(random.nextLong(), random))));
        }
        List<UsageRecord> mine =
                sorted(entries).stream().filter(r -> r.payer().equals(first.payer())).toList();
        try (RegionStore store = open(folder)) {
            await(store.usage().take(cut(SPOOL, entries, 0, 3000), START));
            List<UsageRecord> found = new ArrayList<>();
            List<UsageRecord> page =
                    await(store.usage().records(first.payer(), 0, Long.MAX_VALUE, 7));
            while (!page.isEmpty()) {
                found.addAll(page);
                Optional<UsagePoint> after = Optional.of(UsagePoint.after(page.getLast()));
                page = await(store.usage().records(first.payer(), 0, Long.MAX_VALUE, after, 7));
            }
            assertEquals(mine, found);
            long from = mine.get(10).endedMillis();
            long to = mine.getLast().endedMillis();
            assertEquals(
                    mine.stream()
                            .filter(r -> r.endedMillis() >= from && r.endedMillis() < to)
                            .toList(),
                    await(store.usage().records(first.payer(), from, to, 4096)));
            assertEquals(
                    mine.stream().filter(r -> r.endedMillis() >= from).limit(5).toList(),
                    await(
                            store.usage()
                                    .records(
                                            first.payer(),
                                            from,
                                            Long.MAX_VALUE,
                                            Optional.of(UsagePoint.after(mine.getFirst())),
                                            5)));
        }
    }

    private static UsageRecord with(UsageRecord like, RequestId id) {
        return new UsageRecord(
                id,
                like.endedMillis(),
                like.payer(),
                like.key(),
                like.task(),
                like.version(),
                like.home(),
                like.start(),
                like.outcome(),
                like.startNanos(),
                like.runNanos(),
                like.cpuNanos(),
                like.memoryBytes(),
                like.bytesIn(),
                like.bytesOut(),
                Optional.empty(),
                RequestDigest.NONE);
    }

    /** The sum is refused by this program in a batch, and by the engine over all batches. */
    @Test
    default void aSumThatCannotBeTakesNothing(@TempDir Path folder) {
        UsageRecord large = large();
        List<Entry> twice = List.of(new Entry(0, large), new Entry(10, large));
        try (RegionStore store = open(folder)) {
            UsageLedger ledger = store.usage();
            ArithmeticException unused =
                    failure(ArithmeticException.class, ledger.take(whole(SPOOL, twice), START));
            await(ledger.take(cut(SPOOL, twice, 0, 10), START));
            assertEquals(
                    StoreException.Code.FAILED,
                    failure(ledger.take(cut(SPOOL, twice, 10, 20), START)));
            requireCounted(ledger, List.of());
            assertEquals(1, records(ledger, "demo").size());
            assertEquals(10, await(ledger.spool(SPOOL)).orElseThrow().mark());
        }
    }

    private static UsageRecord large() {
        return new UsageRecord(
                StoreFixture.REQUEST,
                START.toEpochMilli(),
                new AccountId("demo"),
                Optional.empty(),
                TaskRef.of("demo", "hello"),
                1,
                WEST,
                StartKind.WARM,
                UsageOutcome.COMPLETED,
                0,
                1,
                1,
                1,
                Long.MAX_VALUE,
                0,
                Optional.empty(),
                RequestDigest.NONE);
    }

    @Test
    default void aLateBatchAfterOthersIsNotLostNorCountedTwice(@TempDir Path folder) {
        Random random = random();
        List<Entry> entries = entries(100, random, START);
        List<UsageBatch> batches = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            batches.add(cut(SPOOL, entries, 0, (i + 1) * 100L));
        }
        Collections.shuffle(batches, random);
        try (RegionStore store = open(folder)) {
            for (UsageBatch batch : batches) {
                var unused = store.usage().take(batch, START);
            }
            assertEquals(1000, await(store.usage().take(batches.getFirst(), START)));
            requireCounted(store.usage(), entries);
        }
    }
}
