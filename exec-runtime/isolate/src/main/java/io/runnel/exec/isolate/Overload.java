package io.runnel.exec.isolate;

import io.runnel.exec.task.Outcome;
import io.runnel.exec.task.Outcome.Refusal;

import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;

/**
 * What a node lets in: how many calls may run, how many may wait and for how long, and what is said
 * to those that may not. Guarded by its pool, but for the counters.
 *
 * <p>As long as no queue stands ({@link StandingQueue}), up to {@link RunnerSettings#queue} calls
 * wait, the oldest first, each for {@link RunnerSettings#longestWait}: a burst is served. Once
 * slots have been behind for {@link StandingQueue#INTERVAL}, only as many wait as will have slots
 * before the queue would be called a standing one: who came later would then be refused, and is so
 * at once. When one stands, about the square root of the slots wait, the newest first, each for
 * twice as long as slots are held: enough that no slot is ever free for want of a call, and so few
 * that most of those that have to be refused are so at once.
 */
final class Overload {
    private static final Duration LEAST_WAIT = Duration.ofMillis(10);

    /**
     * Where a burst ends: what may be waited for longer than this, as times that slots are held.
     */
    private static final int BURST = 4;

    /** How long a call may wait in a queue that stands, as times that slots are held. */
    private static final int STANDING = 2;

    private static final Duration LEAST_BURST = Duration.ofMillis(100);

    private final RunnerSettings settings;
    private final ConcurrencyLimit running;
    private final StandingQueue queue = new StandingQueue();
    private final SlotTimes times;
    private final LongAdder waited = new LongAdder();
    private final LongAdder waitedNanos = new LongAdder();
    private final LongAdder overCapacity = new LongAdder();
    private final LongAdder rateLimited = new LongAdder();
    private final LongAdder waitedInVain = new LongAdder();
    private final LongAdder left = new LongAdder();

    /** Of a node that has nothing to do. */
    Overload(RunnerSettings settings, int processors, long nowNanos) {
        this.settings = settings;
        this.times = new SlotTimes(settings.slots());
        int least = Math.min(settings.slots(), 2 * processors);
        this.running = new ConcurrencyLimit(least, settings.slots(), nowNanos);
    }

    /** Calls that may run at once. */
    int mostRunning() {
        return running.limit();
    }

    /** Calls that may wait for a slot when many do. */
    private int mostStanding() {
        int root = (int) Math.ceil(Math.sqrt(mostRunning()));
        return Math.min(root, settings.queue());
    }

    /**
     * Calls that may wait for a slot.
     *
     * @param oldestNanos for how long the oldest of those that wait does so; 0 if none does
     */
    int mostWaiting(long oldestNanos) {
        if (queue.stands()) {
            return mostStanding();
        }
        long heldNanos = times.heldNanos();
        if (oldestNanos < StandingQueue.INTERVAL.toNanos() || heldNanos == 0) {
            return settings.queue();
        }
        double served =
                (double) mostRunning()
                        * (burstNanos() + StandingQueue.INTERVAL.toNanos())
                        / heldNanos;
        return (int) Math.clamp(served, mostStanding(), settings.queue());
    }

    /** Whether more comes than can be run. */
    boolean stands() {
        return queue.stands();
    }

    /** How long calls may wait for a slot, whatever their patience; or {@link Expiring#NEVER}. */
    long mostWaitNanos() {
        return queue.stands()
                ? Math.max(STANDING * times.heldNanos(), LEAST_WAIT.toNanos())
                : Expiring.NEVER;
    }

    private long burstNanos() {
        long nanos = Math.max(BURST * times.heldNanos(), LEAST_BURST.toNanos());
        return Math.min(nanos, settings.longestWait().toNanos() / 2);
    }

    /** Running and waiting calls in percent of what is let in when many come. */
    int percent(int runs, int waits) {
        return (int) (100L * (runs + waits) / (mostRunning() + mostStanding()));
    }

    /** How it is from now on: whether calls wait for a slot. */
    void look(long nowNanos, boolean waits) {
        queue.look(nowNanos, waits);
    }

    /** A call got a slot after it had waited for one. */
    void served(long forNanos) {
        waited.increment();
        waitedNanos.add(forNanos);
    }

    /** Calls left the queue for slots; for how long the oldest of the others waits, 0 if none. */
    void moved(long nowNanos, long oldestNanos) {
        queue.moved(nowNanos, oldestNanos, burstNanos());
    }

    /** A slot was given back. */
    void held(long nanos) {
        times.held(nanos);
    }

    /** The node was late by so much; whether another number of calls may run now. */
    boolean late(long nowNanos, long lateNanos) {
        return running.late(nowNanos, lateNanos);
    }

    /** A call's caller left before it got a slot. */
    void left() {
        left.increment();
    }

    /** About how long a call that comes now would wait when no slot is free. */
    long expectedWaitNanos(int waits) {
        return times.expectedWaitNanos(waits);
    }

    /** Somebody else refused a call for this node, because of its source. */
    void refusedBefore(long nowNanos) {
        queue.refused(nowNanos, times.heldNanos());
        rateLimited.increment();
    }

    /**
     * Says no to a call that came.
     *
     * @param mostWaiting how many may wait now, which its caller is told
     */
    Outcome.Refused refuse(long nowNanos, int mostWaiting, boolean isBeyondShare) {
        queue.refused(nowNanos, times.heldNanos());
        return count(mostWaiting, isBeyondShare);
    }

    /** Says no to a call that has waited in vain. */
    Outcome.Refused refuseLate(long nowNanos, long forNanos, boolean isBeyondShare) {
        if (!queue.stands()) {
            // Else the wait was short by our own will.
            times.waitedInVain(forNanos);
        }
        queue.waitedInVain(nowNanos, times.heldNanos());
        waitedInVain.increment();
        return count(mostWaiting(0), isBeyondShare);
    }

    private Outcome.Refused count(int mostWaiting, boolean isBeyondShare) {
        (isBeyondShare ? rateLimited : overCapacity).increment();
        String detail =
                "No slot is free for this call: %d of %d slots may be taken now, and %d of %d calls"
                        + " may wait, for up to %d ms%s. More 'slots' for this node in the topology"
                        + " file let in more.";
        long longestNanos = Math.min(mostWaitNanos(), settings.longestWait().toNanos());
        return new Outcome.Refused(
                isBeyondShare ? Refusal.RATE_LIMITED : Refusal.OVER_CAPACITY,
                detail.formatted(
                        mostRunning(),
                        settings.slots(),
                        mostWaiting,
                        settings.queue(),
                        Duration.ofNanos(longestNanos).toMillis(),
                        isBeyondShare ? "; this tenant has its share of them" : ""));
    }

    /**
     * What is to be told of it.
     *
     * @param oldestNanos for how long the oldest of those that wait does so; 0 if none does
     */
    LoadReport report(int runs, int waits, long oldestNanos, boolean shared) {
        return new LoadReport(
                percent(runs, waits),
                runs,
                waits,
                mostRunning(),
                mostWaiting(oldestNanos),
                stands(),
                shared,
                waited.sum(),
                waitedNanos.sum(),
                overCapacity.sum(),
                rateLimited.sum(),
                waitedInVain.sum(),
                left.sum());
    }
}
