package io.runnel.region.server.control;

import com.fasterxml.jackson.databind.JsonNode;

import io.runnel.exec.http.Exchange;
import io.vertx.core.http.HttpHeaders;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** How an operation answers. */
sealed interface Reply {
    /** All at once, with a JSON document or nothing. */
    record Whole(int status, Map<String, String> headers, Optional<JsonNode> body)
            implements Reply {
        public Whole {
            headers = new LinkedHashMap<>(headers);
        }

        Whole with(String header, String value) {
            Map<String, String> more = new LinkedHashMap<>(headers);
            more.put(header, value);
            return new Whole(status, more, body);
        }
    }

    /** Bit by bit, by {@code writer}, which ends the response; on its event loop. */
    record Streamed(Consumer<Exchange> writer) implements Reply {}

    /** A text that is sent as it is. */
    static Streamed text(String type, String text) {
        return text(type, text, "default-src 'none'; frame-ancestors 'none'; sandbox");
    }

    /**
     * The same.
     *
     * @param policy what browsers let it do that show it
     */
    static Streamed text(String type, String text, String policy) {
        return new Streamed(
                exchange ->
                        exchange.response()
                                .putHeader(HttpHeaders.CONTENT_TYPE, type)
                                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                                .putHeader("Content-Security-Policy", policy)
                                .putHeader("X-Content-Type-Options", "nosniff")
                                .end(text));
    }

    static Whole ok(JsonNode body) {
        return new Whole(200, Map.of(), Optional.of(body));
    }

    static Whole created(String location, JsonNode body) {
        return new Whole(201, Map.of("Location", location), Optional.of(body));
    }

    static Whole empty(int status) {
        return new Whole(status, Map.of(), Optional.empty());
    }
}
