package io.runnel.routing.catalog;

import static io.runnel.routing.catalog.FeedFixture.EAST;
import static io.runnel.routing.catalog.FeedFixture.WEST;
import static io.runnel.routing.catalog.FeedFixture.account;
import static io.runnel.routing.catalog.FeedFixture.key;
import static io.runnel.routing.catalog.FeedFixture.task;
import static io.runnel.routing.catalog.FeedFixture.version;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.CodeDigest;
import io.runnel.exec.task.TaskRef;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

final class CatalogTest {
    private static final TaskRef HELLO = TaskRef.of("demo", "hello");

    private final FeedFixture west = new FeedFixture(WEST, "LOGW");
    private final FeedFixture east = new FeedFixture(EAST, "LOGE");

    @Test
    void tellsWhatItsRecordsSay() {
        west.write(account("demo", WEST));
        west.write(key("demo", 'A'));
        west.write(version("demo", "hello", 1));
        west.write(task("demo", "hello", 1, 1));
        west.write(version("demo", "hello", 2));
        FeedRecord last = west.write(task("demo", "hello", 2, 2));

        Catalog catalog = Catalog.EMPTY.with(west.written());

        AccountId demo = new AccountId("demo");
        assertEquals(Optional.of(account("demo", WEST)), catalog.account(demo));
        assertEquals(Optional.of(key("demo", 'A')), catalog.key(key("demo", 'A').id()));
        assertEquals(List.of(key("demo", 'A')), catalog.keys(demo));
        assertEquals(Optional.of(version("demo", "hello", 2)), catalog.live(HELLO));
        assertEquals(Optional.of(version("demo", "hello", 1)), catalog.version(HELLO, 1));
        assertEquals(2, catalog.versions(HELLO).size());
        assertEquals(List.of(task("demo", "hello", 2, 2)), catalog.tasks(demo));
        assertEquals(6, catalog.stampedTask(HELLO).orElseThrow().seq());
        assertEquals(
                "eu-west/LOGW:6:" + last.hash().substring(0, 16), catalog.positions().format());
        assertEquals(last.hash(), catalog.positions().position(WEST).orElseThrow().hash());
        assertEquals(2, catalog.allVersions().count());
    }

    @Test
    void countsOnlyWhatTheHomeRegionWrote() {
        west.write(account("demo", WEST));
        east.write(version("demo", "hello", 1));
        east.write(task("demo", "hello", 1, 1));
        east.write(key("demo", 'A'));

        Catalog catalog = Catalog.EMPTY.with(west.written()).with(east.written());

        assertEquals(Optional.empty(), catalog.task(HELLO));
        assertEquals(Optional.empty(), catalog.live(HELLO));
        assertEquals(Optional.empty(), catalog.key(key("demo", 'A').id()));
    }

    @Test
    void isTheSameInWhateverOrderOriginsCome() {
        west.write(account("far", EAST));
        east.write(version("far", "hello", 1));
        east.write(task("far", "hello", 1, 1));

        Catalog eastFirst = Catalog.EMPTY.with(east.written()).with(west.written());

        assertEquals(
                Optional.of(version("far", "hello", 1)),
                eastFirst.live(TaskRef.of("far", "hello")));
        assertEquals(Optional.empty(), eastFirst.withoutOrigin(WEST).live(HELLO));
    }

    @Test
    void aDeletedTaskIsGoneAndItsVersionNumbersAreNotGivenAgain() {
        west.write(account("demo", WEST));
        west.write(version("demo", "hello", 1));
        west.write(task("demo", "hello", 1, 1));
        Catalog before = Catalog.EMPTY.with(west.written());
        List<FeedRecord> deletion =
                List.of(
                        west.delete(task("demo", "hello", 1, 1)),
                        west.delete(version("demo", "hello", 1)));

        Catalog after = before.with(deletion);

        assertEquals(Optional.empty(), after.task(HELLO));
        assertEquals(List.of(), after.versions(HELLO));
        assertEquals(List.of(), after.tasks(HELLO.account()));
        assertEquals(1, after.highestVersion(HELLO));
        CodeDigest code = version("demo", "hello", 1).task().code();
        assertTrue(before.usesCode(HELLO.account(), code));
        assertFalse(after.usesCode(HELLO.account(), code));
        assertTrue(before.live(HELLO).isPresent(), "a snapshot never changes");
    }

    @Test
    void countsTheTasksThatStand() {
        AccountId demo = HELLO.account();
        west.write(account("demo", WEST));
        west.write(version("demo", "hello", 1));
        Catalog catalog = Catalog.EMPTY.with(west.written());
        assertEquals(0, catalog.taskCount(demo));
        for (String name : List.of("hello", "other", "hello")) {
            catalog = catalog.with(List.of(west.write(task("demo", name, 1, 1))));
        }
        assertEquals(2, catalog.taskCount(demo));
        catalog = catalog.with(List.of(west.delete(task("demo", "hello", 1, 1))));
        catalog = catalog.with(List.of(west.delete(task("demo", "hello", 1, 1))));
        catalog = catalog.with(List.of(west.write(account("demo", WEST))));
        assertEquals(1, catalog.taskCount(demo));
        assertEquals(1, Catalog.EMPTY.withSnapshot(WEST, west.written()).taskCount(demo));
        assertEquals(0, catalog.taskCount(new AccountId("other")));
    }

