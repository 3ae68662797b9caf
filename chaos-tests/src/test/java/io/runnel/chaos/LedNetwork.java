package io.runnel.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import eu.rekawek.toxiproxy.Proxy;
import eu.rekawek.toxiproxy.ToxiproxyClient;
import eu.rekawek.toxiproxy.model.Toxic;
import eu.rekawek.toxiproxy.model.ToxicDirection;

import io.runnel.attestation.CredentialsFile;
import io.runnel.chaos.proxy.FaultProxy;
import io.runnel.exec.task.CodeDigest;
import io.runnel.exec.task.NodeName;
import io.runnel.exec.task.PopId;
import io.runnel.topology.Topology;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
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
import java.util.concurrent.CompletableFuture;

/**
 * A POP before two regions, as real processes, every way between them through the fault proxy. The
 * POP's own region, where tasks are written, is 18 ms farther than the other one: if nothing else
 * speaks for it, that one is asked first.
 */
final class LedNetwork implements AutoCloseable {
    static final int DISTANCE_MS = 18;

    private static final long SEED = 20_261_126L;
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String NOWHERE = "127.0.0.1:1";
    private static final String TOPOLOGY =
            """
            network: led
            regions:
              - name: far
                registry: true
                location: {lat: 53.35, lon: -6.26}
                nodes:
                  - {name: far-1, listen: 127.0.0.1:0, internal: 127.0.0.1:0, cluster: 127.0.0.1:0, admin: 127.0.0.1:0, slots: 8, memory: 512MiB}
              - name: near
                location: {lat: 52.52, lon: 13.40}
                nodes:
                  - {name: near-1, listen: 127.0.0.1:0, internal: 127.0.0.1:0, cluster: 127.0.0.1:0, admin: 127.0.0.1:0, slots: 8, memory: 512MiB}
            pops:
              - name: ams
                location: {lat: 52.37, lon: 4.90}
                listen: 127.0.0.1:0
                admin: 127.0.0.1:0
                region: far
                failover: [near]
                slots: 3
                memory: 512MiB
                restrictions: {maxMemory: 256MiB, maxDuration: 30s, runtimes: [wasm]}
            links:
              - {from: ams, to: far, rtt: 20ms, via: {internal: %s, cluster: %s}}
              - {from: ams, to: near, rtt: 1ms, via: {internal: %s}}
              - {from: near, to: far, rtt: 20ms, via: {internal: %s}}
            """;

    private final HttpClient client;
    private final FaultProxy faults;
    final RealNetwork network;
    final Proxy amsFar;
    final Proxy amsFarCluster;
    final Proxy amsNear;
    final Proxy nearFar;
    private final String token;
    private final String networkToken;
    private Topology topology;

    private LedNetwork(Path folder) throws IOException {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        faults = FaultProxy.start(new InetSocketAddress(loopback, 0), SEED);
        ToxiproxyClient proxies =
                new ToxiproxyClient(loopback.getHostAddress(), faults.address().getPort());
        amsFar = proxies.createProxy("ams-far", "127.0.0.1:0", NOWHERE);
        amsFarCluster = proxies.createProxy("ams-far-cluster", "127.0.0.1:0", NOWHERE);
        amsNear = proxies.createProxy("ams-near", "127.0.0.1:0", NOWHERE);
        nearFar = proxies.createProxy("near-far", "127.0.0.1:0", NOWHERE);
        Path file =
                Files.writeString(
                        folder.resolve("led.yaml"),
                        TOPOLOGY.formatted(
                                amsFar.getListen(),
                                amsFarCluster.getListen(),
                                amsNear.getListen(),
                                nearFar.getListen()));
        Path data = folder.resolve("data");
        network = RealNetwork.start(data, file, this::lead);
        client = network.newClient();
        token =
                new CredentialsFile(data.resolve("credentials"))
                        .profile("demo")
                        .orElseThrow()
                        .token()
                        .text();
        networkToken = Files.readString(data.resolve("network.token")).strip();
        mend();
    }

    static LedNetwork start(Path folder) throws IOException {
        return new LedNetwork(folder);
    }

