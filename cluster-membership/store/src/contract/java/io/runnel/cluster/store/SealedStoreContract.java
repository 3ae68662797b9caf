package io.runnel.cluster.store;

import static io.runnel.cluster.store.StoreFixture.EAST;
import static io.runnel.cluster.store.StoreFixture.WEST;
import static io.runnel.cluster.store.StoreFixture.account;
import static io.runnel.cluster.store.StoreFixture.await;
import static io.runnel.cluster.store.StoreFixture.draft;
import static io.runnel.cluster.store.StoreFixture.failure;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.cluster.store.StoreException.Code;
import io.runnel.cluster.store.StoreFixture.Peer;
import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.RegionId;
import io.runnel.routing.catalog.CatalogHolder;
import io.runnel.routing.catalog.FeedRecord;
import io.runnel.routing.catalog.HashChain;
import io.runnel.routing.catalog.Position;
import io.runnel.routing.catalog.RecordJson;
import io.runnel.routing.catalog.RecordKind;
import io.runnel.routing.catalog.TestSeals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;

/** What every engine does about records that somebody else wrote to its database. */
interface SealedStoreContract {
    /** Opens the store that is kept in this folder; makes it if there is none. */
    RegionStore open(Path folder, RegionId origin, InstantSource clock);

    /** Changes the tables behind the store's back. */
    void tamper(Path folder, String sql);

    /** Takes all signatures away, as if an older version had written the records. */
    default void unseal(Path folder) {
        tamper(folder, "DELETE FROM feed_seal");
    }

    private RegionStore open(Path folder) {
        return open(folder, WEST, new ManualClock(StoreFixture.START));
    }

    private static CatalogHolder listening(RegionStore store) {
        CatalogHolder catalog = new CatalogHolder(() -> 0);
        await(store.listen(StoreFixture.into(catalog)));
        return catalog;
    }

    private static Code refusal(RegionStore store) {
        return failure(store.listen(StoreFixture.into(new CatalogHolder(() -> 0))));
    }

    private static boolean has(CatalogHolder catalog, String account) {
        return catalog.current().account(new AccountId(account)).isPresent();
    }

    @Test
    default void whatIsWrittenIsSigned(@TempDir Path folder) {
        try (RegionStore store = open(folder)) {
            await(store.append(List.of(draft("a"), draft("b")), List.of()));
            await(store.append(List.of(Draft.deletion(RecordKind.ACCOUNT, "a")), List.of()));
            TestSeals.ALL.require(await(store.read(WEST, store.log(), 0, 10)));
            assertDoesNotThrow(() -> TestSeals.ALL.requireSnapshot(await(store.snapshot(WEST))));
        }
    }

    @Test
    default void whatWasChangedInTheOwnLogIsFoundAtTheStart(@TempDir Path folder) {
        String other = "0b".repeat(32);
        for (String change :
                List.of(
                        "UPDATE feed_record SET record = '{}' WHERE seq = 1",
                        "UPDATE feed_record SET at_ms = at_ms + 1 WHERE seq = 2",
                        "UPDATE feed_record SET hash = '%s' WHERE seq = 1".formatted(other),
                        "UPDATE feed_seal SET live = '%s' WHERE seq = 2".formatted(other),
                        "UPDATE feed_seal SET signed_ms = signed_ms + 1 WHERE seq = 1",
                        "UPDATE feed_seal SET signer = '%s' WHERE seq = 2".formatted(other),
                        "UPDATE feed_seal SET signature = 'none' WHERE seq = 1",
                        "DELETE FROM feed_latest WHERE seq = 1",
                        "UPDATE feed_origin SET head_seq = 1",
                        "DELETE FROM feed_latest WHERE seq = 2")) {
            Path one = folder.resolve(Integer.toHexString(change.hashCode()));
            try (RegionStore store = open(one)) {
                await(store.append(List.of(draft("a"), draft("b")), List.of()));
                assertTrue(has(listening(store), "a"));
            }
            tamper(one, change);
            try (RegionStore store = open(one)) {
                assertEquals(Code.DAMAGED, refusal(store), change);
            }
        }
    }

