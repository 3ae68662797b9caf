package io.runnel.chaos.suite;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Calls a region's control API with the operator's key. Safe for any thread. */
final class Operator implements AutoCloseable {
    private static final Duration MOST = Duration.ofSeconds(10);

    private final HttpClient client;
    private final URI region;
    private final Path credentials;

    /**
     * @param region where a region's control API is
     * @param data the network's folder, with the operator's credentials and the root's certificate
     */
    Operator(URI region, Path data) {
        this.client = PlainHttp.client(MOST, RootTrust.file(data));
        this.region = region;
        this.credentials = data.resolve("credentials");
    }

    /**
     * Sends JSON and waits for the answer.
     *
     * @throws NetworkException if none comes within ten seconds
     */
    HttpResponse<String> send(String method, String path, String body) {
        return send(method, path, "application/json", BodyPublishers.ofString(body));
    }

    /**
     * Sends code and waits for the answer.
     *
     * @throws NetworkException if none comes within ten seconds
     */
    HttpResponse<String> send(String method, String path, byte[] code) {
        return send(method, path, "application/octet-stream", BodyPublishers.ofByteArray(code));
    }

    private HttpResponse<String> send(
            String method, String path, String contentType, BodyPublisher body) {
        HttpRequest request =
                HttpRequest.newBuilder(region.resolve(path))
                        .timeout(MOST)
                        .header("Authorization", "Bearer " + operator())
                        .header("Content-Type", contentType)
                        .method(method, body)
                        .build();
        try {
            return client.send(request, HttpResponse.BodyHandlers.ofString(UTF_8));
        } catch (IOException e) {
            throw new NetworkException("%s %s failed".formatted(method, path), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new NetworkException("interrupted", e);
        }
    }

    /** The token of the profile {@code admin}. */
    private String operator() {
        try {
            List<String> lines = Files.readAllLines(credentials, UTF_8);
            int from = lines.indexOf("[admin]");
            if (from < 0) {
                throw new NetworkException("no [admin] in " + credentials);
            }
            List<String> rest = lines.subList(from + 1, lines.size());
            return value(rest, "aws_access_key_id") + "." + value(rest, "aws_secret_access_key");
        } catch (IOException e) {
            throw new NetworkException("cannot read " + credentials, e);
        }
    }

    private String value(List<String> lines, String name) {
        return lines.stream()
                .takeWhile(line -> !line.startsWith("["))
                .filter(line -> line.replace(" ", "").startsWith(name + "="))
                .map(line -> line.substring(line.indexOf('=') + 1).strip())
                .findFirst()
                .orElseThrow(
                        () -> new NetworkException("no %s in %s".formatted(name, credentials)));
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
