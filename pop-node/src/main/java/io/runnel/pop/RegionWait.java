package io.runnel.pop;

import io.runnel.exec.http.Exchange;
import io.runnel.exec.task.RegionId;
import io.runnel.routing.forward.AttemptFailure;
import io.runnel.routing.forward.FailedAttempt;
import io.runnel.routing.forward.ForwardResult;
import io.runnel.routing.forward.RegionHealth;
import io.runnel.routing.forward.RegionState.Reach;
import io.vertx.core.Vertx;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/**
 * Holds calls back for a moment that no region takes, when one was up just now: a region's node
 * that is restarted is away for seconds, and a task may have no other. Calls are held as long as
 * their bodies are, few at once. What waits is looked after on its own event loop; the rest is safe
 * for any thread.
 */
final class RegionWait {
    private static final Duration LONGEST = Duration.ofSeconds(5);
    private static final Duration UP_LATELY = Duration.ofSeconds(8);
    private static final long LOOK_EVERY_MILLIS = 100;
    private static final int MOST = 256;

    private final Vertx vertx;
    private final RegionHealth health;
    private final LongSupplier nanoClock;
    private final Map<RegionId, Long> wasUpNanos = new ConcurrentHashMap<>();
    private final AtomicInteger held = new AtomicInteger();

    RegionWait(Vertx vertx, RegionHealth health, LongSupplier nanoClock) {
        this.vertx = vertx;
        this.health = health;
        this.nanoClock = nanoClock;
        health.onChange(
                (node, state) -> {
                    // The last of its nodes.
                    if (health.state(node.region()).reach() == Reach.DOWN) {
                        wasUpNanos.put(node.region(), nanoClock.getAsLong());
                    }
                });
    }

    /** Whether regions are away, and not merely too busy or too late. */
    static boolean isAway(ForwardResult.Unreached unreached) {
        return !unreached.failed().isEmpty()
                && unreached.failed().stream()
                        .map(FailedAttempt::failure)
                        .allMatch(RegionWait::isAway);
    }

    private static boolean isAway(AttemptFailure failure) {
        return switch (failure) {
            case DOWN, NOT_CONNECTED, CONNECT_TIMED_OUT, NOT_TAKEN -> true;
            case BUSY, NOT_RUN, SILENT, BROKEN, TOO_LATE -> false;
        };
    }

    /** When a call that comes now has waited long enough. */
    long end() {
        return nanoClock.getAsLong() + LONGEST.toNanos();
    }

    /**
     * Holds a call back until one of these regions answers pings, if that is worth it.
     *
     * @param endNanos when it has waited long enough
     * @param again has the call sent, on its event loop
     * @param over does what is done with a call that no region takes; maybe at once
     */
    void hold(
            Exchange exchange,
            List<RegionId> regions,
            long endNanos,
            Runnable again,
            Runnable over) {
        if (endNanos - nanoClock.getAsLong() <= 0 || !wereUpLately(regions)) {
            over.run();
        } else if (held.incrementAndGet() > MOST) {
            held.decrementAndGet();
            over.run();
        } else {
            look(exchange, regions, endNanos, again, over);
        }
    }

    private void look(
            Exchange exchange,
            List<RegionId> regions,
            long endNanos,
            Runnable again,
            Runnable over) {
        vertx.setTimer(
                LOOK_EVERY_MILLIS,
                timer -> {
                    if (exchange.isFinished()) {
                        held.decrementAndGet();
                    } else if (regions.stream().anyMatch(this::isUp)) {
                        held.decrementAndGet();
                        again.run();
                    } else if (endNanos - nanoClock.getAsLong() <= 0) {
                        held.decrementAndGet();
                        over.run();
                    } else {
                        look(exchange, regions, endNanos, again, over);
                    }
                });
    }

    private boolean isUp(RegionId region) {
        return health.state(region).reach() == Reach.UP;
    }

    private boolean wereUpLately(List<RegionId> regions) {
        return regions.stream().anyMatch(region -> isUp(region) || wentLately(region));
    }

    private boolean wentLately(RegionId region) {
        Long went = wasUpNanos.get(region);
        return went != null && nanoClock.getAsLong() - went <= UP_LATELY.toNanos();
    }
}
