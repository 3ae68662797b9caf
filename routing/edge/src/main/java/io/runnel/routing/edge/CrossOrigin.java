package io.runnel.routing.edge;

import io.runnel.exec.http.Exchange;
import io.runnel.routing.api.CorsRule;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;

import java.util.Optional;
import java.util.SortedSet;

/**
 * What browsers are told of pages of other origins (the Fetch standard's CORS protocol). For an
 * exchange's event loop.
 */
final class CrossOrigin {
    private static final int NO_CONTENT = 204;

    private CrossOrigin() {}

    /** Whether a browser asks what it may send. */
    static boolean isPreflight(HttpServerRequest request) {
        return request.method().equals(HttpMethod.OPTIONS)
                && request.headers().contains(HttpHeaders.ORIGIN)
                && request.headers().contains(HttpHeaders.ACCESS_CONTROL_REQUEST_METHOD);
    }

    /**
     * Answers a browser that asks; by an answer that allows nothing if the page may not.
     *
     * @param methods that there are at the path
     */
    static void answer(Exchange exchange, CorsRule rule, SortedSet<String> methods) {
        HttpServerResponse response = exchange.response();
        MultiMap headers = response.headers();
        headers.set(
                HttpHeaders.VARY,
                "origin, access-control-request-method, access-control-request-headers");
        allowed(exchange, rule)
                .ifPresent(
                        origin -> {
                            allow(headers, rule, origin);
                            headers.set(
                                    HttpHeaders.ACCESS_CONTROL_ALLOW_METHODS,
                                    String.join(", ", methods));
                            if (!rule.headers().isEmpty()) {
                                headers.set(
                                        HttpHeaders.ACCESS_CONTROL_ALLOW_HEADERS,
                                        String.join(", ", rule.headers()));
                            }
                            headers.set(
                                    HttpHeaders.ACCESS_CONTROL_MAX_AGE,
                                    Long.toString(rule.maxAge().toSeconds()));
                        });
        response.setStatusCode(NO_CONTENT).end();
    }

    /**
     * Has the answer say which pages may read it, in place of what its guest says of that; also who
     * asks from no page, since a browser may keep the answer for one that does.
     */
    static void mark(Exchange exchange, CorsRule rule) {
        boolean isOfPage = exchange.request().headers().contains(HttpHeaders.ORIGIN);
        if (!isOfPage && rule.origins().equals(CorsRule.ANY.origins())) {
            return;
        }
        Optional<String> origin = isOfPage ? allowed(exchange, rule) : Optional.empty();
        HttpServerResponse response = exchange.request().response();
        response.headersEndHandler(v -> mark(response.headers(), rule, origin));
    }

    private static void mark(MultiMap headers, CorsRule rule, Optional<String> origin) {
        headers.remove(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN);
        headers.remove(HttpHeaders.ACCESS_CONTROL_ALLOW_CREDENTIALS);
        headers.remove(HttpHeaders.ACCESS_CONTROL_EXPOSE_HEADERS);
        if (!rule.origins().equals(CorsRule.ANY.origins())) {
            headers.add(HttpHeaders.VARY, "origin");
        }
        origin.ifPresent(
                allowed -> {
                    allow(headers, rule, allowed);
                    if (!rule.expose().isEmpty()) {
                        headers.set(
                                HttpHeaders.ACCESS_CONTROL_EXPOSE_HEADERS,
                                String.join(", ", rule.expose()));
                    }
                });
    }

    private static Optional<String> allowed(Exchange exchange, CorsRule rule) {
        return rule.allowedOrigin(exchange.request().getHeader(HttpHeaders.ORIGIN));
    }

    private static void allow(MultiMap headers, CorsRule rule, String origin) {
        headers.set(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        if (rule.credentials()) {
            headers.set(HttpHeaders.ACCESS_CONTROL_ALLOW_CREDENTIALS, "true");
        }
    }
}