    /** Who can write to the database knows how hashes are made, and has no key. */
    @Test
    default void whatIsInventedUnderARunningNodeIsNeitherToldNorBuiltOn(@TempDir Path folder) {
        try (RegionStore store = open(folder)) {
            List<FeedRecord> written = await(store.append(List.of(draft("a")), List.of()));
            CatalogHolder catalog = listening(store);
            FeedRecord invented = invent(folder, written.getFirst());
            assertEquals(Code.DAMAGED, failure(store.append(List.of(draft("b")), List.of())));
            assertEquals(Code.DAMAGED, failure(store.read(WEST, store.log(), 1, 10)));
            assertEquals(Code.DAMAGED, failure(store.snapshot(WEST)));
            assertTrue(!has(catalog, invented.key()) && has(catalog, "a"));
            assertTrue(store.unsound() > 0);
            // What other regions wrote comes on.
            Peer east = new Peer(EAST, "LOGE");
            east.write(account("far"));
            await(store.copy(east.written));
            assertEquals(1, await(store.snapshot(EAST)).size());
            assertTrue(!has(catalog, invented.key()));
        }
    }

    /** One more record, behind the last one that its origin wrote. */
    private FeedRecord invent(Path folder, FeedRecord last) {
        FeedRecord made =
                HashChain.next(
                        last.origin(),
                        Position.of(last),
                        last.at(),
                        "account",
                        "evil",
                        RecordJson.write(account("evil")));
        tamper(
                folder,
                ("INSERT INTO feed_seal SELECT origin, %d, signer, signed_ms, live, signature FROM"
                                + " feed_seal WHERE origin = '%s' AND seq = %d")
                        .formatted(made.seq(), last.origin(), last.seq()));
        tamper(
                folder,
                ("INSERT INTO feed_record (origin, seq, log, at_ms, kind, key, record, prev, hash)"
                                + " VALUES ('%s', %d, '%s', %d, '%s', '%s', '%s', '%s', '%s')")
                        .formatted(
                                made.origin(),
                                made.seq(),
                                made.log(),
                                made.at().toEpochMilli(),
                                made.kind(),
                                made.key(),
                                made.record(),
                                made.prev(),
                                made.hash()));
        tamper(
                folder,
                "INSERT INTO feed_latest (origin, kind, key, seq, deleted) VALUES ('%s', '%s',"
                                .formatted(made.origin(), made.kind())
                        + " '%s', %d, 0)".formatted(made.key(), made.seq()));
        tamper(
                folder,
                "UPDATE feed_origin SET head_seq = %d, head_hash = '%s' WHERE origin = '%s'"
                        .formatted(made.seq(), made.hash(), made.origin()));
        return made;
    }

    /** It cannot be put right from here, but what others have of it can be fetched anew. */
    @Test
    default void whatWasChangedInACopyIsForgottenAndComesAnew(@TempDir Path folder) {
        Peer east = new Peer(EAST, "LOGE");
        east.write(account("far"));
        east.write(account("gone"));
        try (RegionStore store = open(folder)) {
            await(store.append(List.of(draft("a")), List.of()));
            await(store.copy(east.written));
        }
        tamper(folder, "DELETE FROM feed_latest WHERE origin = 'us-east' AND key = 'far'");
        try (RegionStore store = open(folder)) {
            CatalogHolder catalog = listening(store);
            assertTrue(has(catalog, "a") && !has(catalog, "far") && !has(catalog, "gone"));
            assertTrue(await(store.positions()).position(EAST).isEmpty());
            await(store.replace(EAST, east.written));
            assertTrue(has(catalog, "far") && has(catalog, "gone"));
        }
    }

