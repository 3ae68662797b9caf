package io.runnel.region.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;

import io.runnel.attestation.BearerToken;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

import javax.net.ssl.SSLException;

/**
 * The regions' control API as one key sees it. Regions are asked in the given order; the next one
 * only if nothing could be sent to the one before. Safe for any thread.
 */
final class Api {
    private static final Duration MOST_TO_CONNECT = Duration.ofSeconds(3);
    private static final Duration MOST_TO_ANSWER = Duration.ofSeconds(60);

    private static final List<HttpClient> OPEN = new CopyOnWriteArrayList<>();

    private final HttpClient http;
    private final List<URI> regions;
    private final Optional<BearerToken> key;
    private final NetworkRoot root;
    private final Supplier<Optional<String>> whyUnreachable;

    /**
     * For one key.
     *
     * @param root by which regions are believed
     * @param whyUnreachable asked when no region answers; may know a better reason
     */
    Api(
            List<URI> regions,
            BearerToken key,
            NetworkRoot root,
            Supplier<Optional<String>> whyUnreachable) {
        this(regions, Optional.of(key), root, whyUnreachable);
    }

    /** For one key, or for nobody. */
    Api(
            List<URI> regions,
            Optional<BearerToken> key,
            NetworkRoot root,
            Supplier<Optional<String>> whyUnreachable) {
        this.regions = List.copyOf(regions);
        this.key = key;
        this.root = root;
        this.whyUnreachable = whyUnreachable;
        this.http = root.newClient();
    }

    /** The same regions, as another key sees them. */
    Api with(BearerToken other) {
        return new Api(regions, other, root, whyUnreachable);
    }

    /** The region that is asked first. */
    URI first() {
        return regions.getFirst();
    }

    /** A client as every command uses it, for others than regions. */
    static HttpClient newClient() {
        return newClient(builder -> builder);
    }

    /** The same with what is particular to it. */
    static HttpClient newClient(UnaryOperator<HttpClient.Builder> particular) {
        HttpClient client =
                particular
                        .apply(HttpClient.newBuilder())
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(MOST_TO_CONNECT)
                        .build();
        OPEN.add(client);
        return client;
    }

    /**
     * Ends all clients of this process. The JVM gives each thread that is in a native call, as a
     * client's selector is, 300 ms before it exits; without any it exits at once.
     */
    static void endClients() {
        OPEN.forEach(HttpClient::shutdownNow);
        OPEN.forEach(Api::awaitEnd);
    }

