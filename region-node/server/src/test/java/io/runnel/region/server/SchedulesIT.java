package io.runnel.region.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;

import io.runnel.cluster.store.RegionStore;
import io.runnel.cluster.store.SqliteStore;
import io.runnel.cluster.store.StoreSettings;
import io.runnel.exec.durable.EventDispatcher;
import io.runnel.exec.durable.EventDispatcher.Place;
import io.runnel.exec.durable.KeptEvent;
import io.runnel.exec.durable.RunAnswer;
import io.runnel.exec.durable.StandingSchedule;
import io.runnel.exec.durable.Ticker;
import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.EventRule;
import io.runnel.exec.task.Qualifier;
import io.runnel.exec.task.RegionId;
import io.runnel.exec.task.RequestId;
import io.runnel.exec.task.Schedule;
import io.runnel.exec.task.ScheduleName;
import io.runnel.exec.task.TaskName;
import io.runnel.region.server.WholeRegion.User;
import io.runnel.routing.catalog.TestSeals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Tasks that are called by a calendar: by several nodes over a store, and by a whole one. */
final class SchedulesIT {
    private static final Instant START = Instant.parse("2026-11-30T05:58:30Z");

    @TempDir private Path data;
    private volatile Instant now = START;

    /** What was run, at whichever node. */
    private final List<KeptEvent> runs = new CopyOnWriteArrayList<>();

    private RegionStore store() {
        return SqliteStore.open(
                StoreSettings.of(data.resolve("store.db"), new RegionId("eu-west")),
                TestSeals.ALL,
                () -> now,
                new SecureRandom());
    }

    private static StandingSchedule often() {
        Schedule schedule =
                new Schedule(
                        new AccountId("demo"),
                        new ScheduleName("often"),
                        new TaskName("report"),
                        Qualifier.NONE,
                        "* * * * *",
                        "UTC",
                        Optional.empty(),
                        Duration.ofHours(1));
        return new StandingSchedule(schedule, START);
    }

    /** A node that runs what it takes at once. */
    private final class Node {
        final EventDispatcher dispatcher;
        final Ticker ticker;

        Node(String name, RegionStore store) {
            dispatcher =
                    new EventDispatcher(
                            new Place("eu-west", name, 2),
                            store.events(),
                            this::run,
                            task -> EventRule.DEFAULT,
                            (event, end, kept) -> {},
                            () -> now,
                            new Random(1));
            ticker =
                    new Ticker(
                            store.events(), () -> Stream.of(often()), () -> now, dispatcher::wake);
            dispatcher.start();
        }

        private CompletableFuture<RunAnswer> run(KeptEvent event) {
            runs.add(event);
            return CompletableFuture.completedFuture(
                    new RunAnswer(200, Optional.empty(), Optional.of("1"), Optional.empty()));
        }

        void look() {
            ticker.look();
            dispatcher.tick();
        }
    }

    /** And they are over: a lease would end when the clock is moved. */
    private void awaitRuns(int count, RegionStore store, Node... nodes) {
        WholeRegion.await(
                () -> {
                    Stream.of(nodes).forEach(Node::look);
                    return runs.size() >= count;
                },
                () -> "%d of %d at %s: %s".formatted(runs.size(), count, now, runs));
        WholeRegion.await(
                () -> store.events().queued().join() == 0, () -> "not all are over: " + runs);
    }

    @Test
    void nodesOverOneStoreRunEachTickOnceAlsoWhenTheyStartAgain() throws Exception {
        try (RegionStore store = store();
                ExecutorService threads = Executors.newFixedThreadPool(2)) {
            Node one = new Node("n1", store);
            Node two = new Node("n2", store);
            for (int i = 1; i <= 20; i++) {
                now = START.plusSeconds(60L * i);
                // Both at once, on threads of their own.
                for (Future<?> each :
                        List.of(threads.submit(one::look), threads.submit(two::look))) {
                    var unused = each.get(30, TimeUnit.SECONDS);
                }
                awaitRuns(i, store, one, two);
            }
        }
        try (RegionStore store = store()) {
            Node again = new Node("n1", store);
            // It does not know what was before: the store does.
            again.look();
            now = now.plusSeconds(60);
            awaitRuns(21, store, again);
        }
        List<RequestId> ids = runs.stream().map(KeptEvent::id).toList();
        assertEquals(21, ids.size());
        assertEquals(21, ids.stream().distinct().count());
    }

    /** The requests of a user that were charged, each as often as it ran. */
    private static List<String> ran(User user, String task) {
        return user
                .ask(200, "GET", "/v1/usage/calls", "")
                .path("calls")
                .findParents("requestId")
                .stream()
                .filter(one -> one.path("task").asText().equals(task))
                .map(one -> one.path("requestId").asText())
                .sorted()
                .toList();
    }

    /** What the ids of a tick's events begin with. */
    private static String begin(Instant tick) {
        return RequestId.of(tick.toEpochMilli(), new byte[10]).value().substring(0, 10);
    }

    private static void awaitRan(User user, List<Instant> ticks) {
        List<String> expected = ticks.stream().map(SchedulesIT::begin).toList();
        WholeRegion.await(
                () ->
                        ran(user, "demo/sum").stream()
                                .map(id -> id.substring(0, 10))
                                .toList()
                                .equals(expected),
                () -> expected + " should have run: " + ran(user, "demo/sum"));
    }

    /** The node's clock is moved to the next minute, twice, and set back in between. */
    @Test
    void aNodeCallsATaskByACalendarOnceATickAlsoWhenItStartsAgain() throws Exception {
        try (WholeRegion region = new WholeRegion(data)) {
            region.start();
            User demo = region.account("demo");
            demo.deploy("sum", "checksum");
            String body = "{\"task\":\"sum\",\"cron\":\"* * * * *\",\"catchUp\":\"1h\"}";
            JsonNode made = demo.ask(201, "PUT", "/v1/schedules/often", body);
            Instant first = Instant.parse(made.path("next").asText());
            region.moveClockTo(first);
            awaitRan(demo, List.of(first));
            region.stop();
            region.moveClockTo(Instant.now());
            region.start();
            Instant second = first.plusSeconds(60);
            region.moveClockTo(second);
            awaitRan(demo, List.of(first, second));
        }
    }

    @Test
    void whatATaskFailsByACalendarIsToldToTheTaskThatItsOwnerNames() throws Exception {
        try (WholeRegion region = new WholeRegion(data)) {
            region.start();
            User demo = region.account("demo");
            demo.deploy("picky", "webhook-verify");
            demo.deploy("dead", "checksum");
            String rule = "{\"retries\":0,\"onFailure\":\"dead\"}";
            demo.ask(200, "PUT", "/v1/tasks/picky/events", rule);
            String body = "{\"task\":\"picky\",\"cron\":\"* * * * *\",\"payload\":\"7\"}";
            JsonNode made = demo.ask(201, "PUT", "/v1/schedules/often", body);
            region.moveClockTo(Instant.parse(made.path("next").asText()));
            WholeRegion.await(() -> demo.callsOf("demo/dead") > 0, () -> demo.log("picky"));
            String log = demo.log("picky");
            assertTrue(log.contains("given up: the task failed it too often"), log);
        }
    }
}
