package io.runnel.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.exec.task.PopId;
import io.runnel.topology.Topology;
import io.runnel.topology.TopologyReader;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/** A network whose topology changes while users call it. */
final class TopologyApplyIT {
    private static final String PARIS =
            """
              - name: cdg
                location: {lat: 49.0, lon: 2.5}
                listen: 127.0.0.1:0
                admin: 127.0.0.1:0
                region: eu-west
                failover: [us-east]
                slots: 4
                memory: 256MiB
                restrictions: {maxMemory: 256MiB, maxDuration: 30s, runtimes: [wasm]}
            links:
            """;

    private final AtomicBoolean over = new AtomicBoolean();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private int ams;

    @Test
    void popsComeAndGoAndNothingIsStranded(@TempDir Path folder) throws Exception {
        String two =
                Files.readString(RealNetwork.TOP.resolve("topology/examples/two-regions.yaml"))
                        .replaceAll("127\\.0\\.0\\.1:\\d+", "127.0.0.1:0");
        Path first = Files.writeString(folder.resolve("two.yaml"), two);
        try (RealNetwork network = RealNetwork.start(folder.resolve("data"), first, this::learn)) {
            refusesWhatWouldStrand(network, folder, two);
            Thread user = Thread.ofPlatform().start(this::use);
            Path second =
                    Files.writeString(
                            folder.resolve("other.yaml"),
                            withoutLondon(two).replaceFirst("links:.*\n", PARIS));
            network.runnel("topology", "apply", second.toString(), "--yes").mustWork();
            over.set(true);
            user.join();
            assertEquals(List.of(), List.copyOf(failures));
            assertEquals(Optional.empty(), network.node("lhr"));
            Topology now = TopologyReader.read(folder.resolve("data/topology.yaml"));
            int cdg = now.pop(new PopId("cdg")).orElseThrow().listen().port();
            assertEquals(200, network.call(cdg, "hello").statusCode());
            assertEquals(ams, now.pop(new PopId("ams")).orElseThrow().listen().port());
            RealNetwork.Said again =
                    network.runnel("topology", "apply", second.toString(), "--yes").mustWork();
            assertTrue(again.err().contains("the network is so already"), again::toString);
        }
    }

    private static void refusesWhatWouldStrand(RealNetwork network, Path folder, String two)
            throws IOException {
        String hello = RealNetwork.TOP.resolve("exec-runtime/samples/hello/hello.wasm").toString();
        network.runnel("deploy", "bound", hello, "--public", "--regions", "us-east").mustWork();
        Path file = Files.writeString(folder.resolve("one.yaml"), withoutTheEast(two));
        RealNetwork.Said said = network.runnel("topology", "apply", file.toString(), "--yes");
        assertEquals(1, said.exit(), said::toString);
        assertTrue(
                said.err().contains("task demo/bound could run nowhere: it is bound to us-east"),
                said::toString);
        assertTrue(network.node("us-east-1").isPresent());
    }

    private void learn(Topology chosen) {
        ams = chosen.pop(new PopId("ams")).orElseThrow().listen().port();
    }

    private static String without(String text, String from, String to) {
        return text.substring(0, text.indexOf(from)) + text.substring(text.indexOf(to));
    }

    private static String withoutLondon(String two) {
        return without(two, "  - name: lhr", "  - name: iad")
                .replaceAll("  - \\{from: lhr.*\n", "");
    }

    private static String withoutTheEast(String two) {
        return without(without(two, "  - name: us-east", "pops:"), "  - name: iad", "links:")
                .replaceAll("  - \\{from: .*(us-east|iad).*\n", "")
                .replaceAll("    failover: .*\n", "");
    }

    private void use() {
        try (PlainClient client = new PlainClient(ams)) {
            while (!over.get()) {
                PlainClient.Answer answer = client.call("GET", "/fn/demo/hello", "");
                if (answer.status() != 200) {
                    failures.add(answer.toString());
                }
                LockSupport.parkNanos(10_000_000);
            }
        } catch (IOException e) {
            failures.add(e.toString());
        }
    }
}
