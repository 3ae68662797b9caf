package io.runnel.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.runnel.attestation.CredentialsFile;
import io.runnel.cluster.store.PostgresServer;
import io.runnel.exec.task.CodeDigest;
import io.runnel.exec.task.NodeName;
import io.runnel.exec.task.PopId;
import io.runnel.topology.RegionNode;
import io.runnel.topology.Topology;

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
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;

/**
 * A region of three nodes on one PostgreSQL database, as real processes, before it a POP that runs
 * nothing of what is called here itself. The last node can be cut off from the others, if packets
 * may be dropped here.
 */
final class ThreeZones implements AutoCloseable {
    static final List<String> NODES = List.of("eu-west-a", "eu-west-b", "eu-west-c");

    /** What each of them has. */
    static final int SLOTS = 4;

    /** No POP takes it, for it may run longer than they allow. */
    static final String FAR = "far";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private static final String TOPOLOGY =
            """
            network: zones
            regions:
              - name: eu-west
                registry: true
                location: {lat: 53.35, lon: -6.26}
                store: %1$s
                nodes:
                  - {name: eu-west-a, zone: a, listen: 127.0.0.1:0, internal: 127.0.0.1:0, cluster: 127.0.0.1:0, admin: 127.0.0.1:0, slots: 4, memory: 256MiB}
                  - {name: eu-west-b, zone: b, listen: 127.0.0.1:0, internal: 127.0.0.1:0, cluster: 127.0.0.1:0, admin: 127.0.0.1:0, slots: 4, memory: 256MiB}
                  - {name: eu-west-c, zone: c, listen: 127.0.0.1:0, internal: %2$s:0, cluster: %2$s:0, admin: 127.0.0.1:0, slots: 4, memory: 256MiB}
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

    private final HttpClient client;
    private final PostgresServer database;
    private final byte[] code;
    private final String token;
    private final String networkToken;
    private final int ams;
    final RealNetwork network;
    final Optional<Cut> cut;
    private Topology topology;

    /** Starts it; skips the test without PostgreSQL. */
    ThreeZones(Path folder) throws IOException {
        database = PostgresServer.startOrSkip();
        cut = Cut.prepare();
        Path hello = RealNetwork.TOP.resolve("exec-runtime/samples/hello/hello.wasm");
        code = Files.readAllBytes(hello);
        Path data = folder.resolve("data");
        try {
            network = RealNetwork.start(data, file(folder), chosen -> topology = chosen);
        } catch (IOException | AssertionError e) {
            end();
            throw e;
        }
        client = network.newClient();
        ams = topology.pop(new PopId("ams")).orElseThrow().listen().port();
        CredentialsFile credentials = new CredentialsFile(data.resolve("credentials"));
        networkToken = Files.readString(data.resolve("network.token")).strip();
        token = credentials.profile("demo").orElseThrow().token().text();
    }

    private Path file(Path folder) throws IOException {
        String last = cut.map(Cut::address).orElse("127.0.0.1");
        Path file = folder.resolve("zones.yaml");
        return Files.writeString(
                file, TOPOLOGY.formatted(database.newDatabase("zones", folder), last));
    }

    /** Publishes what the tests call. */
    void prepare() {
        network.await("it is published by the second node", () -> publish("eu-west-b", FAR) == 201);
        network.await("the POP knows it", () -> call(FAR).statusCode() == 200);
    }

    @Override
    public void close() throws IOException {
        network.close();
        end();
        assertEquals(List.of(), network.processes(), "left after down");
    }

    private void end() throws IOException {
        cut.ifPresent(Cut::close);
        database.close();
    }

    /** Calls a task at the POP. */
    HttpResponse<String> call(String task) {
        return network.call(ams, task);
    }

    /** Calls a task at a node itself. */
    CompletableFuture<HttpResponse<String>> callAt(String node, String task) {
        return client.sendAsync(
                to(node, HttpRequest.newBuilder().GET(), "/fn/demo/" + task),
                BodyHandlers.ofString());
    }

    private HttpRequest to(String node, HttpRequest.Builder request, String path) {
        return whole("https://" + at(node).listen(), request, path, token);
    }

    private RegionNode at(String node) {
        return topology.regionNode(new NodeName(node)).orElseThrow();
    }

    private static HttpRequest whole(
            String node, HttpRequest.Builder request, String path, String bearer) {
        return request.uri(URI.create(node + path))
                .header("Authorization", "Bearer " + bearer)
                .timeout(PATIENCE)
                .build();
    }

    private HttpResponse<String> ask(String node, HttpRequest.Builder request, String path) {
        return ask(to(node, request, path));
    }

    private HttpResponse<String> ask(HttpRequest whole) {
        try {
            return client.send(whole, BodyHandlers.ofString());
        } catch (IOException e) {
            throw new AssertionError(whole + ": " + e, e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Calls that wait for a slot at a node. */
    double waiting(String node) {
        return metric(node, "runnel_queue_calls");
    }

    /** Calls that run at a node. */
    double running(String node) {
        return metric(node, "runnel_calls_running");
    }

    private double metric(String node, String name) {
        int port = at(node).admin().port();
        HttpRequest metrics =
                whole(
                        "http://127.0.0.1:" + port,
                        HttpRequest.newBuilder(),
                        "/metrics",
                        networkToken);
        return RealNetwork.metric(ask(metrics), name);
    }

    /** Publishes another version. */
    HttpResponse<String> post(String node, String task) {
        return post(node, task, code);
    }

    /** Publishes another version, which is this module. */
    HttpResponse<String> post(String node, String task, byte[] module) {
        ask(
                node,
                HttpRequest.newBuilder().PUT(BodyPublishers.ofByteArray(module)),
                "/v1/blobs/" + CodeDigest.of(module));
        String version =
                "{\"digest\":\"%s\",\"public\":true,\"timeout\":\"60s\"}"
                        .formatted(CodeDigest.of(module));
        return ask(
                node,
                HttpRequest.newBuilder()
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(version)),
                "/v1/tasks/" + task + "/versions");
    }

    /** Publishes another version; the status of the answer, 0 if there is none. */
    int publish(String node, String task) {
        try {
            return post(node, task).statusCode();
        } catch (AssertionError gone) {
            return 0;
        }
    }

    /** The versions that a node knows. */
    Set<Integer> versions(String node, String task) {
        Set<Integer> found = new TreeSet<>();
        task(node, task).path("versions").forEach(v -> found.add(v.path("version").asInt()));
        return found;
    }

    /** All that a node says of a task's versions. */
    JsonNode task(String node, String task) {
        return json(ask(node, HttpRequest.newBuilder().GET(), "/v1/tasks/" + task + "/versions"));
    }

    static JsonNode json(HttpResponse<String> answer) {
        try {
            return JSON.readTree(answer.body());
        } catch (IOException e) {
            throw new AssertionError(answer.body(), e);
        }
    }

    /** Which nodes may write, as the database says. */
    Set<String> writers() {
        try {
            String names = database.sql("zones", "SELECT holder FROM lease WHERE name = 'writers'");
            return new TreeSet<>(List.of(names.split(",")));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
