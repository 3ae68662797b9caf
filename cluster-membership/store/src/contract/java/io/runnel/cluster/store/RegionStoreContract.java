package io.runnel.cluster.store;

import static io.runnel.cluster.store.StoreFixture.EAST;
import static io.runnel.cluster.store.StoreFixture.HELLO;
import static io.runnel.cluster.store.StoreFixture.WEST;
import static io.runnel.cluster.store.StoreFixture.account;
import static io.runnel.cluster.store.StoreFixture.await;
import static io.runnel.cluster.store.StoreFixture.draft;
import static io.runnel.cluster.store.StoreFixture.failure;
import static io.runnel.cluster.store.StoreFixture.line;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.cluster.store.StoreException.Code;
import io.runnel.cluster.store.StoreFixture.Peer;
import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.TaskRef;
import io.runnel.routing.catalog.Catalog;
import io.runnel.routing.catalog.CatalogException;
import io.runnel.routing.catalog.CatalogHolder;
import io.runnel.routing.catalog.FeedJson;
import io.runnel.routing.catalog.FeedPositions;
import io.runnel.routing.catalog.FeedRecord;
import io.runnel.routing.catalog.HashChain;
import io.runnel.routing.catalog.Position;
import io.runnel.routing.catalog.RecordKind;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** What every engine of {@link RegionStore} must do; the engine's test implements this. */
interface RegionStoreContract extends PreconditionContract {
    private RegionStore open(Path folder) {
        return open(folder, WEST, new ManualClock(StoreFixture.START));
    }

    @Test
    default void writesAnUnbrokenChain(@TempDir Path folder) {
        try (RegionStore store = open(folder)) {
            List<FeedRecord> first =
                    await(store.append(List.of(draft("a"), draft("b")), List.of()));
            List<FeedRecord> second = await(store.append(List.of(draft("c")), List.of()));

            Position head = Position.start(store.log());
            for (FeedRecord record : List.of(first.get(0), first.get(1), second.get(0))) {
                HashChain.requireNext(head, record);
                assertEquals(WEST, record.origin());
                assertEquals(StoreFixture.START, record.at());
                head = Position.of(record);
            }
            assertEquals(Optional.of(head), await(store.positions()).position(WEST));
        }
    }

    @Test
    default void isTheSameAfterItWasClosed(@TempDir Path folder) {
        Peer east = new Peer(EAST, "LOGE");
        east.write(account("far"));
        String log;
        FeedPositions positions;
        try (RegionStore store = open(folder)) {
            log = store.log();
            await(store.append(List.of(draft("a"), draft("b")), List.of()));
            await(store.copy(east.written));
            await(store.appendLogs(List.of(line(HELLO, "one"))));
            await(store.putSecret("K", new byte[] {1, 2}));
            positions = await(store.positions());
        }
        try (RegionStore store = open(folder)) {
            assertEquals(log, store.log());
            assertEquals(positions, await(store.positions()));
            assertEquals(east.written, await(store.read(EAST, "LOGE", 0, 10)));
            assertEquals(1, await(store.readLogs(HELLO, 0, 10)).entries().size());
            assertArrayEquals(new byte[] {1, 2}, await(store.secret("K")).orElseThrow());
            assertEquals(3, await(store.append(List.of(draft("c")), List.of())).getFirst().seq());
        }
    }

    @Test
    default void aVersionKeepsWhatItsOwnerChose(@TempDir Path folder) {
        var version = StoreFixture.version(StoreFixture.OPTIONS);
        try (RegionStore store = open(folder)) {
            await(store.append(List.of(draft("demo"), Draft.of(version)), List.of()));
        }
        try (RegionStore store = open(folder)) {
            Catalog catalog = await(store.loadCatalog());
            assertEquals(Optional.of(version), catalog.version(HELLO, 1));
        }
    }

