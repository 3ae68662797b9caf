package io.runnel.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.attestation.CredentialsFile;
import io.runnel.exec.task.NodeName;
import io.runnel.exec.task.PopId;
import io.runnel.topology.Topology;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;

/** An account's home is killed, another region takes the account over, and the first comes back. */
final class AccountsMoveIT {
    private static final String HELLO =
            RealNetwork.TOP.resolve("exec-runtime/samples/hello/hello.wasm").toString();
    private static final String NODE =
            "{name: %s-1, zone: a, listen: 127.0.0.1:0, internal: 127.0.0.1:0, cluster:"
                    + " 127.0.0.1:0, admin: 127.0.0.1:0, slots: 4, memory: 256MiB}";
    private static final String TOPOLOGY =
            """
            network: moving
            regions:
              - name: eu-west
                registry: true
                location: {lat: 53.35, lon: -6.26}
                store: sqlite
                nodes: [%s]
              - name: us-east
                location: {lat: 38.95, lon: -77.45}
                store: sqlite
                nodes: [%s]
            pops:
              - name: ams
                location: {lat: 52.37, lon: 4.90}
                listen: 127.0.0.1:0
                admin: 127.0.0.1:0
                region: eu-west
                failover: [us-east]
                slots: 4
                memory: 512MiB
                restrictions: {maxMemory: 256MiB, maxDuration: 30s, runtimes: [wasm]}
            """
                    .formatted(NODE.formatted("eu-west"), NODE.formatted("us-east"));

    @TempDir private Path folder;
    private final AtomicReference<Topology> topology = new AtomicReference<>();
    private RealNetwork network;

    @Test
    void aLostHomesAccountIsTakenOverAndTheOldHomeIsFenced() throws IOException {
        Path file = Files.writeString(folder.resolve("network.yaml"), TOPOLOGY);
        network = RealNetwork.start(folder.resolve("data"), file, topology::set);
        try (RealNetwork running = network) {
            running.runnel("deploy", "moved", HELLO, "--public").mustWork();
            running.await("the POP has it", () -> version().equals("1"));
            assertTrue(running.process("eu-west-1").destroyForcibly());
            running.runnel("stop", "eu-west-1").mustWork();

            RealNetwork.Said moved =
                    running.runnel("accounts", "move", "demo", "--to", "us-east").mustWork();
            assertTrue(moved.out().startsWith("demo is at home in us-east"), moved::toString);
            // It says that one region has not got it: what it did is seen at the POP.
            RealNetwork.Said unused = running.runnel("deploy", "moved", HELLO, "--public");
            running.await("the POP runs what the new home wrote", () -> version().equals("2"));

            running.runnel("start", "eu-west-1").mustWork();
            running.await("it has heard", () -> write("eu-west-1").statusCode() == 200);
            running.runnel("stop", "us-east-1").mustWork();
            HttpResponse<String> fenced = write("eu-west-1");
            assertEquals(503, fenced.statusCode(), fenced::body);
            assertTrue(fenced.body().contains("us-east"), fenced::body);
            assertEquals("2", version());

            running.runnel("start", "us-east-1").mustWork();
            RealNetwork.Said back =
                    running.runnel("accounts", "move", "demo", "--to", "eu-west").mustWork();
            assertTrue(back.out().contains("nothing was lost"), back::toString);
            running.runnel("deploy", "moved", HELLO, "--public").mustWork();
            running.await("the POP runs what the first home wrote", () -> version().equals("3"));
        }
    }

    /** Which version the POP's calls get. */
    private String version() {
        int ams = topology.get().pop(new PopId("ams")).orElseThrow().listen().port();
        return network.call(ams, "moved").headers().firstValue("Runnel-Task-Version").orElse("");
    }

    /** Makes the live version live, which changes nothing, at this region's node. */
    private HttpResponse<String> write(String node) {
        int port = topology.get().regionNode(new NodeName(node)).orElseThrow().listen().port();
        String token =
                new CredentialsFile(folder.resolve("data/credentials"))
                        .profile("demo")
                        .orElseThrow()
                        .token()
                        .text();
        HttpRequest request =
                HttpRequest.newBuilder(
                                URI.create(
                                        "https://127.0.0.1:%d/v1/tasks/moved/live".formatted(port)))
                        .header("Authorization", "Bearer " + token)
                        .header("Content-Type", "application/json")
                        .timeout(Duration.ofSeconds(40))
                        .PUT(BodyPublishers.ofString("{\"version\":2}"))
                        .build();
        try (HttpClient client = network.newClient()) {
            return client.send(request, BodyHandlers.ofString());
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
