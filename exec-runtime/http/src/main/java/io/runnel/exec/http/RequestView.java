package io.runnel.exec.http;

import io.runnel.attestation.signature.PresignedQuery;
import io.runnel.exec.task.RequestId;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;

/**
 * What of a request is told to a guest, but its body: nothing that proved the caller.
 *
 * @param protocol as in {@code HTTP/1.1}
 * @param query without the question mark; empty if there is none
 */
record RequestView(
        RequestId id, String method, String protocol, String path, String query, MultiMap headers) {

    static RequestView of(Exchange exchange, SetParameters parameters) {
        HttpServerRequest request = exchange.request();
        String query = request.query();
        return new RequestView(
                exchange.id(),
                request.method().name(),
                protocol(request),
                request.path(),
                parameters.inQuery(query == null ? "" : new PresignedQuery(query).withoutProof()),
                request.headers());
    }

    private static String protocol(HttpServerRequest request) {
        return switch (request.version()) {
            case HTTP_1_0 -> "HTTP/1.0";
            case HTTP_1_1 -> "HTTP/1.1";
            case HTTP_2 -> "HTTP/2.0";
        };
    }
}
