package io.runnel.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.topology.Topology;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** Every process of a network is replaced while users call it at a steady rate. */
final class RollingRestartIT {
    /** A task that no POP takes, for it may run longer than they allow. */
    private static final String FAR = "far";

    /** What is called: what runs at POPs, what regions run, and what must not be sent twice. */
    private static final List<Call> CALLS =
            List.of(
                    new Call("GET", "/fn/demo/hello", ""),
                    new Call("GET", "/fn/demo/far", ""),
                    new Call("POST", "/fn/demo/far", "once"),
                    new Call("POST", "/fn/demo/echo", "once"));

    /** Each of these is on a thread of its own: with connections kept, and without. */
    private static final long EVERY_NANOS = 50_000_000;

    private final AtomicBoolean over = new AtomicBoolean();
    private final AtomicInteger answered = new AtomicInteger();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private List<Integer> pops = List.of();

    private record Call(String method, String path, String body) {}

    @Test
    void noCallFails(@TempDir Path folder) throws Exception {
        Path example = RealNetwork.TOP.resolve("topology/examples/two-regions.yaml");
        Path topology = folder.resolve("two.yaml");
        Files.writeString(
                topology,
                Files.readString(example).replaceAll("127\\.0\\.0\\.1:\\d+", "127.0.0.1:0"));
        try (RealNetwork network =
                RealNetwork.start(folder.resolve("data"), topology, this::learn)) {
            network.runnel("deploy", FAR, hello(), "--public", "--timeout", "60s").mustWork();
            Map<String, Long> before = pids(network);
            List<Thread> users = new ArrayList<>();
            for (int pop : pops) {
                users.add(Thread.ofPlatform().start(() -> use(pop, true)));
                users.add(Thread.ofPlatform().start(() -> use(pop, false)));
            }
            RealNetwork.Said said = network.runnel("restart", "--rolling").mustWork();
            over.set(true);
            for (Thread user : users) {
                user.join();
            }
            assertEquals(List.of(), List.copyOf(failures), said.err());
            assertTrue(answered.get() > 200, answered + " calls");
            Map<String, Long> after = pids(network);
            assertEquals(5, after.size(), after::toString);
            before.forEach((node, pid) -> assertNotEquals(pid, after.get(node), node));
        }
    }

    private void learn(Topology chosen) {
        pops = chosen.pops().stream().map(pop -> pop.listen().port()).toList();
    }

    private static String hello() {
        return RealNetwork.TOP.resolve("exec-runtime/samples/hello/hello.wasm").toString();
    }

    private static Map<String, Long> pids(RealNetwork network) {
        Map<String, Long> pids = new TreeMap<>();
        for (String node : List.of("eu-west-1", "us-east-1", "ams", "lhr", "iad")) {
            pids.put(node, network.process(node).pid());
        }
        return pids;
    }

    /** Calls when it is time, however long the call before took. */
    private void use(int port, boolean keep) {
        try (PlainClient client = new PlainClient(port)) {
            long next = System.nanoTime();
            for (int i = 0; !over.get(); i++) {
                call(client, CALLS.get(i % CALLS.size()));
                if (!keep) {
                    client.hangUp();
                }
                next += EVERY_NANOS;
                LockSupport.parkNanos(next - System.nanoTime());
            }
        } catch (IOException e) {
            failures.add("at %d: %s".formatted(port, e));
        }
    }

    private void call(PlainClient client, Call call) throws IOException {
        try {
            PlainClient.Answer answer = client.call(call.method(), call.path(), call.body());
            if (answer.status() == 200) {
                answered.incrementAndGet();
            } else {
                failures.add("%s: %s".formatted(call, answer));
            }
        } catch (IOException e) {
            failures.add("%s: %s".formatted(call, e));
            client.hangUp();
        }
    }
}
