package io.runnel.region.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.cluster.store.RegionStore;
import io.runnel.cluster.store.SqliteStore;
import io.runnel.cluster.store.StoreSettings;
import io.runnel.cluster.store.Writers;
import io.runnel.exec.task.NodeName;
import io.runnel.exec.task.RegionId;
import io.runnel.routing.catalog.TestSeals;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

final class AdmissionTest {
    private static final Instant START = Instant.parse("2026-11-23T10:00:00Z");

    @TempDir Path folder;
    private volatile Instant now = START;
    private final AtomicLong nanos = new AtomicLong(1_000_000_000_000L);
    private volatile Set<NodeName> seen = Set.of();
    private RegionStore store;

    @BeforeEach
    void open() {
        store =
                SqliteStore.open(
                        StoreSettings.of(folder.resolve("store.db"), new RegionId("eu-west")),
                        TestSeals.ALL,
                        () -> now,
                        new Random(1));
    }

    @AfterEach
    void close() {
        store.close();
    }

    /** A node of a region of so many. */
    private Admission node(String self, int all) {
        return new Admission(new NodeName(self), all, () -> seen, store, nanos::get);
    }

    /** The writers after a node has looked, which sees these. */
    private Writers after(Admission node, String... names) {
        seen = Arrays.stream(names).map(NodeName::new).collect(Collectors.toSet());
        node.look().toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
        return store.writers().orTimeout(20, TimeUnit.SECONDS).join();
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    @Test
    void whoSeesMostNamesTheWriters() {
        Admission b = node("b", 3);
        assertEquals(new Writers(1, Set.of("a", "b", "c")), after(b, "a", "b", "c"));
        assertEquals(1, after(b, "a", "c", "b").epoch(), "they are the same");
        assertEquals(new Writers(2, Set.of("a", "b")), after(b, "a", "b"));
        assertEquals(3, after(b, "a", "b", "c").epoch(), "together again");
    }

    @Test
    void whoSeesFewNamesNobody() {
        Admission a = node("a", 3);
        after(a, "a", "b", "c");
        assertEquals(1, after(a, "a").epoch());
        assertEquals(1, after(node("a", 4), "a", "b").epoch(), "half is not most");
    }

    @Test
    void anotherNamesThemWhenTheHolderOfTheLeaseGoesOnNoMore() {
        Admission a = node("a", 3);
        Admission c = node("c", 3);
        after(a, "a", "b", "c");
        for (int i = 0; i < 10; i++) {
            assertEquals(1, after(a, "a", "b", "c").epoch());
            assertEquals(1, after(c, "b", "c").epoch(), "a goes on with the lease");
            pass(Duration.ofSeconds(1));
        }
        assertEquals(1, after(c, "b", "c").epoch(), "a stands still, for a second");
        pass(Duration.ofSeconds(2));
        assertEquals(new Writers(2, Set.of("b", "c")), after(c, "b", "c"));
        assertEquals(2, after(a, "a", "b", "c").epoch(), "the lease is c's, who goes on with it");
        assertEquals(3, after(c, "a", "b", "c").epoch());
    }

    @Test
    void whoStoodStillDoesNotTakeWhatItSawLongAgo() {
        Admission a = node("a", 3);
        Admission c = node("c", 3);
        after(a, "a", "b", "c");
        after(c, "b", "c");
        pass(Duration.ofHours(1));
        after(a, "a", "b", "c");
        assertEquals(1, after(c, "b", "c").epoch(), "a has gone on with the lease since");
        pass(Duration.ofSeconds(3));
        assertEquals(2, after(c, "b", "c").epoch());
    }

    @Test
    void aClockThatJumpedLeavesNobodyWithTheLease() {
        Admission a = node("a", 3);
        Admission c = node("c", 3);
        now = START.plus(Duration.ofDays(365));
        after(a, "a", "b", "c");
        now = START;
        after(c, "b", "c");
        pass(Duration.ofSeconds(3));
        assertEquals(new Writers(2, Set.of("b", "c")), after(c, "b", "c"));
    }

    @Test
    void aRegionOfOneNodeNamesNobody() {
        assertEquals(Writers.ANY, after(node("a", 1), "a"));
    }

    @Test
    void mostIsMoreThanHalf() {
        assertTrue(Admission.isMost(2, 3));
        assertFalse(Admission.isMost(1, 3));
        assertFalse(Admission.isMost(2, 4));
    }
}
