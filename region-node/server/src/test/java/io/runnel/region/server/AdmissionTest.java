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

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;

final class AdmissionTest {
    private static final Instant START = Instant.parse("2026-11-23T10:00:00Z");

    @TempDir Path folder;
    private volatile Instant now = START;
    private RegionStore store;

    @BeforeEach
    void open() {
        store =
                SqliteStore.open(
                        StoreSettings.of(folder.resolve("store.db"), new RegionId("eu-west")),
                        () -> now,
                        new Random(1));
    }

    @AfterEach
    void close() {
        store.close();
    }

    private Writers after(String self, int all, String... members) {
        List<NodeName> present = Arrays.stream(members).map(NodeName::new).toList();
        new Admission(new NodeName(self), all, () -> present, store)
                .look()
                .toCompletableFuture()
                .orTimeout(20, TimeUnit.SECONDS)
                .join();
        return store.writers().orTimeout(20, TimeUnit.SECONDS).join();
    }

    @Test
    void theOldestOfMostNamesTheWriters() {
        assertEquals(Writers.ANY, after("b", 3, "a", "b", "c"), "not the oldest");
        assertEquals(new Writers(1, Set.of("a", "b", "c")), after("a", 3, "a", "b", "c"));
        assertEquals(1, after("a", 3, "a", "c", "b").epoch(), "they are the same");
        assertEquals(new Writers(2, Set.of("a", "b")), after("a", 3, "a", "b"));
        assertEquals(3, after("a", 3, "a", "b", "c").epoch(), "together again");
    }

    @Test
    void theFewNameNobody() {
        after("a", 3, "a", "b", "c");
        assertEquals(1, after("a", 3, "a").epoch());
        assertEquals(1, after("a", 4, "a", "b").epoch(), "half is not most");
        assertEquals(1, after("a", 3).epoch(), "not in any cluster yet");
    }

    @Test
    void twoThatBothThinkItTheirsTakeTurnsByALease() {
        after("a", 3, "a", "b");
        assertEquals(1, after("c", 3, "c", "b").epoch(), "a has the lease");
        now = now.plusSeconds(3);
        assertEquals(new Writers(2, Set.of("b", "c")), after("c", 3, "c", "b"));
    }

    @Test
    void aRegionOfOneNodeNamesNobody() {
        assertEquals(Writers.ANY, after("a", 1, "a"));
    }

    @Test
    void mostIsMoreThanHalf() {
        assertTrue(Admission.isMost(2, 3));
        assertFalse(Admission.isMost(1, 3));
        assertFalse(Admission.isMost(2, 4));
    }
}