    /** As soon as it is met: the own log, and who writes to it, does not suffer from that. */
    @Test
    default void whatIsInventedInAnothersNameIsForgottenUnderARunningNode(@TempDir Path folder) {
        Peer east = new Peer(EAST, "LOGE");
        east.write(account("far"));
        try (RegionStore store = open(folder)) {
            await(store.copy(east.written));
            CatalogHolder catalog = listening(store);
            FeedRecord invented = invent(folder, east.written.getLast());
            await(store.append(List.of(draft("a")), List.of()));
            assertTrue(has(catalog, "a") && !has(catalog, invented.key()) && !has(catalog, "far"));
            assertTrue(await(store.positions()).position(EAST).isEmpty());
            await(store.replace(EAST, east.written));
            assertTrue(has(catalog, "far") && !has(catalog, invented.key()));
        }
    }

    @Test
    default void theOwnLogDoesNotGoBackUnderARunningNode(@TempDir Path folder) {
        try (RegionStore store = open(folder)) {
            List<FeedRecord> all = await(store.append(List.of(draft("a"), draft("b")), List.of()));
            CatalogHolder catalog = listening(store);
            for (String table : List.of("feed_latest", "feed_record", "feed_seal")) {
                tamper(folder, "DELETE FROM %s WHERE seq = 2".formatted(table));
            }
            tamper(folder, "DELETE FROM feed_live");
            tamper(
                    folder,
                    "UPDATE feed_origin SET head_seq = 1, head_hash = '%s'"
                            .formatted(all.getFirst().hash()));
            assertEquals(Code.DAMAGED, failure(store.append(List.of(draft("c")), List.of())));
            assertTrue(has(catalog, "b"));
        }
    }

    /** Else the next record would say of a smaller set that it is all. */
    @Test
    default void nothingIsBuiltOnAnotherSumThanWasSigned(@TempDir Path folder) {
        try (RegionStore store = open(folder)) {
            await(store.append(List.of(draft("a")), List.of()));
            String none = "0".repeat(4096);
            tamper(folder, "UPDATE feed_live SET sum = '%s'".formatted(none));
            assertEquals(Code.DAMAGED, failure(store.append(List.of(draft("b")), List.of())));
            tamper(folder, "DELETE FROM feed_live");
            await(store.append(List.of(draft("b")), List.of()));
        }
    }

    @Test
    default void whatAnOlderVersionWroteIsSignedWhenThatIsAskedFor(@TempDir Path folder) {
        Peer east = new Peer(EAST, "LOGE");
        east.write(account("far"));
        try (RegionStore store = open(folder)) {
            await(store.append(List.of(draft("a"), draft("b"), draft("a")), List.of()));
            await(store.copy(east.written));
        }
        unseal(folder);
        tamper(folder, "DELETE FROM feed_live");
        try (RegionStore store = open(folder)) {
            assertEquals(Code.DAMAGED, refusal(store), "nobody signs it by itself");
        }
        try (RegionStore store = open(folder)) {
            assertEquals(3, await(store.sealOld()));
            assertEquals(0, await(store.sealOld()));
            CatalogHolder catalog = listening(store);
            assertTrue(has(catalog, "a") && has(catalog, "b") && !has(catalog, "far"));
            // The copy has the same hash as what takes its place, and yet it is news.
            await(store.replace(EAST, east.written));
            assertTrue(has(catalog, "far"));
            await(store.append(List.of(draft("c")), List.of()));
            TestSeals.ALL.requireSnapshot(await(store.snapshot(WEST)));
            TestSeals.ALL.require(await(store.read(WEST, store.log(), 0, 10)));
        }
    }

    @Test
    default void certificatesOfAuthoritiesAreKept(@TempDir Path folder) {
        try (RegionStore store = open(folder)) {
            await(store.keepAuthorities(List.of("one", "two")));
            await(store.keepAuthorities(List.of("two", "three")));
        }
        try (RegionStore store = open(folder)) {
            assertEquals(List.of("one", "three", "two"), await(store.authorities()));
        }
    }
}
