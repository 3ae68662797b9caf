package io.runnel.routing.forward;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowSynchronizationStrategy;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/**
 * One region's circuit breaker, by what its calls themselves show: it opens when half of the last
 * hundred failed, or took more than a second beside what the region accounts for, at least twenty
 * of them seen. Two seconds later five calls are let through, and what they show decides. The state
 * machine is Resilience4j's, on the node's nano clock and without threads of its own.
 *
 * <p>Who is let through by {@link #tryPass} says once how it went, or {@link #release}s. Safe for
 * any thread; takes a lock for some tens of nanoseconds (docs/decisions/0028).
 */
final class RegionBreaker {
    static final Duration SLOW = Duration.ofSeconds(1);
    static final Duration REST = Duration.ofSeconds(2);
    static final int LEAST = 20;
    static final int TRIALS = 5;
    private static final int WINDOW = 100;
    private static final int HALF = 50;

    private final CircuitBreaker breaker;
    private final LongSupplier nanoClock;
    private final LongAdder changes = new LongAdder();
    private volatile long openedNanos;
    private volatile boolean onlySlow;

    /** Only counted, never thrown. */
    private final IOException failure = new IOException("a call to the region failed");

    RegionBreaker(String name, LongSupplier nanoClock) {
        this.breaker = CircuitBreaker.of(name, config(nanoClock));
        this.nanoClock = nanoClock;
        breaker.getEventPublisher()
                .onStateTransition(
                        changed -> {
                            openedNanos = nanoClock.getAsLong();
                            if (breaker.getState() == CircuitBreaker.State.OPEN) {
                                // It keeps the counts that opened it.
                                onlySlow = breaker.getMetrics().getFailureRate() < HALF;
                            }
                            changes.increment();
                        });
    }

    private static CircuitBreakerConfig config(LongSupplier nanoClock) {
        return CircuitBreakerConfig.custom()
                .slidingWindow(
                        WINDOW,
                        LEAST,
                        SlidingWindowType.COUNT_BASED,
                        SlidingWindowSynchronizationStrategy.SYNCHRONIZED)
                .failureRateThreshold(HALF)
                .slowCallRateThreshold(HALF)
                .slowCallDurationThreshold(SLOW)
                .waitDurationInOpenState(REST)
                .permittedNumberOfCallsInHalfOpenState(TRIALS)
                .automaticTransitionFromOpenToHalfOpenEnabled(false)
                .writableStackTraceEnabled(false)
                .clock(new NanoClock(nanoClock))
                .build();
    }

    boolean tryPass() {
        return breaker.tryAcquirePermission();
    }

    /** The region answered; so long it took beside what it accounts for. */
    void answered(long unaccountedNanos) {
        breaker.onSuccess(unaccountedNanos, TimeUnit.NANOSECONDS);
    }

    void failed() {
        breaker.onError(0, TimeUnit.NANOSECONDS, failure);
    }

    /** Nothing was learned. */
    void release() {
        breaker.releasePermission();
    }

    /** Half open from the end of its rest on: nobody would make a trial of what looks open. */
    RegionState.Breaker state() {
        return switch (breaker.getState()) {
            case CLOSED, DISABLED, METRICS_ONLY -> RegionState.Breaker.CLOSED;
            case HALF_OPEN -> RegionState.Breaker.HALF_OPEN;
            case OPEN, FORCED_OPEN ->
                    nanoClock.getAsLong() - openedNanos < REST.toNanos()
                            ? RegionState.Breaker.OPEN
                            : RegionState.Breaker.HALF_OPEN;
        };
    }

    /** Whether what opened it last was that calls took long: fewer than half of them failed. */
    boolean isOnlySlow() {
        return onlySlow;
    }

    /** How often its state changed. */
    long changes() {
        return changes.sum();
    }

    /** The nano clock, as what asks for an instant wants it. */
    private static final class NanoClock extends Clock {
        private final LongSupplier nanos;

        NanoClock(LongSupplier nanos) {
            this.nanos = nanos;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return Instant.EPOCH.plusNanos(nanos.getAsLong());
        }
    }
}