    private void lead(Topology chosen) {
        topology = chosen;
        var far = chosen.regionNode(new NodeName("far-1")).orElseThrow();
        var near = chosen.regionNode(new NodeName("near-1")).orElseThrow();
        try {
            amsFar.setUpstream(far.internal().toString());
            amsFarCluster.setUpstream(far.cluster().toString());
            nearFar.setUpstream(far.internal().toString());
            amsNear.setUpstream(near.internal().toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Takes all faults away; what is far stays far. */
    void mend() throws IOException {
        for (Proxy proxy : List.of(amsFar, amsFarCluster, amsNear, nearFar)) {
            for (Toxic toxic : proxy.toxics().getAll()) {
                toxic.remove();
            }
            proxy.enable();
        }
        amsFar.toxics().latency("distance", ToxicDirection.DOWNSTREAM, DISTANCE_MS);
    }

    int ams() {
        return topology.pop(new PopId("ams")).orElseThrow().listen().port();
    }

    private int listen(String node) {
        return topology.regionNode(new NodeName(node)).orElseThrow().listen().port();
    }

    private int admin(String node) {
        return topology.regionNode(new NodeName(node)).orElseThrow().admin().port();
    }

    /** Calls a task at the POP. */
    HttpResponse<String> call(String task) {
        return network.call(ams(), task);
    }

    /** Calls a task at a region's own door. */
    HttpResponse<String> callAt(String node, String task) {
        return network.callRegion(listen(node), task);
    }

    /** Sends a request to the POP, with the account's key. */
    CompletableFuture<HttpResponse<String>> send(HttpRequest.Builder request, String path) {
        HttpRequest whole = whole(inClearText(ams()), request, path, token);
        return client.sendAsync(whole, BodyHandlers.ofString());
    }

    private static String inClearText(int port) {
        return "http://127.0.0.1:" + port;
    }

    private static HttpRequest whole(
            String node, HttpRequest.Builder request, String path, String token) {
        return request.uri(URI.create(node + path))
                .header("Authorization", "Bearer " + token)
                .timeout(Duration.ofSeconds(30))
                .build();
    }

    /**
     * Publishes a version in its home region, and does not wait for others.
     *
     * @param options more fields of the version, as JSON, each with a comma before it
     */
    int publish(String task, byte[] code, String options) {
        CodeDigest digest = CodeDigest.of(code);
        ask(
                "far-1",
                HttpRequest.newBuilder().PUT(BodyPublishers.ofByteArray(code)),
                "/v1/blobs/" + digest);
        HttpRequest.Builder version =
                HttpRequest.newBuilder()
                        .header("Content-Type", "application/json")
                        .POST(
                                BodyPublishers.ofString(
                                        "{\"digest\":\"%s\",\"public\":true%s}"
                                                .formatted(digest, options)));
        HttpResponse<String> made = ask("far-1", version, "/v1/tasks/" + task + "/versions");
        if (made.statusCode() != 201) {
            throw new AssertionError(made.statusCode() + " " + made.body());
        }
        return json(made.body()).path("version").asInt();
    }

    private HttpResponse<String> ask(String node, HttpRequest.Builder request, String path) {
        return get(whole("https://127.0.0.1:" + listen(node), request, path, token));
    }

    private HttpResponse<String> get(HttpRequest request) {
        try {
            return client.send(request, BodyHandlers.ofString());
        } catch (IOException e) {
            throw new AssertionError(request + ": " + e, e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Calls that a region's node has dealt with since it began; waits until that stands still. */
    double callsAt(String node) {
        double[] last = {-1};
        network.await(
                "no call ends at " + node,
                () -> {
                    double before = last[0];
                    last[0] = metric(node, "runnel_calls_seconds_count");
                    return last[0] == before;
                });
        return last[0];
    }

    /** Calls that run there. */
    double running(String node) {
        return metric(node, "runnel_calls_running");
    }

    private double metric(String node, String name) {
        HttpRequest metrics =
                whole(inClearText(admin(node)), HttpRequest.newBuilder(), "/metrics", networkToken);
        return RealNetwork.metric(get(metrics), name);
    }

    /** One word of what the POP would do with a call of the task now, and why. */
    String explained(String task, String score) {
        JsonNode said = explained(task);
        for (JsonNode each : said.path("scores")) {
            if (each.path("name").asText().equals(score)) {
                return each.path("value").asText();
            }
        }
        throw new AssertionError(said.toString());
    }

    /** What the POP says of a task; of one that it does not know, a problem. */
    JsonNode explained(String task) {
        int port = topology.pop(new PopId("ams")).orElseThrow().admin().port();
        return json(
                get(whole(
                                inClearText(port),
                                HttpRequest.newBuilder(),
                                "/v1/explain/demo/" + task,
                                networkToken))
                        .body());
    }

    /** Whether the POP knows a task. */
    boolean knows(String task) {
        return explained(task).has("scores");
    }

    static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            throw new AssertionError(text, e);
        }
    }

    @Override
    public void close() {
        network.close();
        faults.close();
        if (!network.processes().isEmpty()) {
            throw new AssertionError("left after down: " + network.processes());
        }
    }
}
