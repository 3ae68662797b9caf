package io.runnel.routing.catalog;

import static io.runnel.routing.catalog.FeedFixture.EAST;
import static io.runnel.routing.catalog.FeedFixture.WEST;
import static io.runnel.routing.catalog.FeedFixture.account;
import static io.runnel.routing.catalog.FeedFixture.grant;
import static io.runnel.routing.catalog.FeedFixture.key;
import static io.runnel.routing.catalog.FeedFixture.task;
import static io.runnel.routing.catalog.FeedFixture.version;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.TaskRef;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/** An account that was made in the west and goes to the east. */
class TakeoverTest {
    private static final AccountId DEMO = new AccountId("demo");
    private static final TaskRef HELLO = TaskRef.of("demo", "hello");

    private final FeedFixture west = new FeedFixture(WEST, "WESTLOG");
    private final FeedFixture east = new FeedFixture(EAST, "EASTLOG");

    @BeforeEach
    void made() {
        west.write(account("demo", WEST));
        west.write(key("demo", 'A'));
        west.write(version("demo", "hello", 1));
        west.write(version("demo", "hello", 2));
        west.write(task("demo", "hello", 2, 2));
    }

    private Catalog both() {
        Catalog eastLast = Catalog.EMPTY.with(west.written()).with(east.written());
        Catalog westLast = Catalog.EMPTY.with(east.written()).with(west.written());
        assertEquals(eastLast.live(HELLO), westLast.live(HELLO), "whoever came first");
        assertEquals(eastLast.account(DEMO), westLast.account(DEMO), "whoever came first");
        return eastLast;
    }

    private void takeOver() {
        Takeover takeover = both().takeover(DEMO, EAST);
        takeover.written().forEach(east::write);
        east.write(account("demo", WEST).movedTo(EAST));
    }

    @Test
    void allThatStandsIsWrittenAgain() {
        west.delete(version("demo", "hello", 1));
        Takeover takeover = both().takeover(DEMO, EAST);
        assertEquals(
                Set.of(key("demo", 'A'), version("demo", "hello", 2), task("demo", "hello", 2, 2)),
                Set.copyOf(takeover.written()));
        assertEquals(List.of(), takeover.deleted());
        assertEquals(Set.of(version("demo", "hello", 2).task().code()), takeover.codes());
    }

    @Test
    void itsGrantsComeAlongAndWhatIsNoMoreIsDeleted() {
        west.write(grant("demo", "hello", "beta", "default"));
        assertTrue(
                both().takeover(DEMO, EAST)
                        .written()
                        .contains(grant("demo", "hello", "beta", "default")));
        takeOver();
        east.delete(grant("demo", "hello", "beta", "default"));
        east.write(grant("demo", "hello", "*", "all"));
        Takeover back = both().takeover(DEMO, WEST);
        assertTrue(back.written().contains(grant("demo", "hello", "*", "all")));
        assertEquals(
                List.of(new Takeover.Deleted(RecordKind.GRANT, "demo/hello/beta/default")),
                back.deleted());
    }

    @Test
    void aVersionsNumberIsNotGivenAgainThoughItIsGone() {
        west.write(task("demo", "hello", 1, 2));
        west.delete(version("demo", "hello", 2));
        assertEquals(
                List.of(new Takeover.Deleted(RecordKind.VERSION, "demo/hello@2")),
                both().takeover(DEMO, EAST).deleted());
    }

    @Test
    void theHigherEpochHolds() {
        takeOver();
        east.write(version("demo", "hello", 3));
        east.write(task("demo", "hello", 3, 3));
        west.write(version("demo", "hello", 4));
        west.write(task("demo", "hello", 4, 4));
        west.delete(key("demo", 'A'));

        Catalog catalog = both();

        assertEquals(Optional.of(EAST), catalog.account(DEMO).map(AccountRecord::home));
        assertEquals(Optional.of(version("demo", "hello", 3)), catalog.live(HELLO));
        assertEquals(Optional.empty(), catalog.version(HELLO, 4));
        assertEquals(List.of(key("demo", 'A')), catalog.keys(DEMO));
    }

    @Test
    void whoIsLeavingIsStillReadByHisOwnLog() {
        west.write(account("demo", WEST).leavingFor(EAST));
        east.write(version("demo", "hello", 3));
        east.write(task("demo", "hello", 3, 3));
        assertEquals(Optional.of(version("demo", "hello", 2)), both().live(HELLO));
    }

    @Test
    void whatComesBackAndIsNotThereAnyMoreIsDeleted() {
        takeOver();
        east.delete(key("demo", 'A'));
        east.delete(task("demo", "hello", 2, 2));
        Takeover back = both().takeover(DEMO, WEST);
        assertEquals(
                Set.of(
                        new Takeover.Deleted(RecordKind.KEY, key("demo", 'A').key()),
                        new Takeover.Deleted(RecordKind.TASK, "demo/hello")),
                Set.copyOf(back.deleted()));
    }
}
