package io.runnel.exec.http;

import io.vertx.core.Vertx;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * One timer for all that wait on one event loop: cheaper than a timer for each call. It runs only
 * while somebody waits. For its event loop only.
 */
public final class Ticker {
    /** Between two ticks. */
    public static final long PERIOD_MILLIS = 50;

    /** Who wants to be asked from time to time. */
    @FunctionalInterface
    public interface Tickable {
        /** A period has passed. */
        void tick();
    }

    private final Vertx vertx;
    private final Set<Tickable> waiting = new LinkedHashSet<>();
    private boolean running;

    /** For the event loop that is running. */
    public Ticker(Vertx vertx) {
        this.vertx = vertx;
    }

    /** Asks it from now on. */
    public void add(Tickable tickable) {
        waiting.add(tickable);
        if (!running) {
            running = true;
            vertx.setTimer(PERIOD_MILLIS, this::tick);
        }
    }

    /** Asks it no more. */
    public void remove(Tickable tickable) {
        waiting.remove(tickable);
    }

    private void tick(long timer) {
        if (waiting.isEmpty()) {
            running = false;
            return;
        }
        vertx.setTimer(PERIOD_MILLIS, this::tick);
        // A copy: ticks add and remove.
        for (Tickable tickable : new ArrayList<>(waiting)) {
            tickable.tick();
        }
    }
}
