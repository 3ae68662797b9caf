package io.runnel.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.runnel.attestation.CredentialsFile;
import io.runnel.cluster.store.PostgresServer;
import io.runnel.exec.task.CodeDigest;
import io.runnel.exec.task.NodeName;
import io.runnel.exec.task.PopId;
import io.runnel.topology.Topology;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
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
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A region of three nodes on one PostgreSQL database, as real processes, before it a POP that runs
 * nothing of what is called here itself.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ThreeZonesIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> NODES = List.of("eu-west-a", "eu-west-b", "eu-west-c");

    /** No POP takes it, for it may run longer than they allow. */
    private static final String FAR = "far";

    private static final String TOPOLOGY =
            """
            network: zones
            regions:
              - name: eu-west
                registry: true
                location: {lat: 53.35, lon: -6.26}
                store: %s
                nodes:
                  - {name: eu-west-a, zone: a, listen: 127.0.0.1:0, internal: 127.0.0.1:0, cluster: 127.0.0.1:0, admin: 127.0.0.1:0, slots: 4, memory: 256MiB}
                  - {name: eu-west-b, zone: b, listen: 127.0.0.1:0, internal: 127.0.0.1:0, cluster: 127.0.0.1:0, admin: 127.0.0.1:0, slots: 4, memory: 256MiB}
                  - {name: eu-west-c, zone: c, listen: 127.0.0.1:0, internal: 127.0.0.1:0, cluster: 127.0.0.1:0, admin: 127.0.0.1:0, slots: 4, memory: 256MiB}
            pops:
              - name: ams
                location: {lat: 52.37, lon: 4.90}
                listen: 127.0.0.1:0
                admin: 127.0.0.1:0
                region: eu-west
                slots: 4
                memory: 512MiB
                restrictions: {maxMemory: 256MiB, maxDuration: 30s, runtimes: [wasm]}
            """;

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private PostgresServer database;
    private RealNetwork network;
    private Topology topology;
    private byte[] code;
    private String token;
    private int ams;

    @BeforeAll
    void start(@TempDir Path folder) throws IOException {
        database = PostgresServer.startOrSkip();
        database.sql("postgres", "CREATE DATABASE zones");
        Path password = Files.writeString(folder.resolve("password"), PostgresServer.PASSWORD);
        Files.setPosixFilePermissions(password, PosixFilePermissions.fromString("rw-------"));
        Path file = folder.resolve("zones.yaml");
        Files.writeString(file, TOPOLOGY.formatted(database.url("zones", password)));
        Path data = folder.resolve("data");
        network = RealNetwork.start(data, file, chosen -> topology = chosen);
        ams = topology.pop(new PopId("ams")).orElseThrow().listen().port();
        Path hello = RealNetwork.TOP.resolve("exec-runtime/samples/hello/hello.wasm");
        code = Files.readAllBytes(hello);
        CredentialsFile credentials = new CredentialsFile(data.resolve("credentials"));
        token = credentials.profile("demo").orElseThrow().token().text();
        network.await("it is published by the second node", () -> publish("eu-west-b", FAR) == 201);
        network.await("the POP knows it", () -> network.call(ams, FAR).statusCode() == 200);
    }

    @AfterAll
    void stop() throws IOException {
        if (network != null) {
            network.close();
            assertEquals(List.of(), network.processes(), "left after down");
        }
        if (database != null) {
            database.close();
        }
    }

    private HttpResponse<String> ask(String node, HttpRequest.Builder request, String path) {
        int port = topology.regionNode(new NodeName(node)).orElseThrow().listen().port();
        HttpRequest whole =
                request.uri(URI.create("http://127.0.0.1:%d%s".formatted(port, path)))
                        .header("Authorization", "Bearer " + token)
                        .timeout(Duration.ofSeconds(30))
                        .build();
        try {
            return client.send(whole, BodyHandlers.ofString());
        } catch (IOException e) {
            throw new AssertionError(whole + ": " + e, e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private HttpResponse<String> post(String node, String task) {
        ask(
                node,
                HttpRequest.newBuilder().PUT(BodyPublishers.ofByteArray(code)),
                "/v1/blobs/" + CodeDigest.of(code));
        String version =
                "{\"digest\":\"%s\",\"public\":true,\"timeout\":\"60s\"}"
                        .formatted(CodeDigest.of(code));
        return ask(
                node,
                HttpRequest.newBuilder()
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(version)),
                "/v1/tasks/" + task + "/versions");
    }

    /** Publishes another version; the status of the answer, 0 if there is none. */
    private int publish(String node, String task) {
        try {
            return post(node, task).statusCode();
        } catch (AssertionError gone) {
            return 0;
        }
    }

    private Set<Integer> versions(String node, String task) {
        HttpResponse<String> answer =
                ask(node, HttpRequest.newBuilder().GET(), "/v1/tasks/" + task + "/versions");
        Set<Integer> found = new TreeSet<>();
        json(answer).path("versions").forEach(v -> found.add(v.path("version").asInt()));
        return found;
    }

    private static JsonNode json(HttpResponse<String> answer) {
        try {
            return JSON.readTree(answer.body());
        } catch (IOException e) {
            throw new AssertionError(answer.body(), e);
        }
    }

    @Test
    void anyNodeAnswersForTheRegion() {
        for (String node : NODES) {
            network.await(node + " writes", () -> publish(node, "everywhere") == 201);
        }
        for (String node : NODES) {
            network.await(
                    node + " knows all three",
                    () -> versions(node, "everywhere").equals(Set.of(1, 2, 3)));
        }
        Set<String> ran = new HashSet<>();
        network.await(
                "every node runs calls",
                () -> {
                    HttpResponse<String> answer = network.call(ams, FAR);
                    assertEquals(200, answer.statusCode(), answer.body());
                    ran.add(RealNetwork.ranAt(answer));
                    return ran.size() == NODES.size();
                });
    }

    @Test
    void aNodeThatIsKilledCostsNoCallAndNoAcknowledgedWrite() {
        Set<Integer> acknowledged = new ConcurrentSkipListSet<>();
        AtomicBoolean over = new AtomicBoolean();
        AtomicInteger calls = new AtomicInteger();
        network.await("the node writes", () -> publish("eu-west-a", "kept") == 201);
        CompletableFuture<Void> calling = inBackground(over, () -> call(calls));
        CompletableFuture<Void> writing = inBackground(over, () -> write(acknowledged));
        network.await("it is at work", () -> acknowledged.size() > 5 && calls.get() > 20);
        network.process("eu-west-a").destroyForcibly();
        int then = calls.get();
        network.await("calls go on", () -> calls.get() > then + 200 || calling.isDone());
        over.set(true);
        calling.join();
        writing.join();
        for (String node : List.of("eu-west-b", "eu-west-c")) {
            network.await(
                    node + " has what was acknowledged: " + acknowledged,
                    () -> versions(node, "kept").containsAll(acknowledged));
        }
        network.await("the node is back, and writes", () -> publish("eu-west-a", "kept") == 201);
        assertTrue(versions("eu-west-a", "kept").containsAll(acknowledged));
    }

    private static CompletableFuture<Void> inBackground(AtomicBoolean over, Runnable step) {
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

    private void call(AtomicInteger calls) {
        HttpResponse<String> answer = network.call(ams, FAR);
        assertEquals(200, answer.statusCode(), answer.body());
        calls.incrementAndGet();
    }

    /** By the node that is killed: what it acknowledged before must be with the others. */
    private void write(Set<Integer> acknowledged) {
        try {
            HttpResponse<String> answer = post("eu-west-a", "kept");
            if (answer.statusCode() == 201) {
                acknowledged.add(json(answer).path("version").asInt());
            }
        } catch (AssertionError gone) {
            Thread.onSpinWait();
        }
    }

    @Test
    void theLastNodeOfThreeServesButDoesNotWrite() {
        network.runnel("stop", "eu-west-a").mustWork();
        network.runnel("stop", "eu-west-b").mustWork();
        network.await(
                "the last one does not write",
                () -> json(post("eu-west-c", "alone")).path("code").asText().equals("minority"));
        assertEquals(503, post("eu-west-c", "alone").statusCode());
        HttpResponse<String> answer = network.call(ams, FAR);
        assertEquals(
                "200 region/eu-west/eu-west-c",
                answer.statusCode() + " " + RealNetwork.ranAt(answer));
        network.runnel("start", "eu-west-a").mustWork();
        network.runnel("start", "eu-west-b").mustWork();
        for (String node : NODES) {
            network.await(node + " writes again", () -> publish(node, "together") == 201);
        }
    }
}
