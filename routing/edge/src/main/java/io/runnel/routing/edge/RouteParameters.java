package io.runnel.routing.edge;

import io.runnel.routing.api.ParameterSource;
import io.vertx.core.http.HttpServerRequest;

import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/** What a route sets in a call. For its event loop. */
final class RouteParameters {
    private static final Optional<Map<String, String>> NONE = Optional.of(Map.of());

    private RouteParameters() {}

    /**
     * By what the request says. What it does not say is set to nothing, so that no caller says it
     * in another way.
     *
     * @return empty if the request's query cannot be read
     */
    static Optional<Map<String, String>> of(HttpServerRequest request, ApiCall call) {
        if (call.operation().parameters().isEmpty()) {
            return NONE;
        }
        Map<String, String> values = new TreeMap<>();
        try {
            call.operation()
                    .parameters()
                    .forEach((name, from) -> values.put(name, value(request, call, from)));
            return Optional.of(values);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static String value(HttpServerRequest request, ApiCall call, ParameterSource from) {
        String value =
                switch (from) {
                    case ParameterSource.Fixed(String text) -> text;
                    case ParameterSource.OfPath(String name) -> call.path().get(name);
                    case ParameterSource.OfQuery(String name) -> request.getParam(name);
                    case ParameterSource.OfHeader(String name) -> request.getHeader(name);
                };
        return Objects.requireNonNullElse(value, "");
    }
}
