package io.runnel.routing.forward;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * What all calls of a POP together may ask a second time. Each call that is sent to a region earns
 * a tenth of a try, and a try beyond a call's first costs a whole one; what is not used is kept, up
 * to as many as may break at once when a region dies. So of N calls at most N / 10 are ever tried
 * again, and a few that it begins with; and as calls in flight are rate × duration, those that a
 * region's death breaks are all tried again once the load has lasted ten times as long as a call.
 *
 * <p>A try counts when its head is sent: a region that is known to be down or full, or that takes
 * no connection, costs nothing to pass over. Safe for any thread, without locks.
 */
final class RetryBudget {
    /** A tenth: so many calls earn one try. */
    static final int CALLS_FOR_ONE = 10;

    /** It begins with these, so that the first call of all may fail over. */
    static final int FLOOR = 10;

    private final int most;
    private final AtomicInteger left;

    /** Keeps {@code most} tries. */
    RetryBudget(int most) {
        this.most = most;
        this.left = new AtomicInteger(Math.min(FLOOR, most));
    }

    /** {@link #CALLS_FOR_ONE} calls were sent: each event loop counts its own. */
    void earn() {
        giveBack();
    }

    /** Takes one, if so many are left besides. */
    boolean tryTake(long besides) {
        int now = left.get();
        while (now > besides) {
            if (left.compareAndSet(now, now - 1)) {
                return true;
            }
            now = left.get();
        }
        return false;
    }

    /** One was not used. */
    void giveBack() {
        int now = left.get();
        while (now < most && !left.compareAndSet(now, now + 1)) {
            now = left.get();
        }
    }

    int left() {
        return left.get();
    }
}
