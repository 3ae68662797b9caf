package io.runnel.region.server.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The control API's description, as it stands in a resource; a test holds it to the routes. */
final class OpenApi {
    private final JsonNode document = read();

    static JsonNode read() {
        try (InputStream in = OpenApi.class.getResourceAsStream("openapi.json")) {
            return new ObjectMapper().readTree(Objects.requireNonNull(in, "openapi.json"));
        } catch (IOException e) {
            throw new UncheckedIOException("openapi.json", e);
        }
    }

    CompletionStage<Reply> show(Call call) {
        return CompletableFuture.completedFuture(Reply.ok(document));
    }
}
