package io.runnel.cluster.replication;

import io.runnel.attestation.NetworkToken;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;

import java.util.List;
import java.util.Objects;

/**
 * The door of the listener {@code internal}: lets in who shows the network's token, once, in the
 * header {@code Runnel-Network}; tells everybody else 401, whatever they asked for, and hangs up.
 * The comparison takes the same time for every wrong token. Safe for any thread.
 */
public final class InternalGuard implements Handler<HttpServerRequest> {
    /** The header that carries the token. */
    public static final String HEADER = "Runnel-Network";

    private final NetworkToken token;
    private final Handler<HttpServerRequest> inside;

    public InternalGuard(NetworkToken token, Handler<HttpServerRequest> inside) {
        this.token = Objects.requireNonNull(token);
        this.inside = Objects.requireNonNull(inside);
    }

    @Override
    public void handle(HttpServerRequest request) {
        if (admits(request)) {
            inside.handle(request);
        }
    }

    /** Whether the request shows the token; if not, it was told so already. */
    public boolean admits(HttpServerRequest request) {
        List<String> shown = request.headers().getAll(HEADER);
        if (shown.size() == 1 && token.matches(shown.getFirst())) {
            // The token has done its work; what is inside may log or forward headers.
            request.headers().remove(HEADER);
            return true;
        }
        Refusal.UNAUTHENTICATED.sendAndClose(request);
        return false;
    }
}
