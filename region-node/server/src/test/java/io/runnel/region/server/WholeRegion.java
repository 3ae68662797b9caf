package io.runnel.region.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.runnel.attestation.BearerToken;
import io.runnel.attestation.CredentialsFile;
import io.runnel.attestation.NetworkToken;
import io.runnel.attestation.Profile;
import io.runnel.attestation.authority.AuthorityFolder;
import io.runnel.attestation.certificate.ChainVerifier;
import io.runnel.attestation.tls.RegionTrust;
import io.runnel.exec.node.NodeArguments;
import io.runnel.exec.task.CodeDigest;
import io.runnel.exec.task.RegionId;
import io.runnel.topology.BoundPorts;
import io.runnel.topology.Topology;
import io.runnel.topology.TopologyReader;
import io.runnel.topology.TopologyWriter;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** A region of one whole node, with users who ask it over TLS; may be stopped and started again. */
final class WholeRegion implements AutoCloseable {
    static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final String TOPOLOGY =
            """
            network: events
            regions:
              - name: home
                registry: true
                location: {lat: 53.35, lon: -6.26}
                nodes:
                  - {name: home-1, listen: 127.0.0.1:0, internal: 127.0.0.1:0, cluster: 127.0.0.1:0, admin: 127.0.0.1:0, slots: 2, memory: 256MiB}
            """;

    private final Path data;
    private final HttpClient client;
    private final int port;
    private final BearerToken admin;
    private Optional<RegionServer> server = Optional.empty();

    /** How far its nodes' clock is ahead. */
    private volatile Duration ahead = Duration.ZERO;

    /** What {@code up} leaves in the folder. */
    WholeRegion(Path data) throws IOException {
        this.data = data;
        SecureRandom random = new SecureRandom();
        NetworkToken.readOrCreate(data.resolve("network.token"), random);
        AuthorityFolder authorities = new AuthorityFolder(data);
        List<RegionId> missing =
                authorities.ensure("events", List.of(new RegionId("home")), Instant.now(), random);
        assertEquals(List.of(), missing);
        this.admin = BearerToken.generate(random);
        new CredentialsFile(data.resolve("credentials"))
                .put(new Profile("admin", admin, Optional.empty(), Optional.empty()));
        try (BoundPorts ports = new BoundPorts()) {
            Topology topology = TopologyReader.parse(TOPOLOGY).withFreePorts(ports);
            Files.writeString(data.resolve("topology.yaml"), TopologyWriter.write(topology));
            Files.createDirectories(node());
            this.port = topology.regions().getFirst().nodes().getFirst().listen().port();
        }
        ChainVerifier root = new ChainVerifier(authorities.root().orElseThrow());
        this.client =
                HttpClient.newBuilder()
                        .sslContext(new RegionTrust(root, InstantSource.system()).context())
                        .connectTimeout(PATIENCE)
                        .build();
    }

    private Path node() {
        return data.resolve("nodes").resolve("home-1");
    }

    /** The folder of its node's marks. */
    NodeArguments arguments() {
        return NodeArguments.parse(List.of("--data", data.toString(), "--node", "home-1"));
    }

    /** Whether its node takes work of its own when it starts. */
    void drained(boolean yes) throws IOException {
        Path mark = arguments().folder().drained();
        if (yes) {
            Files.writeString(mark, "");
        } else {
            Files.deleteIfExists(mark);
        }
    }

    void start() throws Exception {
        server = Optional.of(RegionServer.start(arguments(), () -> Instant.now().plus(ahead)));
    }

    /** Has its node's clock show this now, and go on from there. */
    void moveClockTo(Instant time) {
        ahead = Duration.between(Instant.now(), time);
    }

    void stop() {
        server.ifPresent(RegionServer::close);
        server = Optional.empty();
    }

    /** A user with a key. */
    final class User {
        private final String token;

        private User(String token) {
            this.token = token;
        }

        HttpResponse<String> send(String method, String path, byte[] body, String... headers) {
            HttpRequest.Builder request =
                    HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + port + path))
                            .timeout(PATIENCE)
                            .header("Authorization", "Bearer " + token)
                            .method(method, BodyPublishers.ofByteArray(body));
            if (headers.length > 0) {
                request.headers(headers);
            }
            try {
                return client.send(request.build(), BodyHandlers.ofString());
            } catch (IOException e) {
                throw new AssertionError(method + " " + path + ": " + e, e);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        /** Asks the control API. */
        JsonNode ask(int status, String method, String path, String body) {
            HttpResponse<String> answer =
                    send(
                            method,
                            path,
                            body.getBytes(StandardCharsets.UTF_8),
                            "Content-Type",
                            "application/json");
            assertEquals(status, answer.statusCode(), path + ": " + answer.body());
            try {
                return JSON.readTree(answer.body());
            } catch (IOException e) {
                throw new AssertionError(answer.body(), e);
            }
        }

        /** Publishes a sample that takes events. */
        void deploy(String task, String sample) throws IOException {
            Path samples = Path.of("..", "..", "exec-runtime", "samples");
            byte[] code = Files.readAllBytes(samples.resolve(sample).resolve(sample + ".wasm"));
            String digest = CodeDigest.of(code).value();
            send("PUT", "/v1/blobs/" + digest, code);
            String version = "{\"digest\":\"%s\",\"handler\":\"event\"}".formatted(digest);
            ask(201, "POST", "/v1/tasks/" + task + "/versions", version);
        }

        /** Calls a task that nobody waits for. */
        HttpResponse<String> event(String task, String payload) {
            return send(
                    "POST",
                    "/2015-03-31/functions/" + task + "/invocations",
                    payload.getBytes(StandardCharsets.UTF_8),
                    "X-Amz-Invocation-Type",
                    "Event");
        }

        /** What was charged of this request: each run's outcome. */
        List<String> charged(String request) {
            return ask(200, "GET", "/v1/usage/calls", "")
                    .path("calls")
                    .findParents("requestId")
                    .stream()
                    .filter(one -> one.path("requestId").asText().equals(request))
                    .map(one -> one.path("outcome").asText())
                    .toList();
        }

        /** How many calls of a task were charged. */
        int callsOf(String task) {
            return ask(200, "GET", "/v1/usage", "").path("usage").findParents("task").stream()
                    .filter(one -> one.path("task").asText().equals(task))
                    .mapToInt(one -> one.path("calls").asInt())
                    .sum();
        }

        /** What stands in a task's log. */
        String log(String task) {
            return ask(200, "GET", "/v1/tasks/" + task + "/logs?limit=100", "").toString();
        }
    }

    User admin() {
        return new User(admin.text());
    }

    /** Makes an account, and a key of it. */
    User account(String name) {
        admin().ask(201, "POST", "/v1/accounts", "{\"name\":\"%s\"}".formatted(name));
        return key(name);
    }

    User key(String account) {
        String path = "/v1/accounts/%s/keys".formatted(account);
        return new User(admin().ask(201, "POST", path, "{}").path("token").asText());
    }

    /** Waits until something is so. */
    static void await(BooleanSupplier so, Supplier<String> state) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!so.getAsBoolean()) {
            if (System.nanoTime() - end > 0) {
                throw new AssertionError(state.get());
            }
            LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
        }
    }

    @Override
    public void close() {
        stop();
        client.close();
    }
}
