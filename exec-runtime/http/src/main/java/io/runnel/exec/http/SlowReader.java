package io.runnel.exec.http;

import io.vertx.core.Future;
import io.vertx.core.http.HttpVersion;

/**
 * Watches a client that is sent a large answer which is in memory as a whole: who reads too slowly
 * loses the connection, or of HTTP/2 the stream. For the exchange's event loop.
 */
final class SlowReader implements Ticker.Tickable {
    /** HTTP/2's code. */
    private static final long CANCEL = 8;

    private final Exchange exchange;
    private final long startNanos;
    private final int bytes;

    private SlowReader(Exchange exchange, int bytes) {
        this.exchange = exchange;
        this.startNanos = exchange.now();
        this.bytes = bytes;
    }

    /** Gives the memory back once it is sent. */
    static void watch(Exchange exchange, int bytes, Future<Void> sent) {
        SlowReader watch = new SlowReader(exchange, bytes);
        exchange.ticker().add(watch);
        sent.onComplete(
                done -> {
                    exchange.bodies().giveBack(bytes);
                    exchange.ticker().remove(watch);
                });
    }

    @Override
    public void tick() {
        if (Pace.isTooSlow(exchange.now() - startNanos, bytes)) {
            cutOff(exchange);
        } else {
            exchange.isRead();
        }
    }

    /** One connection of HTTP/2 carries many callers, of which others may read. */
    static void cutOff(Exchange exchange) {
        if (exchange.request().version() == HttpVersion.HTTP_2) {
            exchange.response().reset(CANCEL);
        } else {
            exchange.closeConnection();
        }
    }
}
