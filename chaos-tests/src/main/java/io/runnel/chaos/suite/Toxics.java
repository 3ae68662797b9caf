package io.runnel.chaos.suite;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Speaks Toxiproxy's HTTP API to a fault proxy, ours or another one. Safe for any thread. */
final class Toxics implements AutoCloseable {
    /** The toxic that is a link's length, and no fault. */
    private static final String DISTANCE = "distance";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration MOST = Duration.ofSeconds(10);

    private final URI api;
    private final HttpClient client = PlainHttp.client(MOST);

    Toxics(URI api) {
        this.api = api;
    }

    /**
     * Makes a link that leads nowhere yet.
     *
     * @return where it listens, {@code host:port}
     */
    String create(String name) {
        ObjectNode link =
                JSON.createObjectNode()
                        .put("name", name)
                        .put("listen", "127.0.0.1:0")
                        .put("upstream", "127.0.0.1:1")
                        .put("enabled", true);
        return send("POST", "/proxies", link).path("listen").asText();
    }

    /** Takes a link away. */
    void delete(String name) {
        send("DELETE", "/proxies/" + name, JSON.missingNode());
    }

    /** Leads a link to a server. */
    void lead(String name, String upstream) {
        send("POST", "/proxies/" + name, JSON.createObjectNode().put("upstream", upstream));
    }

    /** Makes a link so long that answers come this much later, as long as it is there. */
    void distance(String name, Duration later) {
        ObjectNode toxic =
                JSON.createObjectNode()
                        .put("name", DISTANCE)
                        .put("type", "latency")
                        .put("stream", "downstream");
        toxic.putObject("attributes").put("latency", later.toMillis());
        send("POST", "/proxies/%s/toxics".formatted(name), toxic);
    }

    /** Lets connections through, or ends them all. */
    void enable(String name, boolean enabled) {
        send("POST", "/proxies/" + name, JSON.createObjectNode().put("enabled", enabled));
    }

    /** Puts a toxic on a link. */
    void add(String name, Action.Add add) {
        ObjectNode toxic =
                JSON.createObjectNode()
                        .put("name", add.toxic())
                        .put("type", add.type())
                        .put("stream", add.downstream() ? "downstream" : "upstream")
                        .put("toxicity", add.toxicity());
        ObjectNode attributes = toxic.putObject("attributes");
        add.attributes().forEach(attributes::put);
        send("POST", "/proxies/%s/toxics".formatted(name), toxic);
    }

    /** Takes a toxic away. */
    void remove(String name, String toxic) {
        send("DELETE", "/proxies/%s/toxics/%s".formatted(name, toxic), JSON.missingNode());
    }

    /** Takes all toxics of a link away, but its length, and lets connections through. */
    void heal(String name) {
        JsonNode link = send("GET", "/proxies/" + name, JSON.missingNode());
        for (JsonNode toxic : link.path("toxics")) {
            String toxicName = toxic.path("name").asText();
            if (!toxicName.equals(DISTANCE)) {
                remove(name, toxicName);
            }
        }
        if (!link.path("enabled").asBoolean()) {
            enable(name, true);
        }
    }

    /** The names of all links, by where they listen. */
    Map<String, String> byListen() {
        Map<String, String> names = new HashMap<>();
        send("GET", "/proxies", JSON.missingNode())
                .forEach(
                        link ->
                                names.put(
                                        link.path("listen").asText(), link.path("name").asText()));
        return names;
    }

    /** What was done to each link, by its name and by kind; empty if this proxy does not say it. */
    Optional<Map<String, Map<String, Long>>> acts() {
        HttpResponse<String> answer = ask("GET", "/acts", JSON.missingNode());
        if (answer.statusCode() == 404) {
            return Optional.empty();
        }
        Map<String, Map<String, Long>> all = new HashMap<>();
        for (Map.Entry<String, JsonNode> link : read("GET /acts", answer).properties()) {
            Map<String, Long> kinds = new HashMap<>();
            link.getValue().properties().forEach(k -> kinds.put(k.getKey(), k.getValue().asLong()));
            all.put(link.getKey(), Map.copyOf(kinds));
        }
        return Optional.of(Map.copyOf(all));
    }

    private JsonNode send(String method, String path, JsonNode body) {
        return read(method + " " + path, ask(method, path, body));
    }

    private JsonNode read(String what, HttpResponse<String> answer) {
        if (answer.statusCode() >= 300) {
            throw new NetworkException(
                    "the fault proxy at %s answers %s with %d: %s"
                            .formatted(api, what, answer.statusCode(), answer.body().strip()));
        }
        try {
            return JSON.readTree(answer.body());
        } catch (JsonProcessingException e) {
            throw new NetworkException(
                    "the fault proxy at %s answers %s with no JSON".formatted(api, what), e);
        }
    }

    private HttpResponse<String> ask(String method, String path, JsonNode body) {
        String what = "%s %s".formatted(method, path);
        try {
            HttpRequest request =
                    HttpRequest.newBuilder(api.resolve(path))
                            .timeout(MOST)
                            .header("Content-Type", "application/json")
                            .method(method, body(body))
                            .build();
            return client.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new NetworkException(
                    "the fault proxy at %s does not answer %s".formatted(api, what), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new NetworkException("interrupted", e);
        }
    }

    private static HttpRequest.BodyPublisher body(JsonNode body) throws JsonProcessingException {
        return body.isMissingNode()
                ? HttpRequest.BodyPublishers.noBody()
                : HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(body));
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
