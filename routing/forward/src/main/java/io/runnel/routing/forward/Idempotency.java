package io.runnel.routing.forward;

import io.runnel.exec.http.EdgePath;
import io.runnel.exec.http.EdgeTarget;
import io.runnel.exec.http.GatheredBody;
import io.runnel.exec.http.InvocationType;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;

import java.util.Optional;
import java.util.Set;

/** Whether a request may run twice: by its method (RFC 9110 section 9.2.2) or its key. Pure. */
final class Idempotency {
    private static final Set<HttpMethod> METHODS =
            Set.of(
                    HttpMethod.GET,
                    HttpMethod.HEAD,
                    HttpMethod.OPTIONS,
                    HttpMethod.TRACE,
                    HttpMethod.PUT,
                    HttpMethod.DELETE);
    private static final Set<HttpMethod> READS =
            Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);
    private static final CharSequence KEY = HttpHeaders.createOptimized("Idempotency-Key");

    private Idempotency() {}

    static boolean of(HttpServerRequest request) {
        return METHODS.contains(request.method())
                || request.headers().contains(KEY)
                || isKept(request);
    }

    /** What a region keeps to run it later, it keeps once, by its id. */
    private static boolean isKept(HttpServerRequest request) {
        return InvocationType.of(request).equals(Optional.of(InvocationType.EVENT))
                && EdgePath.parse(request.method(), request.path()) instanceof EdgeTarget.Invoke;
    }

    /** Whether it only reads, and brings nothing: a safe method without a body. */
    static boolean isBareRead(HttpServerRequest request, GatheredBody body) {
        return READS.contains(request.method()) && body.isWhole() && body.head().length() == 0;
    }
}