    @Test
    default void eachStoreHasALogOfItsOwn(@TempDir Path one, @TempDir Path other) {
        try (RegionStore a = open(one);
                RegionStore b = open(other)) {
            assertNotEquals(a.log(), b.log());
        }
    }

    /** What no feed takes would be in the way of all that is written behind it. */
    @Test
    default void writesNothingThatFeedsDoNotTake(@TempDir Path folder) {
        String tooLong = "a".repeat(FeedRecord.MOST_KEY_CHARACTERS + 1);
        List<Draft> malformed =
                List.of(
                        Draft.deletion(RecordKind.ACCOUNT, ""),
                        Draft.deletion(RecordKind.ACCOUNT, "a\u0000b"),
                        Draft.deletion(RecordKind.ACCOUNT, tooLong),
                        new Draft(RecordKind.ACCOUNT, "a", "{\n}"),
                        new Draft(RecordKind.ACCOUNT, "a", "[]"));
        try (RegionStore store = open(folder)) {
            await(store.append(List.of(draft("a")), List.of()));
            FeedPositions before = await(store.positions());
            for (Draft bad : malformed) {
                List<Draft> batch = List.of(draft("b"), bad, draft("c"));
                assertEquals(Code.MALFORMED, failure(store.append(batch, List.of())));
            }
            assertEquals(before, await(store.positions()));
            assertEquals(2, await(store.append(List.of(draft("b")), List.of())).getFirst().seq());
            for (FeedRecord record : await(store.read(WEST, store.log(), 0, 10))) {
                assertEquals(record, FeedJson.read(FeedJson.write(record)));
            }
        }
    }

    @Test
    default void keepsCopiesByteForByte(@TempDir Path folder) {
        Peer east = new Peer(EAST, "LOGE");
        east.write(account("far"));
        east.write("future-kind", "odd ké\"y", "{ \"x\" : [1.0e1, \"\\u00e9\"] }");
        try (RegionStore store = open(folder)) {
            await(store.copy(east.written));
            assertEquals(east.written, await(store.read(EAST, "LOGE", 0, 10)));
            assertEquals(east.written, await(store.snapshot(EAST)));
            assertEquals(1, await(store.loadCatalog()).notUnderstood());
        }
    }

    @Test
    default void refusesCopiesThatDoNotFollowAndKeepsNoneOfThem(@TempDir Path folder) {
        Peer east = new Peer(EAST, "LOGE");
        FeedRecord first = east.write(account("a"));
        FeedRecord second = east.write(account("b"));
        FeedRecord third = east.write(account("c"));
        Peer own = new Peer(WEST, "LOGW");
        own.write(account("a"));
        try (RegionStore store = open(folder)) {
            assertEquals(CatalogException.Code.GAP, refusal(store.copy(List.of(first, third))));
            assertEquals(Optional.empty(), await(store.positions()).position(EAST));
            await(store.copy(List.of(first)));
            assertEquals(CatalogException.Code.GAP, refusal(store.copy(List.of(first))));
            assertEquals(CatalogException.Code.GAP, refusal(store.copy(List.of(third))));
            assertEquals(CatalogException.Code.MALFORMED, refusal(store.copy(own.written)));
            assertEquals(
                    CatalogException.Code.MALFORMED, refusal(store.replace(WEST, own.written)));
            await(store.copy(List.of(second, third)));
        }
    }

    private static CatalogException.Code refusal(CompletableFuture<?> future) {
        return failure(CatalogException.class, future).code();
    }

    @Test
    default void readsOnFromAnyPlaceInALog(@TempDir Path folder) {
        try (RegionStore store = open(folder)) {
            List<FeedRecord> all =
                    await(store.append(List.of(draft("a"), draft("b"), draft("a")), List.of()));
            assertEquals(all, await(store.read(WEST, store.log(), 0, 10)));
            assertEquals(all.subList(1, 2), await(store.read(WEST, store.log(), 1, 1)));
            assertEquals(List.of(), await(store.read(WEST, store.log(), 3, 10)));
            assertEquals(Code.SNAPSHOT_NEEDED, failure(store.read(WEST, store.log(), 4, 10)));
            assertEquals(Code.SNAPSHOT_NEEDED, failure(store.read(WEST, "OTHER", 0, 10)));
            assertEquals(Code.SNAPSHOT_NEEDED, failure(store.read(EAST, "LOGE", 0, 10)));
        }
    }

