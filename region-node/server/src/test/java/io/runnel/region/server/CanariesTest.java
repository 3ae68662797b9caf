package io.runnel.region.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.runnel.cluster.store.Draft;
import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.RegionId;
import io.runnel.exec.task.TaskRef;
import io.runnel.region.server.control.CountingPops;
import io.runnel.routing.catalog.AccountRecord;
import io.runnel.routing.catalog.AliasRecord;
import io.runnel.routing.catalog.Canary;
import io.runnel.routing.catalog.CatalogRecord;
import io.runnel.routing.catalog.RolledBack;
import io.runnel.routing.catalog.Stamped;
import io.runnel.topology.CanaryCount;
import io.runnel.topology.NetworkView;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

final class CanariesTest {
    private static final RegionId WEST = OneNodeRegion.WEST;
    private static final AccountId DEMO = new AccountId("demo");
    private static final TaskRef HELLO = TaskRef.of("demo", "hello");
    private static final Instant NOW = Instant.parse("2027-01-31T12:00:00Z");
    private static final AliasRecord LIVE =
            new AliasRecord(
                    HELLO,
                    "live",
                    1,
                    Optional.of(new Canary(2, 50, Optional.empty())),
                    Optional.empty());

    @TempDir private Path data;
    private RegionState state;
    private NetworkView network = NetworkView.EMPTY;
    private Canaries canaries;

    @BeforeEach
    void open() throws IOException {
        state = OneNodeRegion.in(data).open();
        canaries = new Canaries(state.store(), state.catalog(), () -> network, () -> NOW);
        write(new AccountRecord(DEMO, WEST, false));
    }

    @AfterEach
    void close() {
        state.store().close();
    }

    private long write(CatalogRecord record) {
        return state.store().append(List.of(Draft.of(record)), List.of()).join().getLast().seq();
    }

    private Stamped<AliasRecord> live() {
        return state.catalog().current().alias(HELLO, "live").orElseThrow();
    }

    private static CanaryCount count(long seq, long calls, long canaryCalls, long canaryFailed) {
        return new CanaryCount(HELLO, "live", seq, calls, 0, canaryCalls, canaryFailed);
    }

    /** Each by another node; and looked at. */
    private void say(CanaryCount... counts) {
        network = CountingPops.of(counts);
        canaries.look().join();
    }

    @Test
    void whatIsWorseByAllNodesTogetherIsRolledBackOnce() {
        long seq = write(LIVE);
        say(count(seq, 20, 1, 1), count(seq, 20, 1, 1));
        assertEquals(LIVE, live().value());
        say(count(seq, 30, 2, 2), count(seq, 30, 1, 1));
        AliasRecord after =
                LIVE.rolledBack(
                        new RolledBack(2, NOW, "3 of 3 calls failed, and 0 of 60 of version 1"));
        assertEquals(after, live().value());
        long said = live().seq();
        canaries.look().join();
        assertEquals(said, live().seq());
    }

    @Test
    void whatWasCountedOfAnotherRecordSaysNothing() {
        long first = write(LIVE);
        long second = write(LIVE);
        say(count(first, 60, 3, 3));
        assertEquals(new Stamped<>(LIVE, second), live());
    }

    @Test
    void anAccountThatIsElsewhereIsElsewheresToJudge() {
        long seq = write(LIVE);
        write(new AccountRecord(DEMO, WEST, false).leavingFor(new RegionId("us-east")));
        say(count(seq, 60, 3, 3));
        assertEquals(LIVE, live().value());
    }
}
