package io.runnel.exec.http;

import io.vertx.core.Future;
import io.vertx.core.Vertx;

import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * A listener of a node: HTTP/1.1 and HTTP/2 in clear text, with its limits, on several event loops
 * at once. Whatever a handler throws is answered with 500 and logged. Methods are safe for any
 * thread.
 */
public final class NodeListener {
    private NodeListener() {}

    /**
     * Opens the port.
     *
     * @param handler called on the request's event loop; must not block
     * @return the listener, when it listens; fails if the port is taken
     */
    public static Future<NodeListener> start(
            Vertx vertx,
            ListenerSettings settings,
            RequestIds ids,
            LongSupplier nanoClock,
            Consumer<Exchange> handler) {
        return Future.failedFuture(new UnsupportedOperationException("still to come"));
    }

    /** The port it listens at. */
    public int port() {
        return 0;
    }

    /** Requests whose answer is not whole yet. */
    public int inFlight() {
        return 0;
    }

    /**
     * Takes no new connections and requests, lets those in flight end, and closes what is left
     * after {@code patience}.
     *
     * @return done when every connection is closed
     */
    public Future<Void> drain(Duration patience) {
        return Future.succeededFuture();
    }
}
