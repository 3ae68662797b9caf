package io.runnel.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.chaos.suite.WaitingGuest;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

/** A region of three nodes does what one does, and more: it bears the loss of one. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ThreeZonesIT {
    private static final List<String> NODES = ThreeZones.NODES;
    private static final String FAR = ThreeZones.FAR;
    private static final Pattern IS_WARM = Pattern.compile("region-copy\\s+warm");

    private ThreeZones zones;
    private RealNetwork network;

    @BeforeAll
    void start(@TempDir Path folder) throws IOException {
        zones = new ThreeZones(folder);
        network = zones.network;
        zones.prepare();
    }

    @AfterAll
    void stop() throws IOException {
        if (zones != null) {
            zones.close();
        }
    }

    private int publish(String node, String task) {
        return zones.publish(node, task);
    }

    private static String ranAt(HttpResponse<String> answer) {
        assertEquals(200, answer.statusCode(), answer.body());
        return RealNetwork.ranAt(answer);
    }

    @Test
    void anyNodeAnswersForTheRegion() {
        for (String node : NODES) {
            network.await(node + " writes", () -> publish(node, "everywhere") == 201);
        }
        for (String node : NODES) {
            network.await(
                    node + " knows all three",
                    () -> zones.versions(node, "everywhere").equals(Set.of(1, 2, 3)));
            HttpResponse<String> answer = zones.callAt(node, "everywhere").join();
            assertEquals("region/eu-west/" + node, ranAt(answer));
        }
    }

    /** Code of its own, for nodes know open programs by their code. */
    private void publishNew(String task, Duration wait) {
        byte[] module = WaitingGuest.module(wait);
        network.await(
                task + " is published",
                () -> zones.post("eu-west-a", task, module).statusCode() == 201);
        network.await(
                "the POP knows where %s is warm".formatted(task),
                () -> IS_WARM.matcher(network.runnel("explain", task).out()).find());
    }

    @Test
    void callsGoWhereTheTaskIsWarmUntilThatNodeHasNoRoom() {
        publishNew("quick", Duration.ofMillis(3));
        publishNew("slow", Duration.ofSeconds(49));
        String warm = ranAt(zones.call("quick"));
        for (int i = 0; i < 50; i++) {
            assertEquals(warm, ranAt(zones.call("quick")));
        }
        String node = warm.substring(warm.lastIndexOf('/') + 1);
        Calls slow = new Calls("slow");
        slow.fill(node);
        network.await(
                "calls pass the full node by", () -> !ranAt(zones.call("quick")).equals(warm));
        for (int i = 0; i < 20; i++) {
            assertNotEquals(warm, ranAt(zones.call("quick")));
        }
        slow.assertAllLast();
        slow.cancel();
    }

    @Test
    void aNodeThatIsFullHandsCallsOnUntilAllAreFull() {
        publishNew("brief", Duration.ofMillis(2));
        publishNew("lasting", Duration.ofSeconds(50));
        String full = "region/eu-west/eu-west-a";
        Calls lasting = new Calls("lasting");
        lasting.fill("eu-west-a");
        network.await(
                "another answers for the full one",
                () -> {
                    HttpResponse<String> answer = zones.callAt("eu-west-a", "brief").join();
                    return answer.statusCode() == 200 && !ranAt(answer).equals(full);
                });
        for (int i = 0; i < 20; i++) {
            assertNotEquals(full, ranAt(zones.callAt("eu-west-a", "brief").join()));
        }
        assertWasHandedOn(zones.callAt("eu-west-a", "brief").join());
        lasting.fill("eu-west-b");
        lasting.fill("eu-west-c");
        network.await("one that waits where it came runs there", () -> runsWhereItWaited(lasting));
        lasting.cancel();
    }

    /**
     * Whether a call for which no node has a slot gets the first that is free where it came. One
     * that waits for longer than a moment may be refused before; then the node is full as it was.
     */
    private boolean runsWhereItWaited(Calls lasting) {
        lasting.assertAllLast();
        CompletableFuture<HttpResponse<String>> call = zones.callAt("eu-west-a", "brief");
        network.await(
                "it waits, or is refused", () -> zones.waiting("eu-west-a") > 0 || call.isDone());
        if (call.isDone()) {
            return false;
        }
        lasting.endFirst();
        HttpResponse<String> answer = call.join();
        if (answer.statusCode() == 200) {
            assertEquals("region/eu-west/eu-west-a", ranAt(answer));
            return true;
        }
        lasting.fill("eu-west-a");
        return false;
    }

    private void assertWasHandedOn(HttpResponse<String> answer) {
        String id = answer.headers().firstValue("Runnel-Request-Id").orElseThrow();
        String told = network.runnel("why", id).out();
        String other = NODES.get(ranAt(answer).endsWith("b") ? 1 : 2);
        int there = told.indexOf("eu-west-a: forwarded to eu-west\n");
        assertTrue(there > 0 && told.indexOf(other + ": ran here\n") > there, told);
    }

    /** Calls of one task that are under way. */
    private final class Calls {
        private final String task;
        private final List<CompletableFuture<HttpResponse<String>>> sent = new ArrayList<>();

        Calls(String task) {
            this.task = task;
        }

        void at(String node) {
            sent.add(zones.callAt(node, task));
        }

        /** Takes all slots of this node, one after the other: one that has to wait is handed on. */
        void fill(String node) {
            network.await(node + " is full", () -> isFull(node));
        }

        private boolean isFull(String node) {
            double everywhere = NODES.stream().mapToDouble(zones::running).sum();
            boolean full = zones.running(node) == ThreeZones.SLOTS;
            if (!full && everywhere == sent.size()) {
                at(node);
            }
            return full;
        }

        void assertAllLast() {
            for (CompletableFuture<HttpResponse<String>> call : sent) {
                assertFalse(call.isDone(), () -> call.join() + call.join().body());
            }
        }

        void endFirst() {
            sent.removeFirst().cancel(true);
        }

        void cancel() {
            sent.forEach(call -> call.cancel(true));
        }
    }

    @Test
    void aNodeThatIsKilledCostsNoCallAndNoAcknowledgedWrite() {
        network.await("the node writes", () -> publish("eu-west-a", "kept") == 201);
        try (Load load = new Load("kept", List.of("eu-west-a"))) {
            load.awaitWork();
            network.process("eu-west-a").destroyForcibly();
            load.awaitCalls(200);
            load.end();
            for (String node : List.of("eu-west-b", "eu-west-c")) {
                awaitAll(node, "kept", load.acknowledged);
            }
            network.await("the node is back", () -> publish("eu-west-a", "kept") == 201);
            awaitAll("eu-west-a", "kept", load.acknowledged);
        }
    }

    private void awaitAll(String node, String task, Set<Integer> acknowledged) {
        network.await(
                "%s has what was acknowledged: %s".formatted(node, acknowledged),
                () -> zones.versions(node, task).containsAll(acknowledged));
    }

    @Test
    void theLastNodeOfThreeServesButDoesNotWrite() {
        network.runnel("stop", "eu-west-a").mustWork();
        network.runnel("stop", "eu-west-b").mustWork();
        network.await("the last one does not write", () -> isMinority("eu-west-c"));
        assertEquals(503, zones.post("eu-west-c", "alone").statusCode());
        assertEquals("region/eu-west/eu-west-c", ranAt(zones.call(FAR)));
        network.runnel("start", "eu-west-a").mustWork();
        network.runnel("start", "eu-west-b").mustWork();
        for (String node : NODES) {
            network.await(node + " writes again", () -> publish(node, "together") == 201);
        }
    }

    private boolean isMinority(String node) {
        HttpResponse<String> answer = zones.post(node, "alone");
        return ThreeZones.json(answer).path("code").asText().equals("minority");
    }

    /** Each in turn, for one of them names the writers, and one is its cluster's master. */
    @Test
    void aNodeThatStandsStillIsNoWriterUntilItGoesOn() {
        NODES.forEach(this::standStill);
    }

    private void standStill(String still) {
        List<String> others = NODES.stream().filter(node -> !node.equals(still)).toList();
        awaitWritersAre(NODES);
        network.await("it writes", () -> publish(still, "stood") == 201);
        long frozen = network.process(still).pid();
        try (Load load = new Load("stood", List.of(others.getFirst(), still))) {
            load.awaitWork();
            signal("-STOP", frozen);
            awaitWritersAre(others);
            load.awaitWork();
            load.awaitCalls(100);
            signal("-CONT", frozen);
            awaitWritersAre(NODES);
            network.await("it writes again", () -> publish(still, "stood") == 201);
            load.end();
            awaitSame("stood", load.acknowledged);
        } finally {
            signal("-CONT", frozen);
        }
    }

    @Test
    void aNodeThatIsCutOffServesAndDoesNotWrite() {
        Assumptions.assumeTrue(zones.cut.isPresent(), "packets are dropped by root only");
        Cut cut = zones.cut.orElseThrow();
        awaitWritersAre(NODES);
        network.await("it writes", () -> publish("eu-west-c", "split") == 201);
        try (Load load = new Load("split", NODES)) {
            load.awaitWork();
            cut.begin();
            network.await("the smaller side does not write", () -> isMinority("eu-west-c"));
            awaitWritersAre(List.of("eu-west-a", "eu-west-b"));
            load.awaitWork();
            load.awaitCalls(100);
            assertEquals(503, zones.post("eu-west-c", "split").statusCode());
            for (String node : NODES) {
                assertEquals("region/eu-west/" + node, ranAt(zones.callAt(node, FAR).join()));
            }
            cut.end();
            awaitWritersAre(NODES);
            network.await("it writes again", () -> publish("eu-west-c", "split") == 201);
            load.end();
            awaitSame("split", load.acknowledged);
        } finally {
            cut.end();
        }
    }

    private void awaitWritersAre(List<String> nodes) {
        network.await("writers are " + nodes, () -> zones.writers().equals(new TreeSet<>(nodes)));
    }

    /** Every node has all of these, and what one has the others have too. */
    private void awaitSame(String task, Set<Integer> acknowledged) {
        NODES.forEach(node -> awaitAll(node, task, acknowledged));
        network.await(
                "all know the same of " + task,
                () -> NODES.stream().map(node -> zones.task(node, task)).distinct().count() == 1);
    }

    private static void signal(String signal, long process) {
        Cut.run(List.of("kill", signal, Long.toString(process)), "");
    }

    /** Calls, all of which must be answered, and writes by some nodes, which may fail. */
    private final class Load implements AutoCloseable {
        private final String task;
        private final Set<Integer> acknowledged = new ConcurrentSkipListSet<>();
        private final AtomicBoolean over = new AtomicBoolean();
        private final AtomicInteger calls = new AtomicInteger();
        private final CompletableFuture<Void> calling = inBackground(this::call);
        private final List<CompletableFuture<Void>> writing;

        Load(String task, List<String> writers) {
            this.task = task;
            this.writing = writers.stream().map(node -> inBackground(() -> write(node))).toList();
        }

        private CompletableFuture<Void> inBackground(Runnable step) {
            CompletableFuture<Void> done = new CompletableFuture<>();
            Thread.ofVirtual()
                    .start(
                            () -> {
                                try {
                                    while (!over.get()) {
                                        step.run();
                                    }
                                    done.complete(null);
                                } catch (RuntimeException | AssertionError e) {
                                    done.completeExceptionally(e);
                                }
                            });
            return done;
        }

        private void call() {
            HttpResponse<String> answer = zones.call(FAR);
            assertEquals(200, answer.statusCode(), answer.body());
            calls.incrementAndGet();
        }

        private void write(String node) {
            try {
                HttpResponse<String> answer = zones.post(node, task);
                if (answer.statusCode() == 201) {
                    acknowledged.add(ThreeZones.json(answer).path("version").asInt());
                }
            } catch (AssertionError gone) {
                Thread.onSpinWait();
            }
        }

        /** Waits until it has written and called some more. */
        void awaitWork() {
            int written = acknowledged.size();
            network.await("writes go on", () -> acknowledged.size() > written + 5);
            awaitCalls(20);
        }

        void awaitCalls(int more) {
            int then = calls.get();
            network.await("calls go on", () -> calls.get() > then + more || calling.isDone());
        }

        /** Ends; fails if a call was not answered. */
        void end() {
            over.set(true);
            calling.join();
            writing.forEach(CompletableFuture::join);
        }

        @Override
        public void close() {
            over.set(true);
        }
    }
}
