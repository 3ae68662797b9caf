package io.runnel.routing.forward;

import io.runnel.exec.task.ByteSize;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What all calls of a POP together may ask a second time. Each call that is sent to a region earns
 * a tenth of a try, and a try beyond a call's first costs a whole one; what is not used is kept, up
 * to as many as may break at once when a region dies. So of N calls at most N / 10 are ever tried
 * again, and a reserve that it begins with; and as calls in flight are rate × duration, those that
 * a region's death breaks are all tried again once the load has lasted ten times as long as a call.
 *
 * <p>Who finds it empty may wait for what is earned next: first come, first served, before whoever
 * comes later, and until a time of its own. Only so many wait, with bodies of so many bytes. It has
 * no clock: times are arguments, nanoseconds of one monotonic clock.
 *
 * <p>A try counts when its head is sent: a region that is known to be down or full, or that takes
 * no connection, costs nothing to pass over. Safe for any thread; takes a lock for some tens of
 * nanoseconds, once for ten calls.
 */
final class RetryBudget {
    /** A tenth: so many calls earn one try. */
    static final int CALLS_FOR_ONE = 10;

    /**
     * It begins with these: what is in flight to one region at 70 calls a second until its silence
     * is noticed.
     */
    static final int RESERVE = 100;

    /** Nobody waits longer. */
    static final Duration LONGEST_WAIT = Duration.ofSeconds(5);

    /** So many wait at once. */
    static final int MOST_WAITING = 2_000;

    /** Their bodies together. */
    static final ByteSize MOST_WAITING_BYTES = ByteSize.ofMiB(32);

    /** Who waits for a try. */
    @FunctionalInterface
    interface Waiting {
        /** It has one, to be used or given back. On any thread: must be short. */
        void granted();
    }

    /** What came of asking. */
    enum Got {
        /** One, to be used or given back. */
        TAKEN,
        /** A place among those who wait. */
        WAITS,
        /** Neither. */
        NOTHING
    }

    private record Turn(long untilNanos, long bytes) {}

    private final int most;
    private final Map<Waiting, Turn> waiting = new LinkedHashMap<>();
    private long waitingBytes;

    /** None while somebody waits whose time is not up. */
    private int left;

    /** Keeps {@code most} tries. */
    RetryBudget(int most) {
        this.most = most;
        this.left = Math.min(RESERVE, most);
    }

    /** {@link #CALLS_FOR_ONE} calls were sent: each event loop counts its own. */
    void earn(long nowNanos) {
        add(nowNanos);
    }

    /** One was not used. */
    void giveBack(long nowNanos) {
        add(nowNanos);
    }

    private void add(long nowNanos) {
        Waiting next = nextOrKeep(nowNanos);
        if (next != null) {
            next.granted();
        }
    }

    private synchronized Waiting nextOrKeep(long nowNanos) {
        for (Waiting each : waiting.keySet()) {
            // Whose time is up learns that by asking.
            if (waiting.get(each).untilNanos() - nowNanos > 0) {
                remove(each);
                return each;
            }
        }
        left = Math.min(most, left + 1);
        return null;
    }

    /** Takes one, if so many are left besides. */
    synchronized boolean tryTake(long besides) {
        if (left <= besides) {
            return false;
        }
        left--;
        return true;
    }

    /**
     * Takes one, or a place behind those who wait already.
     *
     * @param bytes that it holds meanwhile
     * @param deadlineNanos when it has no more use for one
     */
    synchronized Got takeOrWait(Waiting who, long bytes, long nowNanos, long deadlineNanos) {
        if (tryTake(0)) {
            return Got.TAKEN;
        }
        if (waiting.size() >= MOST_WAITING
                || waitingBytes + bytes > MOST_WAITING_BYTES.bytes()
                || deadlineNanos - nowNanos <= 0) {
            return Got.NOTHING;
        }
        long longest = LONGEST_WAIT.toNanos();
        waiting.put(who, new Turn(nowNanos + Math.min(longest, deadlineNanos - nowNanos), bytes));
        waitingBytes += bytes;
        return Got.WAITS;
    }

    /** Whether this one has waited in vain until its time was up; then it waits no more. */
    synchronized boolean isTimeUp(Waiting who, long nowNanos) {
        Turn turn = waiting.get(who);
        return turn != null && turn.untilNanos() - nowNanos <= 0 && remove(who);
    }

    /** This one waits no more. If it had been granted a try meanwhile, that is given back. */
    void leave(Waiting who, long nowNanos) {
        if (!remove(who)) {
            giveBack(nowNanos);
        }
    }

    private synchronized boolean remove(Waiting who) {
        Turn turn = waiting.remove(who);
        if (turn == null) {
            return false;
        }
        waitingBytes -= turn.bytes();
        return true;
    }

    synchronized int left() {
        return left;
    }

    synchronized int waiting() {
        return waiting.size();
    }
}
