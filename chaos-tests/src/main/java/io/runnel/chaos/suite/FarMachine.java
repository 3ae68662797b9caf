package io.runnel.chaos.suite;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.runnel.topology.Address;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** One whose supervisor listens to tests, as the topology says, and is asked by HTTP. */
final class FarMachine implements Machine, AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration MOST_TO_CONNECT = Duration.ofSeconds(5);

    /** A start waits until the node is ready. */
    private static final Duration MOST = Duration.ofMinutes(3);

    private static final int DONE = 200;
    private static final int NO_PROCESS = 409;

    private final Address supervisor;
    private final String token;
    private final HttpClient client = PlainHttp.client(MOST_TO_CONNECT);

    /**
     * The machine whose supervisor listens there.
     *
     * @param token the network's
     */
    FarMachine(Address supervisor, String token) {
        this.supervisor = supervisor;
        this.token = token;
    }

    @Override
    public List<Node> nodes() {
        JsonNode nodes = must(send("GET", "/v1/nodes")).path("nodes");
        List<Node> found = new ArrayList<>();
        for (JsonNode one : nodes) {
            String url = scheme(one) + "://" + one.path("listen").asText();
            found.add(Node.of(one, one.path("phase").asText(), url));
        }
        return found;
    }

    /** Nobody is taken to speak clear text because his supervisor does not say. */
    private String scheme(JsonNode node) {
        JsonNode secured = node.path("secured");
        if (!secured.isBoolean()) {
            throw new NetworkException(
                    "the supervisor at %s does not say whether a node speaks TLS"
                            .formatted(supervisor));
        }
        return secured.asBoolean() ? "https" : "http";
    }

    @Override
    public boolean signal(Node node, Signal signal) {
        HttpResponse<String> answer = send("POST", path(node.name(), signal.label()));
        if (answer.statusCode() == NO_PROCESS) {
            return false;
        }
        JsonNode unused = must(answer);
        return true;
    }

    @Override
    public void stop(String node) {
        JsonNode unused = must(send("POST", path(node, "stop")));
    }

    @Override
    public void start(String node) {
        JsonNode unused = must(send("POST", path(node, "start")));
    }

    private static String path(String node, String what) {
        return "/v1/nodes/%s/%s".formatted(node, what);
    }

    private HttpResponse<String> send(String method, String path) {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create("http://" + supervisor + path))
                        .timeout(MOST)
                        .header("Authorization", "Bearer " + token)
                        .method(method, HttpRequest.BodyPublishers.noBody())
                        .build();
        try {
            return client.send(request, HttpResponse.BodyHandlers.ofString(UTF_8));
        } catch (IOException e) {
            throw new NetworkException(
                    "the supervisor at %s does not answer".formatted(supervisor), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new NetworkException("interrupted", e);
        }
    }

    private JsonNode must(HttpResponse<String> answer) {
        if (answer.statusCode() != DONE) {
            throw new NetworkException(
                    "the supervisor at %s says %d: %s"
                            .formatted(supervisor, answer.statusCode(), answer.body()));
        }
        try {
            return JSON.readTree(answer.body());
        } catch (IOException e) {
            throw new NetworkException(
                    "the supervisor at %s says no JSON".formatted(supervisor), e);
        }
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
