package io.runnel.exec.isolate;

import java.time.Duration;

/**
 * Whether calls wait because a burst came, which passes, or because more comes than can be run,
 * which does not: then the queue stands.
 *
 * <p>A queue stands once its oldest call has been waiting for longer than a target at every look
 * for {@link #INTERVAL}, or once a call has waited in vain; it does so no longer once, for half of
 * {@link #LOOK}, no call waited and none had been refused in the time that slots are held.
 *
 * <p>Source: CoDel (Nichols and Jacobson, Controlling Delay, ACM Queue 2012; RFC 8289): a standing
 * queue is one whose least delay over an interval exceeds a target; and its use for servers,
 * together with adaptive LIFO, by Facebook (Maurer, Fail at Scale, ACM Queue 2015). The end of it
 * is our own: a queue that is kept short says little by its delays, and bursts that come seldom say
 * little by how many of them it refuses. Pure; guarded by its pool.
 */
final class StandingQueue {
    /** How long the delay has to last. */
    static final Duration INTERVAL = Duration.ofMillis(100);

    /** How often it is asked whether it is over. */
    static final Duration LOOK = Duration.ofSeconds(1);

    private boolean stands;
    private boolean isSlow;
    private long slowSinceNanos;
    private long lookNanos;
    private long busyNanos;
    private long sinceNanos;
    private boolean waits;
    private long refusedUntilNanos;

    /** Whether it stands. */
    boolean stands() {
        return stands;
    }

    /**
     * How it is from now on: whether calls wait.
     *
     * @param nowNanos may be a little earlier than before, from a thread that read its clock first
     */
    void look(long nowNanos, boolean nowWaits) {
        if (!stands) {
            return;
        }
        long passedNanos = Math.max(nowNanos - sinceNanos, 0);
        busyNanos +=
                waits ? passedNanos : Math.clamp(refusedUntilNanos - sinceNanos, 0, passedNanos);
        sinceNanos += passedNanos;
        waits = nowWaits;
        long forNanos = nowNanos - lookNanos;
        if (forNanos >= LOOK.toNanos()) {
            stands = 2 * busyNanos >= forNanos;
            lookNanos = nowNanos;
            busyNanos = 0;
        }
    }

    /** A call was refused; about as long as slots are held there is one too many. */
    void refused(long nowNanos, long heldNanos) {
        look(nowNanos, waits);
        refusedUntilNanos = nowNanos + heldNanos;
    }

    /** A call has waited as long as it may. */
    void waitedInVain(long nowNanos, long heldNanos) {
        if (!stands) {
            begin(nowNanos);
        }
        refused(nowNanos, heldNanos);
    }

    /**
     * A call left the queue for a slot.
     *
     * @param oldestNanos for how long the oldest of those that still wait does so; 0 if none does
     */
    void moved(long nowNanos, long oldestNanos, long targetNanos) {
        if (stands) {
            return;
        }
        if (oldestNanos < targetNanos) {
            isSlow = false;
        } else if (!isSlow) {
            isSlow = true;
            slowSinceNanos = nowNanos;
        } else if (nowNanos - slowSinceNanos >= INTERVAL.toNanos()) {
            begin(nowNanos);
        }
    }

    private void begin(long nowNanos) {
        stands = true;
        isSlow = false;
        lookNanos = nowNanos;
        sinceNanos = nowNanos;
        refusedUntilNanos = nowNanos;
        busyNanos = 0;
        waits = true;
    }
}