    @Test
    default void aSnapshotIsTheLastRecordOfEachKeyAndTakesAnOriginsPlace(
            @TempDir Path folder, @TempDir Path other) {
        Peer old = new Peer(WEST, "OLD");
        old.write(account("gone"));
        try (RegionStore west = open(folder);
                RegionStore east = open(other, EAST, new ManualClock(StoreFixture.START))) {
            await(east.copy(old.written));
            await(west.append(List.of(draft("a"), draft("b"), draft("a")), List.of()));
            await(west.append(List.of(Draft.deletion(RecordKind.ACCOUNT, "b")), List.of()));

            List<FeedRecord> snapshot = await(west.snapshot(WEST));
            assertEquals(List.of(3L, 4L), snapshot.stream().map(FeedRecord::seq).toList());
            await(east.replace(WEST, snapshot));

            assertEquals(snapshot, await(east.snapshot(WEST)));
            assertEquals(
                    await(west.positions()).position(WEST), await(east.positions()).position(WEST));
            assertEquals(Code.SNAPSHOT_NEEDED, failure(east.read(WEST, west.log(), 2, 10)));
            assertEquals(List.of(account("a")), await(east.loadCatalog()).accounts().toList());
            await(east.copy(await(west.append(List.of(draft("c")), List.of()))));
            assertEquals(1, await(east.read(WEST, west.log(), 4, 10)).size());
            await(east.replace(WEST, List.of()));
            assertEquals(Optional.empty(), await(east.positions()).position(WEST));
        }
    }

    @Test
    default void aSnapshotThatIsNotTrueChangesNothing(@TempDir Path folder) {
        Peer east = new Peer(EAST, "LOGE");
        east.write(account("a"));
        try (RegionStore store = open(folder)) {
            await(store.copy(east.written));
            FeedRecord r = east.written.getFirst();
            FeedRecord forged =
                    new FeedRecord(
                            r.origin(),
                            "LOGX",
                            9,
                            r.at(),
                            r.kind(),
                            r.key(),
                            "{}",
                            r.prev(),
                            r.hash(),
                            r.seal());
            assertEquals(
                    CatalogException.Code.TAMPERED, refusal(store.replace(EAST, List.of(forged))));
            assertEquals(east.written, await(store.snapshot(EAST)));
        }
    }

    @Test
    default void listenersHearEachWriteBeforeItsFutureCompletes(@TempDir Path folder) {
        Peer east = new Peer(EAST, "LOGE");
        east.write(account("far"));
        CatalogHolder holder = new CatalogHolder(() -> 0);
        try (RegionStore store = open(folder)) {
            await(store.listen(StoreFixture.into(holder)));
            for (String name : List.of("a", "b", "c")) {
                await(store.append(List.of(draft(name)), List.of()));
                assertTrue(holder.current().account(new AccountId(name)).isPresent(), name);
            }
            await(store.copy(east.written));
            assertEquals(await(store.positions()), holder.current().positions());
            await(store.replace(EAST, List.of()));
            assertEquals(await(store.positions()), holder.current().positions());
        }
    }

    @Test
    default void loadsTheCatalogThatItsRecordsMake(@TempDir Path folder) {
        try (RegionStore store = open(folder)) {
            assertEquals(0, await(store.loadCatalog()).accounts().count());
            await(store.append(List.of(draft("b"), draft("a")), List.of()));
            Catalog catalog = await(store.loadCatalog());
            assertEquals(List.of(account("a"), account("b")), catalog.accounts().toList());
            assertEquals(await(store.positions()), catalog.positions());
        }
    }

