package io.runnel.chaos.suite;

import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * Finds out what a place serves: half as many callers again as it has slots, each of whom calls
 * again as soon as he is answered. So no slot is ever free, and hardly anybody is refused.
 */
final class Capacity {
    private static final long WARM_NS = Duration.ofMillis(300).toNanos();
    private static final long LASTS_NS = Duration.ofSeconds(2).toNanos();

    /** How long who is refused waits before he calls again. */
    private static final long PAUSE_NS = Duration.ofMillis(20).toNanos();

    private final Caller caller;
    private final LongSupplier nanoClock;

    Capacity(Caller caller, LongSupplier nanoClock) {
        this.caller = caller;
        this.nanoClock = nanoClock;
    }

    /**
     * Good answers a second.
     *
     * @param slots that run the stream's calls
     */
    double of(CallStream stream, int slots) {
        long from = nanoClock.getAsLong() + WARM_NS;
        Span span = new Span(from, from + LASTS_NS);
        int callers = slots + Math.max(1, slots / 2);
        AtomicInteger answered = new AtomicInteger();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < callers; i++) {
                String key = "capacity-%d".formatted(i);
                threads.execute(() -> call(stream, key, span, answered));
            }
        }
        return answered.get() / span.seconds();
    }

    private void call(CallStream stream, String key, Span span, AtomicInteger answered) {
        for (int i = 0; nanoClock.getAsLong() < span.toNs(); i++) {
            Caller.Answer answer = caller.call(stream, "%s-%d".formatted(key, i));
            if (answer.end() != CallEnd.ANSWERED) {
                LockSupport.parkNanos(PAUSE_NS);
            } else if (span.has(nanoClock.getAsLong())) {
                answered.incrementAndGet();
            }
        }
    }
}
