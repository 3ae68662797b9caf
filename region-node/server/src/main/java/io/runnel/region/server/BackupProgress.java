package io.runnel.region.server;

import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** Tells a person now and then how far long work is. For one thread. */
final class BackupProgress {
    private static final long EVERY_NANOS = 2_000_000_000L;

    private final Consumer<String> told;
    private final LongSupplier nanoClock;
    private final long started;
    private long last;

    /**
     * Begins.
     *
     * @param nanoClock monotonic, in nanoseconds
     */
    BackupProgress(Consumer<String> told, LongSupplier nanoClock) {
        this.told = told;
        this.nanoClock = nanoClock;
        this.started = nanoClock.getAsLong();
        this.last = started;
    }

    /** Says it, if nothing was said lately. */
    void now(String what, long count) {
        if (nanoClock.getAsLong() - last >= EVERY_NANOS) {
            done(what, count);
        }
    }

    /** Says it in any case. */
    void done(String what, long count) {
        last = nanoClock.getAsLong();
        told.accept(
                String.format(
                        Locale.ROOT, "  %6.1f s  %s: %,d", (last - started) / 1e9, what, count));
    }
}
