package io.runnel.exec.http;

/**
 * What a guest may write beyond its bridge's own room while its client reads slowly, so that the
 * guest's slot is free before the client has read: at most {@link #MOST_BYTES}, of what the
 * listener has to spare. Whoever reads such an answer too slowly is cut off. For the exchange's
 * event loop, but for {@link #widen}.
 */
final class WideRoom implements ResponseBridge.Room, Ticker.Tickable {
    static final int MOST_BYTES = 4 * 1024 * 1024;

    private final Exchange exchange;
    private long startNanos;
    private long sentBytes;
    private boolean watching;

    // Guarded by this.

    private int takenBytes;
    private boolean over;

    WideRoom(Exchange exchange) {
        this.exchange = exchange;
    }

    @Override
    public synchronized boolean widen() {
        if (over
                || takenBytes >= MOST_BYTES
                || !exchange.bodies().tryTakeSpare(ResponseBridge.STEP)) {
            return false;
        }
        takenBytes += ResponseBridge.STEP;
        if (takenBytes == ResponseBridge.STEP) {
            exchange.onLoop(this::watch);
        }
        return true;
    }

    private synchronized void watch() {
        if (takenBytes > 0 && !watching) {
            watching = true;
            startNanos = exchange.now();
            sentBytes = 0;
            exchange.ticker().add(this);
        }
    }

    synchronized boolean isTaken() {
        return takenBytes > 0;
    }

    /** The socket has taken so many bytes. */
    void sent(int count) {
        sentBytes += count;
    }

    @Override
    public synchronized void narrow() {
        exchange.bodies().giveBack(takenBytes);
        takenBytes = 0;
        watching = false;
        exchange.ticker().remove(this);
    }

    /** The answer is sent, or nobody waits for it. */
    synchronized void close() {
        over = true;
        narrow();
    }

    @Override
    public void tick() {
        if (Pace.isTooSlow(exchange.now() - startNanos, sentBytes)) {
            SlowReader.cutOff(exchange);
            close();
        } else {
            exchange.isRead();
        }
    }
}