    @Test
    void aSnapshotSaysTheSameAsTheWholeLog() {
        west.write(account("demo", WEST));
        for (int i = 1; i <= 5; i++) {
            west.write(version("demo", "hello", i));
            west.write(task("demo", "hello", i, i));
        }
        west.delete(version("demo", "hello", 2));
        List<FeedRecord> latest = new ArrayList<>(west.written());
        latest.removeIf(
                r ->
                        west.written().stream()
                                .anyMatch(o -> o.key().equals(r.key()) && o.seq() > r.seq()));

        Catalog whole = Catalog.EMPTY.with(west.written());
        Catalog snapshot = Catalog.EMPTY.withSnapshot(WEST, latest);

        assertTrue(latest.size() < west.written().size());
        assertEquals(whole.versions(HELLO), snapshot.versions(HELLO));
        assertEquals(whole.positions(), snapshot.positions());
        FeedRecord next = west.write(task("demo", "hello", 3, 5));
        assertEquals(3, snapshot.with(List.of(next)).task(HELLO).orElseThrow().live());
    }

    @Test
    void refusesWhatWasTamperedWith() {
        FeedRecord good = west.write(account("demo", WEST));
        FeedRecord bad = withRecord(good, RecordJson.write(account("demo", EAST)));
        refused(CatalogException.Code.TAMPERED, List.of(bad));
    }

    @Test
    void refusesAGapARepetitionAndAnotherLog() {
        FeedRecord first = west.write(account("demo", WEST));
        FeedRecord second = west.write(account("demo", EAST));
        FeedRecord third = west.write(account("demo", WEST));
        refused(CatalogException.Code.GAP, List.of(second));
        refused(CatalogException.Code.GAP, List.of(first, third));
        refused(CatalogException.Code.GAP, List.of(first, first));

        FeedFixture other = new FeedFixture(WEST, "LOGX");
        other.write(account("demo", WEST));
        FeedRecord foreign = other.write(account("demo", EAST));
        refused(CatalogException.Code.UNKNOWN_LOG, List.of(first, foreign));

        FeedFixture fork = new FeedFixture(WEST, "LOGW");
        fork.write(account("other", WEST));
        FeedRecord forked = fork.write(account("demo", EAST));
        refused(CatalogException.Code.BROKEN_CHAIN, List.of(first, forked));
    }

    @Test
    void refusesASnapshotOutOfOrderOrOfAnotherOrigin() {
        FeedRecord first = west.write(account("demo", WEST));
        FeedRecord second = west.write(account("other", WEST));
        assertEquals(
                CatalogException.Code.GAP,
                assertThrows(
                                CatalogException.class,
                                () -> Catalog.EMPTY.withSnapshot(WEST, List.of(second, first)))
                        .code());
        assertEquals(
                CatalogException.Code.MALFORMED,
                assertThrows(
                                CatalogException.class,
                                () -> Catalog.EMPTY.withSnapshot(EAST, List.of(first)))
                        .code());
    }

    @Test
    void aRefusedBatchAppliesNothing() {
        FeedRecord first = west.write(account("demo", WEST));
        west.write(account("other", WEST));
        FeedRecord third = west.write(account("third", WEST));
        CatalogHolder holder = new CatalogHolder(() -> 0);
        assertThrows(CatalogException.class, () -> holder.apply(List.of(first, third)));
        assertEquals(0, holder.current().accounts().count());
        assertEquals(FeedPositions.NONE, holder.current().positions());
    }

    @Test
    void passesOverWhatANewerPeerWrote() {
        west.write(account("demo", WEST));
        west.write("grant", "demo->other", "{\"what\":[1,2]}");
        west.write(version("demo", "hello", 1));
        west.write(task("demo", "hello", 1, 1));
        west.write("task", "demo/hello", "{\"account\":\"demo\",\"canary\":0.5}");
        west.write("version", "demo/hello@no", "{}");
        west.write("task", "demo/other", RecordJson.write(task("demo", "hello", 1, 1)));

        Catalog catalog = Catalog.EMPTY.with(west.written());

        assertEquals(4, catalog.notUnderstood());
        assertFalse(catalog.task(HELLO).isPresent(), "what is not understood is not served");
        assertFalse(catalog.task(TaskRef.of("demo", "other")).isPresent());
        assertTrue(catalog.positions().covers(WEST, "LOGW", 7));
    }

    private static FeedRecord withRecord(FeedRecord r, String json) {
        return new FeedRecord(
                r.origin(),
                r.log(),
                r.seq(),
                r.at(),
                r.kind(),
                r.key(),
                json,
                r.prev(),
                r.hash(),
                Optional.empty());
    }

    private static void refused(CatalogException.Code code, List<FeedRecord> records) {
        CatalogException e =
                assertThrows(CatalogException.class, () -> Catalog.EMPTY.with(records));
        assertEquals(code, e.code(), e.getMessage());
    }
}