    @Test
    default void keepsLogsByTaskAndCountsWhatWasDropped(@TempDir Path folder) {
        TaskRef other = TaskRef.of("demo", "other");
        try (RegionStore store = open(folder)) {
            await(
                    store.appendLogs(
                            List.of(line(HELLO, "one"), line(other, "x"), line(HELLO, "zwei é")),
                            List.of(new DroppedLines(HELLO, 3), new DroppedLines(HELLO, 4))));
            LogPage page = await(store.readLogs(HELLO, 0, 10));
            assertEquals(List.of("one", "zwei é"), texts(page));
            assertEquals(7, page.droppedLines());
            long first = page.entries().getFirst().id();
            assertEquals(List.of("zwei é"), texts(await(store.readLogs(HELLO, first, 10))));
            assertEquals(List.of("one"), texts(await(store.readLogs(HELLO, 0, 1))));
            assertEquals(List.of("zwei é"), texts(await(store.lastLogs(HELLO, 1))));
            assertEquals(0, await(store.readLogs(other, 0, 10)).droppedLines());
        }
    }

    @Test
    default void keepsLogsForSevenDays(@TempDir Path folder) {
        ManualClock clock = new ManualClock(StoreFixture.START);
        try (RegionStore store = open(folder, WEST, clock)) {
            await(store.appendLogs(List.of(line(HELLO, "old"))));
            clock.advance(Duration.ofDays(7));
            assertEquals(List.of("old"), texts(await(store.readLogs(HELLO, 0, 10))));
            clock.advance(Duration.ofMillis(1));
            assertEquals(List.of(), texts(await(store.lastLogs(HELLO, 10))));
            await(store.appendLogs(List.of(line(HELLO, "new"))));
            LogPage page = await(store.readLogs(HELLO, 0, 10));
            assertEquals(List.of("new"), texts(page));
            assertEquals(0, page.droppedLines());
        }
    }

    private static List<String> texts(LogPage page) {
        return page.entries().stream().map(entry -> entry.line().text()).toList();
    }

    @Test
    default void keepsSecrets(@TempDir Path folder) {
        try (RegionStore store = open(folder)) {
            assertTrue(await(store.secret("K")).isEmpty());
            await(store.putSecret("K", new byte[] {1}));
            await(store.putSecret("K", new byte[] {2}));
            assertArrayEquals(new byte[] {2}, await(store.secret("K")).orElseThrow());
            await(store.deleteSecret("K"));
            await(store.deleteSecret("K"));
            assertTrue(await(store.secret("K")).isEmpty());
        }
    }

    @Test
    default void aLeaseIsOneHoldersWhileItGoesOnWithIt(@TempDir Path folder) {
        ManualClock clock = new ManualClock(StoreFixture.START);
        Duration life = Duration.ofSeconds(5);
        try (RegionStore store = open(folder, WEST, clock)) {
            assertEquals(Optional.empty(), await(store.lease("x")));
            Lease first = await(store.take("x", "a", life, Optional.empty()));
            assertEquals(new Lease("x", "a", 1, StoreFixture.START.plus(life)), first);
            assertEquals(first, await(store.take("x", "b", life, Optional.empty())), "taken");
            assertEquals(Optional.of(first), await(store.lease("x")));
            assertEquals("b", await(store.take("y", "b", life, Optional.empty())).holder());
            Lease goneOn = await(store.take("x", "a", life, Optional.of(first)));
            assertEquals(
                    new Lease("x", "a", 1, first.until().plusMillis(1)),
                    goneOn,
                    "another, though the clock stands still");
            assertEquals(goneOn, await(store.take("x", "b", life, Optional.of(first))), "late");
            Lease second = await(store.take("x", "b", life, Optional.of(goneOn)));
            assertEquals("b 2", second.holder() + " " + second.epoch());
            assertEquals(second, await(store.take("x", "a", life, Optional.of(goneOn))));
        }
    }

