package io.runnel.exec.http;

import io.vertx.core.Future;

/**
 * Watches a client that is sent a large answer which is in memory as a whole: who reads too slowly
 * loses the connection. For the exchange's event loop.
 */
final class SlowReader implements Ticker.Tickable {
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
            exchange.closeConnection();
        }
    }
}
