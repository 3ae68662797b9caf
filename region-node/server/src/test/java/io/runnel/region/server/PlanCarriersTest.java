package io.runnel.region.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.cluster.store.RegionStore;
import io.runnel.cluster.store.SqliteStore;
import io.runnel.cluster.store.StoreSettings;
import io.runnel.exec.task.NodeName;
import io.runnel.exec.task.RegionId;
import io.runnel.exec.task.TaskRef;
import io.runnel.routing.catalog.TestSeals;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/** Who prepares for a task. */
class PlanCarriersTest {
    private static final long SECOND = 1_000_000_000;
    private static final List<TaskRef> TASKS =
            IntStream.range(0, 60).mapToObj(i -> TaskRef.of("demo", "task" + i)).toList();

    @TempDir Path folder;
    private RegionStore store;
    private long nowNanos;
    private final Map<String, PlanCarriers> nodes = new TreeMap<>();

    @BeforeEach
    void open() {
        store =
                SqliteStore.open(
                        StoreSettings.of(folder.resolve("store.db"), new RegionId("west")),
                        TestSeals.ALL,
                        () -> Instant.EPOCH,
                        new Random(1));
        for (String name : List.of("a", "b", "c")) {
            nodes.put(name, new PlanCarriers(new NodeName(name), 3, store, () -> nowNanos));
        }
    }

    @AfterEach
    void close() {
        store.close();
    }

    private void admit(String... names) {
        store.writers()
                .thenCompose(now -> store.admit(now.epoch(), Set.of(names)))
                .orTimeout(20, TimeUnit.SECONDS)
                .join();
    }

    private void look(String... names) {
        for (String name : names) {
            nodes.get(name).look().toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
        }
    }

    /** Lets seconds pass, in each of which these look; never do two prepare for the same. */
    private void pass(int seconds, String... names) {
        for (int i = 0; i < seconds; i++) {
            nowNanos += SECOND;
            look(names);
            TASKS.forEach(task -> assertTrue(carriers(task).size() <= 1, task::toString));
        }
    }

    private List<String> carriers(TaskRef task) {
        List<String> found = new ArrayList<>();
        nodes.forEach(
                (name, node) -> {
                    if (node.fallsHere(task)) {
                        found.add(name);
                    }
                });
        return found;
    }

    private void assertEachHasOneOf(String... names) {
        for (TaskRef task : TASKS) {
            String node = Rendezvous.of(task, List.of(names)).orElseThrow();
            assertEquals(List.of(node), carriers(task), task::toString);
        }
    }

    @Test
    void eachTaskFallsToOneOfTheWritersAfterAWhile() {
        pass(5, "a", "b", "c");
        TASKS.forEach(task -> assertEquals(List.of(), carriers(task), "nobody was named"));
        admit("a", "b", "c");
        pass(5, "a", "b", "c");
        assertEachHasOneOf("a", "b", "c");
    }

    @Test
    void aNodeThatDoesNotReadPreparesNothingAndAnotherTakesOver() {
        admit("a", "b", "c");
        pass(5, "a", "b", "c");
        admit("a", "b");
        pass(2, "a", "b");
        for (TaskRef task : TASKS) {
            String before = Rendezvous.of(task, List.of("a", "b", "c")).orElseThrow();
            assertEquals(List.of(before), carriers(task), "what did not move goes on");
        }
        pass(4, "a", "b");
        assertEachHasOneOf("a", "b");
        admit("a", "b", "c");
        pass(6, "a", "b", "c");
        assertEachHasOneOf("a", "b", "c");
    }

    @Test
    void whoMissedAnEpochWaitsAlthoughTheTaskWasItsOwn() {
        admit("a", "b", "c");
        pass(5, "a", "b", "c");
        admit("a", "b");
        pass(2, "a", "b");
        admit("a", "b", "c");
        pass(1, "c");
        TASKS.forEach(task -> assertTrue(!carriers(task).contains("c"), task::toString));
        pass(5, "a", "b", "c");
        assertEachHasOneOf("a", "b", "c");
    }

    @Test
    void theOnlyNodeOfARegionPreparesEverything() {
        PlanCarriers alone = new PlanCarriers(new NodeName("a"), 1, store, () -> nowNanos);
        TASKS.forEach(task -> assertTrue(alone.fallsHere(task)));
    }
}
