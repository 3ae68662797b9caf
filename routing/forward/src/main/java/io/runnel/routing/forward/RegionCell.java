package io.runnel.routing.forward;

import io.runnel.exec.task.RegionId;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;

/**
 * What one POP knows of one region: its reach, its load, its circuit breaker, and what came of the
 * calls to it. Safe for any thread; reading takes no lock.
 */
final class RegionCell {
    /** What is older says nothing any more. */
    static final Duration LOAD_STALE = Duration.ofSeconds(3);

    private static final int FULL = 100;
    private static final int MOST_LOAD = 999;
    private static final int MOST_DIGITS = 4;
    private static final long AGAIN_NANOS = Duration.ofMillis(100).toNanos();
    private static final int NEVER = -1;

    /** Of a region that is the last, and fails: fifty a second. */
    static final long BETWEEN_TRIALS_NANOS = Duration.ofMillis(20).toNanos();

    private final RegionId region;
    private final LongSupplier nanoClock;
    private final AtomicReference<RegionState> reach;
    private final RegionBreaker breaker;
    private final RegionCounts counts = new RegionCounts();
    private final SlowStart slowStart;
    private final AtomicLong lastTrialNanos;
    private volatile OptionalLong answeredNanos = OptionalLong.empty();
    private volatile int saidPercent = NEVER;
    private volatile long saidNanos;
    private final AtomicInteger underWay = new AtomicInteger();
    private final MeanCalls ran;
    private volatile Optional<HeldBack> heldBack = Optional.empty();

    RegionCell(RegionLink link, LongSupplier nanoClock) {
        this.region = link.region();
        this.nanoClock = nanoClock;
        this.reach = new AtomicReference<>(RegionState.unknown(link.roundTrip()));
        this.lastTrialNanos = new AtomicLong(nanoClock.getAsLong() - BETWEEN_TRIALS_NANOS);
        this.breaker = new RegionBreaker(region.value(), nanoClock);
        this.slowStart = new SlowStart(nanoClock);
        this.ran = new MeanCalls(nanoClock.getAsLong());
    }

    RegionId region() {
        return region;
    }

    RegionBreaker breaker() {
        return breaker;
    }

    RegionCounts counts() {
        return counts;
    }

    /** Its reach and round trip alone. */
    RegionState reach() {
        return reach.get();
    }

    /** Changes what is known of its reach; what was known before. */
    RegionState change(UnaryOperator<RegionState> step) {
        RegionState before = reach.getAndUpdate(step);
        boolean wasDown = before.reach() == RegionState.Reach.DOWN;
        if (wasDown && step.apply(before).reach() != RegionState.Reach.DOWN) {
            slowStart.begin();
        }
        return before;
    }

    /** Whether it gets one more call now though another could take it: {@link SlowStart}. */
    boolean isGivenOneMore() {
        return slowStart.tryTake(underWay.get());
    }

    /** Whether it would be given one more. */
    boolean wouldBeGivenOneMore() {
        return slowStart.hasMore(underWay.get());
    }

    /** Whether it is given few calls, for it has just come back. */
    boolean isStarting() {
        return !slowStart.isOver();
    }

    /**
     * It answers a ping. Noted before its state changes, so that who sees it down can rely on it.
     */
    void answers() {
        answeredNanos = OptionalLong.of(nanoClock.getAsLong());
    }

    boolean answeredWithin(Duration time) {
        OptionalLong last = answeredNanos;
        return last.isPresent() && nanoClock.getAsLong() - last.getAsLong() <= time.toNanos();
    }

    /** All of it. */
    RegionState state() {
        long now = nanoClock.getAsLong();
        return reach.get().with(loadPercent(now), loadAgeNanos(now), breaker.state());
    }

    private long loadAgeNanos(long nowNanos) {
        return saidPercent == NEVER ? Long.MAX_VALUE : Math.max(0, nowNanos - saidNanos);
    }

    private int loadPercent(long nowNanos) {
        int said = loadAgeNanos(nowNanos) <= LOAD_STALE.toNanos() ? saidPercent : 0;
        return isRefusing(nowNanos) ? Math.max(FULL, said) : said;
    }

    boolean isFull() {
        return loadPercent(nanoClock.getAsLong()) >= FULL;
    }

    private boolean isRefusing(long nowNanos) {
        Optional<HeldBack> now = heldBack;
        return now.isPresent()
                && !now.get().isOver(nowNanos)
                && underWay.get() >= now.get().most(nowNanos);
    }

    /** The region says how loaded it is; what is no small number was not said. */
    void said(String load) {
        int percent = parse(load);
        if (percent < 0) {
            return;
        }
        long now = nanoClock.getAsLong();
        // Most answers say the same: then other threads are not made to read anew.
        if (percent != saidPercent || now - saidNanos > AGAIN_NANOS) {
            saidNanos = now;
            saidPercent = percent;
        }
    }

    private static int parse(String load) {
        if (load.isEmpty() || load.length() > MOST_DIGITS) {
            return NEVER;
        }
        int value = 0;
        for (int i = 0; i < load.length(); i++) {
            char c = load.charAt(i);
            if (c < '0' || c > '9') {
                return NEVER;
            }
            value = 10 * value + (c - '0');
        }
        return Math.min(value, MOST_LOAD);
    }

    /**
     * Whether a call may be sent although the breaker is open, for no other region is left: a slow
     * answer is better than none, and a region that has too much to do says so itself.
     */
    boolean lastTrial() {
        if (breaker.isOnlySlow()) {
            return true;
        }
        long now = nanoClock.getAsLong();
        long before = lastTrialNanos.get();
        return now - before >= BETWEEN_TRIALS_NANOS && lastTrialNanos.compareAndSet(before, now);
    }

    /** A call is on its way to it. */
    void began() {
        underWay.incrementAndGet();
    }

    /** And is over. */
    void ended() {
        underWay.decrementAndGet();
    }

    /** It ran a call, and answered after so long. */
    void ran(long nanos) {
        ran.took(nanos);
    }

    /** It refused a call for want of room: for a moment it is full, whatever it says. */
    void refused(RandomGenerator random) {
        long now = nanoClock.getAsLong();
        int calls = Math.max(underWay.get() - 1, ran.lately(now));
        heldBack = Optional.of(HeldBack.of(calls, now, random));
    }
}
