package io.runnel.exec.isolate;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Code that was rejected, so that it is not tried again for half a minute; the last thousand. Safe
 * for any thread.
 */
final class Rejections {
    private static final long KEPT_NANOS = Duration.ofSeconds(30).toNanos();
    private static final int MOST = 1024;

    private record Rejection(CodeRejectedException why, long atNanos) {}

    private final LongSupplier nanoClock;
    private final Map<ProgramKey, Rejection> all = new LinkedHashMap<>();

    Rejections(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
    }

    synchronized void add(ProgramKey key, CodeRejectedException why) {
        all.remove(key);
        all.put(key, new Rejection(why, nanoClock.getAsLong()));
        if (all.size() > MOST) {
            all.remove(all.keySet().iterator().next());
        }
    }

    synchronized Optional<CodeRejectedException> of(ProgramKey key) {
        Rejection rejection = all.get(key);
        if (rejection == null) {
            return Optional.empty();
        }
        if (nanoClock.getAsLong() - rejection.atNanos() >= KEPT_NANOS) {
            all.remove(key);
            return Optional.empty();
        }
        return Optional.of(rejection.why());
    }
}
