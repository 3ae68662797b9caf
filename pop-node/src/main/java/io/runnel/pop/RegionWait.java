package io.runnel.pop;

import io.runnel.exec.task.RegionId;
import io.runnel.routing.forward.AttemptFailure;
import io.runnel.routing.forward.FailedAttempt;
import io.runnel.routing.forward.ForwardResult;
import io.runnel.routing.forward.RegionHealth;
import io.runnel.routing.forward.RegionState.Reach;
import io.vertx.core.Vertx;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * Holds calls back for a moment that no region takes, when one was up just now: a region's node
 * that is restarted is away for seconds, and a task may have no other. No region takes anything of
 * a POP that was revoked, which holds nothing back. Calls are held as long as their bodies are, few
 * at once. What waits is looked after on its own event loop; the rest is safe for any thread.
 */
final class RegionWait {
    private static final Duration LONGEST = Duration.ofSeconds(5);
    private static final Duration UP_LATELY = Duration.ofSeconds(8);
    private static final long LOOK_EVERY_MILLIS = 100;
    private static final int MOST = 256;

    private final Vertx vertx;
    private final RegionHealth health;
    private final BooleanSupplier isRevoked;
    private final LongSupplier nanoClock;
    private final AtomicInteger held = new AtomicInteger();

    /**
     * One that holds nothing yet.
     *
     * @param isRevoked whether this POP is, so far as it knows
     */
    RegionWait(
            Vertx vertx, RegionHealth health, BooleanSupplier isRevoked, LongSupplier nanoClock) {
        this.vertx = vertx;
        this.health = health;
        this.isRevoked = isRevoked;
        this.nanoClock = nanoClock;
    }

    /**
     * A call that may be held back.
     *
     * @param isFinished whether nobody waits for its answer any more
     * @param regions that it may go to
     * @param endNanos when it has waited long enough
     * @param again has it sent, on its event loop
     * @param over does what is done with a call that no region takes
     */
    record Held(
            BooleanSupplier isFinished,
            List<RegionId> regions,
            long endNanos,
            Runnable again,
            Runnable over) {}

    /** When a call that comes now has waited long enough. */
    long end() {
        return nanoClock.getAsLong() + LONGEST.toNanos();
    }

    /**
     * Holds a call back until one of its regions answers pings, if that is worth it; otherwise it
     * is over at once.
     */
    void hold(Held call, ForwardResult.Unreached unreached) {
        if (!isAway(unreached) || isInVain(call) || !wereUpLately(call.regions())) {
            call.over().run();
        } else if (held.incrementAndGet() > MOST) {
            held.decrementAndGet();
            call.over().run();
        } else {
            lookLater(call);
        }
    }

    /** Whether regions are away, and not merely too busy or too late. */
    private static boolean isAway(ForwardResult.Unreached unreached) {
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

    private boolean isInVain(Held call) {
        return isRevoked.getAsBoolean() || call.endNanos() - nanoClock.getAsLong() <= 0;
    }

    private void lookLater(Held call) {
        vertx.setTimer(LOOK_EVERY_MILLIS, timer -> look(call));
    }

    private void look(Held call) {
        if (call.isFinished().getAsBoolean()) {
            held.decrementAndGet();
        } else if (call.regions().stream().anyMatch(this::isUp)) {
            held.decrementAndGet();
            call.again().run();
        } else if (isInVain(call)) {
            held.decrementAndGet();
            call.over().run();
        } else {
            lookLater(call);
        }
    }

    private boolean isUp(RegionId region) {
        return health.state(region).reach() == Reach.UP;
    }

    private boolean wereUpLately(List<RegionId> regions) {
        return regions.stream().anyMatch(region -> health.answeredWithin(region, UP_LATELY));
    }
}