    private static void awaitEnd(HttpClient client) {
        try {
            client.awaitTermination(Duration.ofMillis(100));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Reads something.
     *
     * @throws ApiException if no region could be reached, or it refused
     */
    JsonNode get(String path) {
        return call("GET", path, BodyPublishers.noBody());
    }

    /**
     * Reads all of a list that comes in pages.
     *
     * @param name what the elements stand under
     * @throws ApiException as {@link #get}
     */
    ArrayNode list(String path, String name) {
        ArrayNode all = Json.array();
        JsonNode page = get(path);
        page.path(name).forEach(all::add);
        while (page.hasNonNull("next")) {
            page = get(path + "?after=" + page.path("next").asText());
            page.path(name).forEach(all::add);
        }
        return all;
    }

    /**
     * Says JSON and reads the answer.
     *
     * @throws ApiException as {@link #get}
     */
    JsonNode send(String method, String path, JsonNode body) {
        return call(method, path, BodyPublishers.ofString(body.toString()));
    }

    /**
     * What a region said to a change.
     *
     * @param path where it tells how far the change has come, if it does
     */
    record Change(JsonNode answer, Optional<String> path) {}

    /**
     * Changes something that every node is to know.
     *
     * @throws ApiException as {@link #get}
     */
    Change change(String method, String path, JsonNode body) {
        return change(method, path, body, Map.of());
    }

    /**
     * The same on conditions.
     *
     * @param conditions headers, such as {@code If-Match}
     * @throws ApiException as {@link #get}
     */
    Change change(String method, String path, JsonNode body, Map<String, String> conditions) {
        HttpResponse<String> response =
                exchange(
                        method,
                        path,
                        BodyPublishers.ofString(body.toString()),
                        BodyHandlers.ofString(),
                        conditions);
        return new Change(answer(response), response.headers().firstValue("Runnel-Change"));
    }

    /**
     * Sends bytes.
     *
     * @throws ApiException as {@link #get}
     */
    JsonNode upload(String path, byte[] bytes) {
        return call("PUT", path, BodyPublishers.ofByteArray(bytes));
    }

    /**
     * Deletes something.
     *
     * @throws ApiException as {@link #get}
     */
    JsonNode delete(String path) {
        return call("DELETE", path, BodyPublishers.noBody());
    }

    /**
     * Reads what comes, for as long as it comes.
     *
     * @throws ApiException as {@link #get}
     */
    InputStream stream(String path) {
        HttpResponse<InputStream> response =
                exchange("GET", path, BodyPublishers.noBody(), BodyHandlers.ofInputStream());
        if (response.statusCode() / 100 == 2) {
            return response.body();
        }
        try (InputStream body = response.body()) {
            throw refusal(
                    response.statusCode(), new String(body.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw refusal(response.statusCode(), "");
        }
    }

    /**
     * Reads a text as it is.
     *
     * @throws ApiException as {@link #get}
     */
    String text(String path) {
        HttpResponse<String> response =
                exchange("GET", path, BodyPublishers.noBody(), BodyHandlers.ofString());
        if (response.statusCode() / 100 != 2) {
            throw refusal(response.statusCode(), response.body());
        }
        return response.body();
    }

    /** Why no region would answer now, if that is known. */
    Optional<String> absence() {
        return whyUnreachable.get();
    }

    private JsonNode call(String method, String path, BodyPublisher body) {
        return answer(exchange(method, path, body, BodyHandlers.ofString()));
    }

    private static JsonNode answer(HttpResponse<String> response) {
        if (response.statusCode() / 100 != 2) {
            throw refusal(response.statusCode(), response.body());
        }
        return Json.read(response.body());
    }

    private <T> HttpResponse<T> exchange(
            String method, String path, BodyPublisher body, BodyHandler<T> handler) {
        return exchange(method, path, body, handler, Map.of());
    }

    private <T> HttpResponse<T> exchange(
            String method,
            String path,
            BodyPublisher body,
            BodyHandler<T> handler,
            Map<String, String> headers) {
        String why = regions.isEmpty() ? "no region is known" : "nothing answers there";
        Optional<String> refusal = Optional.empty();
        for (URI region : regions) {
            try {
                return http.send(request(region, method, path, body, headers), handler);
            } catch (ConnectException | HttpConnectTimeoutException e) {
                // The next one may answer.
            } catch (SSLException e) {
                // Nothing was said to it.
                refusal = refusal.or(() -> Optional.of(region + ": " + root.refusal(e)));
            } catch (IOException e) {
                throw ApiException.unreachable(
                        "%s %s broke off: %s".formatted(method, region.resolve(path), e));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw ApiException.unreachable("interrupted");
            }
        }
        if (refusal.isPresent()) {
            throw ApiException.unreachable(refusal.get());
        }
        String tried = regions.stream().map(URI::toString).collect(Collectors.joining(" "));
        String known = "no region can be reached (%s): %s".formatted(tried, why);
        throw ApiException.unreachable(whyUnreachable.get().orElse(known));
    }

    private HttpRequest request(
            URI region,
            String method,
            String path,
            BodyPublisher body,
            Map<String, String> headers) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(region.resolve(path))
                        .method(method, body)
                        .timeout(MOST_TO_ANSWER)
                        .header("Content-Type", "application/json");
        key.ifPresent(shown -> request.header("Authorization", "Bearer " + shown.text()));
        headers.forEach(request::header);
        return request.build();
    }

    /** What a problem document says, in one line. */
    static ApiException refusal(int status, String body) {
        JsonNode problem = Json.read(body);
        String code = problem.path("code").asText("");
        String text = problem.path("detail").asText(problem.path("title").asText(""));
        String message =
                code.isEmpty()
                        ? "the region answered %d".formatted(status)
                        : "%s: %s".formatted(code, text.isEmpty() ? "status " + status : text);
        String id = problem.path("requestId").asText("");
        return ApiException.refused(
                status, code, id.isEmpty() ? message : message + " (request " + id + ")");
    }
}
