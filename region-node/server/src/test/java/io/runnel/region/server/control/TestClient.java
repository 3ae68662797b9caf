package io.runnel.region.server.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.runnel.exec.task.CodeDigest;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Asks as a user would. */
final class TestClient {
    static final ObjectMapper JSON = new ObjectMapper();

    /** An answer: its status, its body as JSON (missing if it is none), itself. */
    record Answer(int status, JsonNode json, HttpResponse<String> whole) {
        String header(String name) {
            return whole.headers().firstValue(name).orElse("");
        }

        String code() {
            return json.path("code").asText();
        }

        @Override
        public String toString() {
            return status + " " + whole.body();
        }
    }

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final int port;
    private final String token;

    TestClient(int port, String token) {
        this.port = port;
        this.token = token;
    }

    HttpRequest.Builder request(String path) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                        .timeout(Duration.ofSeconds(30));
        return token.isEmpty() ? request : request.header("Authorization", "Bearer " + token);
    }

    Answer send(HttpRequest request) {
        try {
            HttpResponse<String> response =
                    client.send(
                            request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
            boolean isJson =
                    response.headers().firstValue("Content-Type").orElse("").contains("json");
            JsonNode json = isJson ? JSON.readTree(response.body()) : JSON.createObjectNode();
            return new Answer(response.statusCode(), json, response);
        } catch (IOException e) {
            throw new AssertionError(request + ": " + e, e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    Answer get(String path, String... headers) {
        return ask("GET", path, "", headers);
    }

    Answer delete(String path, String... headers) {
        return ask("DELETE", path, "", headers);
    }

    Answer post(String path, String json, String... headers) {
        return ask("POST", path, json, headers);
    }

    Answer put(String path, String json, String... headers) {
        return ask("PUT", path, json, headers);
    }

    Answer ask(String method, String path, String body, String... headers) {
        HttpRequest.Builder request =
                request(path)
                        .method(
                                method,
                                body.isEmpty()
                                        ? BodyPublishers.noBody()
                                        : BodyPublishers.ofString(body));
        List<String> all = new ArrayList<>(Arrays.asList(headers));
        if (!body.isEmpty() && !all.contains("Content-Type")) {
            all.addAll(List.of("Content-Type", "application/json"));
        }
        return send(
                all.isEmpty()
                        ? request.build()
                        : request.headers(all.toArray(String[]::new)).build());
    }

    Answer putBlob(byte[] code) {
        return putBlob(code, CodeDigest.of(code).value());
    }

    Answer putBlob(byte[] code, String digest) {
        return send(request("/v1/blobs/" + digest).PUT(BodyPublishers.ofByteArray(code)).build());
    }

    /** Brings code and publishes it. */
    Answer deploy(String task, String code, String moreFields, String... headers) {
        byte[] bytes = code.getBytes(StandardCharsets.ISO_8859_1);
        putBlob(bytes);
        return post(
                "/v1/tasks/" + task + "/versions",
                "{\"digest\":\"" + CodeDigest.of(bytes) + "\"" + moreFields + "}",
                headers);
    }
}
