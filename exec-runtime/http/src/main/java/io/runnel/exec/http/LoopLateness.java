package io.runnel.exec.http;

import io.vertx.core.Vertx;

import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * By how much an event loop is late: with a timer that it should have fired. For that loop only.
 */
final class LoopLateness {
    /** Between two looks. */
    static final Duration PERIOD = Duration.ofMillis(100);

    private final Vertx vertx;
    private final LongSupplier nanoClock;
    private final Consumer<Duration> told;
    private long dueNanos;

    LoopLateness(Vertx vertx, LongSupplier nanoClock, Consumer<Duration> told) {
        this.vertx = vertx;
        this.nanoClock = nanoClock;
        this.told = told;
    }

    void start() {
        dueNanos = nanoClock.getAsLong() + PERIOD.toNanos();
        vertx.setTimer(PERIOD.toMillis(), timer -> look());
    }

    private void look() {
        Duration late = Duration.ofNanos(Math.max(nanoClock.getAsLong() - dueNanos, 0));
        start();
        told.accept(late);
    }
}
