package io.runnel.exec.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;

import java.util.concurrent.TimeUnit;

/**
 * What is left of a request's body when its answer is whole. A little is read and dropped, so that
 * the connection may go on; of more, some is dropped for a while before the connection is closed:
 * whoever writes without reading would else lose the answer to a reset.
 */
final class Leftover implements Ticker.Tickable {
    private static final long LITTLE_BYTES = 256 * 1024;
    private static final long MOST_BYTES = 8 * 1024 * 1024;
    private static final long MOST_NANOS = TimeUnit.SECONDS.toNanos(3);

    /** HTTP/2's NO_ERROR: the answer is whole, the rest is not needed (RFC 9113 section 8.1). */
    private static final long NO_ERROR = 0;

    private final Exchange exchange;
    private final long startNanos;
    private long droppedBytes;

    private Leftover(Exchange exchange) {
        this.exchange = exchange;
        this.startNanos = exchange.now();
    }

    /** Whether so much is still to come that the connection is better closed. */
    static boolean isTooMuch(HttpServerRequest request) {
        if (request.version() == HttpVersion.HTTP_2 || request.isEnded()) {
            return false;
        }
        // Whoever waits for 100 may send the body or not: nobody can tell what comes next.
        return request.headers().contains(HttpHeaders.EXPECT)
                || ContentLength.of(request.headers()) - request.bytesRead() > LITTLE_BYTES;
    }

    /** After the answer. */
    static void settle(Exchange exchange) {
        HttpServerRequest request = exchange.request();
        if (request.version() == HttpVersion.HTTP_2) {
            // An answer that came at once may be ahead of the end of its request.
            exchange.onLoop(() -> resetUnlessEnded(exchange));
            return;
        }
        boolean more = !request.isEnded() && !BodyGatherer.hasNone(request);
        switch (exchange.afterwards()) {
            case CLOSE -> exchange.connection().close();
            case LINGER, GO_ON -> {
                if (more) {
                    new Leftover(exchange).drop();
                } else if (exchange.afterwards() == Exchange.Afterwards.LINGER) {
                    exchange.connection().close();
                }
            }
        }
    }

    private static void resetUnlessEnded(Exchange exchange) {
        if (!exchange.request().isEnded()) {
            exchange.response().reset(NO_ERROR);
        }
    }

    private void drop() {
        HttpServerRequest request = exchange.request();
        request.handler(this::drop);
        request.endHandler(v -> end());
        exchange.ticker().add(this);
        request.resume();
    }

    private void drop(Buffer dropped) {
        droppedBytes += dropped.length();
        if (droppedBytes > MOST_BYTES) {
            close();
        }
    }

    private void end() {
        exchange.ticker().remove(this);
        boolean announced = exchange.afterwards() != Exchange.Afterwards.GO_ON;
        if (announced || droppedBytes > LITTLE_BYTES) {
            exchange.connection().close();
        }
    }

    @Override
    public void tick() {
        if (exchange.now() - startNanos > MOST_NANOS) {
            close();
        }
    }

    private void close() {
        exchange.ticker().remove(this);
        exchange.closeConnection();
    }
}
