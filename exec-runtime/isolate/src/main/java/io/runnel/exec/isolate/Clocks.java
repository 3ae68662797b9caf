package io.runnel.exec.isolate;

import java.util.function.LongSupplier;

/**
 * The clocks of a runner; both monotonic.
 *
 * @param nanos for deadlines and for what is measured
 * @param millis for demand: when calls came, and when more are expected
 */
public record Clocks(LongSupplier nanos, LongSupplier millis) {
    private static final long NANOS_PER_MILLI = 1_000_000;

    /** Both from one. */
    public Clocks(LongSupplier nanos) {
        this(nanos, () -> nanos.getAsLong() / NANOS_PER_MILLI);
    }
}