    @Test
    default void writersAreNamedByOneEpochAfterTheOther(@TempDir Path folder) {
        try (RegionStore store = open(folder)) {
            assertEquals(Writers.ANY, await(store.writers()));
            Writers one = new Writers(1, Set.of("a", "b"));
            assertEquals(one, await(store.admit(0, one.nodes())));
            assertEquals(one, await(store.writers()));
            assertEquals(Code.CONFLICT, failure(store.admit(0, Set.of("c"))));
            assertEquals(one, await(store.writers()));
            assertEquals(2, await(store.admit(1, Set.of("c"))).epoch());
            assertTrue(await(store.writers()).admits("c"));
            assertFalse(await(store.writers()).admits("a"));
        }
    }

    @Test
    default void remembersAnswersForADay(@TempDir Path folder) {
        ManualClock clock = new ManualClock(StoreFixture.START);
        GivenAnswer answer = new GivenAnswer("demo", "k1", "f", "{\"é\":1}");
        try (RegionStore store = open(folder, WEST, clock)) {
            assertTrue(await(store.recall("demo", "k1")).isEmpty());
            await(store.remember(answer));
            assertEquals(Optional.of(answer), await(store.recall("demo", "k1")));
            assertTrue(await(store.recall("other", "k1")).isEmpty());
            assertEquals(Code.CONFLICT, failure(store.remember(answer)));
            clock.advance(Duration.ofDays(1).plusMillis(1));
            assertTrue(await(store.recall("demo", "k1")).isEmpty());
            await(store.remember(answer));
        }
    }

    @Test
    default void writesAnAnswerInTheSameStepAsItsRecords(@TempDir Path folder) {
        try (RegionStore store = open(folder)) {
            await(
                    store.append(
                            List.of(draft("a")),
                            List.of(),
                            Optional.of(r -> new GivenAnswer("demo", "k", "f", "" + r.size()))));
            assertEquals("1", await(store.recall("demo", "k")).orElseThrow().body());
            FeedPositions before = await(store.positions());
            assertEquals(
                    Code.CONFLICT,
                    failure(
                            store.append(
                                    List.of(draft("b")),
                                    List.of(),
                                    Optional.of(r -> new GivenAnswer("demo", "k", "f", "x")))));
            assertEquals(before, await(store.positions()), "no record without its answer");
        }
    }

    @Test
    default void refusesMoreThanMayWaitAndEverythingOnceClosed(@TempDir Path folder)
            throws InterruptedException {
        CountDownLatch held = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        RegionStore store = open(folder);
        CompletableFuture<?> holding =
                store.append(
                        List.of(draft("a")),
                        List.of(),
                        Optional.of(
                                r -> {
                                    held.countDown();
                                    awaitSignal(release);
                                    return new GivenAnswer("demo", "k", "f", "");
                                }));
        awaitSignal(held);
        List<CompletableFuture<?>> waiting = new ArrayList<>();
        for (int i = 0; i < RegionStore.MOST_PENDING / 2; i++) {
            waiting.add(store.appendLogs(List.of(line(HELLO, "x"))));
        }
        assertEquals(Code.OVERLOADED, failure(store.appendLogs(List.of(line(HELLO, "x")))));
        for (int i = waiting.size(); i < RegionStore.MOST_PENDING; i++) {
            waiting.add(store.positions());
        }
        assertEquals(Code.OVERLOADED, failure(store.append(List.of(draft("b")), List.of())));
        Thread closing = Thread.ofPlatform().start(store::close);
        release.countDown();
        closing.join(TimeUnit.SECONDS.toMillis(30));
        await(holding);
        waiting.forEach(StoreFixture::await);
        assertEquals(Code.CLOSED, failure(store.positions()));
        store.close();
    }

    private static void awaitSignal(CountDownLatch latch) {
        try {
            assertTrue(latch.await(30, TimeUnit.SECONDS), "no signal: " + latch);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
