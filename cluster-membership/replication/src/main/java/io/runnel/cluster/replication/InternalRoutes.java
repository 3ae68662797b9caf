package io.runnel.cluster.replication;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Which handler answers what on {@code internal}. A path that is not listed goes to the fallback:
 * forwarded calls and relayed writes come to the same listener. A listed path with another method
 * is refused with 405.
 *
 * <p>Filled by one thread before it serves; from then on immutable, for any thread.
 */
public final class InternalRoutes implements Handler<HttpServerRequest> {
    /** The path that says whether a node is there. */
    public static final String PING = "/v1/ping";

    private final Map<String, Map<HttpMethod, Handler<HttpServerRequest>>> paths = new HashMap<>();
    private final Map<String, Map<HttpMethod, Handler<HttpServerRequest>>> folders =
            new HashMap<>();
    private final Handler<HttpServerRequest> fallback;

    /**
     * None yet.
     *
     * @param fallback what answers all other paths
     */
    public InternalRoutes(Handler<HttpServerRequest> fallback) {
        this.fallback = Objects.requireNonNull(fallback);
    }

    /**
     * Adds a handler.
     *
     * @param path exactly this path, or, if it ends in '/', what is one level below it
     */
    public InternalRoutes on(HttpMethod method, String path, Handler<HttpServerRequest> handler) {
        Map<String, Map<HttpMethod, Handler<HttpServerRequest>>> table =
                path.endsWith("/") ? folders : paths;
        table.computeIfAbsent(path, added -> new HashMap<>()).put(method, handler);
        return this;
    }

    @Override
    public void handle(HttpServerRequest request) {
        if (!serves(request)) {
            fallback.handle(request);
        }
    }

    /** Whether the request's path is listed; if so, it has been handled. */
    public boolean serves(HttpServerRequest request) {
        Map<HttpMethod, Handler<HttpServerRequest>> methods = methods(request.path());
        if (methods == null) {
            return false;
        }
        Handler<HttpServerRequest> handler = methods.get(request.method());
        if (handler == null) {
            Refusal.METHOD_NOT_ALLOWED.send(request);
        } else {
            handler.handle(request);
        }
        return true;
    }

    private Map<HttpMethod, Handler<HttpServerRequest>> methods(String path) {
        if (path == null) {
            return null;
        }
        Map<HttpMethod, Handler<HttpServerRequest>> exact = paths.get(path);
        return exact != null ? exact : folders.get(path.substring(0, path.lastIndexOf('/') + 1));
    }
}
