package io.runnel.routing.forward;

import io.runnel.exec.task.AccountId;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The bulkhead: how one lane's places (streams, and calls that wait for one) are shared between
 * tenants. One that is alone may hold them all. While others were there in the last second, one may
 * always hold its share, a n-th of the places for n tenants, and beyond that only what leaves an
 * eighth of the places free for those that come.
 *
 * <p>Remembers a thousand tenants that hold nothing. For one event loop only.
 */
final class TenantPlaces {
    static final long ACTIVE_NANOS = 1_000_000_000L;
    private static final int MOST_REMEMBERED = 1024;
    private static final int KEPT_FREE = 8;

    private final int places;
    private final Map<AccountId, Held> tenants = new LinkedHashMap<>();
    private int held;

    TenantPlaces(int places) {
        this.places = places;
    }

    /** What one tenant holds, and when it last came. */
    static final class Held {
        private int count;
        private long seenNanos;

        private boolean isActive(long nowNanos) {
            return count > 0 || nowNanos - seenNanos < ACTIVE_NANOS;
        }
    }

    /** A tenant's record; to be asked for anew with each call. */
    Held of(AccountId tenant, long nowNanos) {
        Held its = tenants.get(tenant);
        if (its == null) {
            forget(nowNanos);
            its = new Held();
            tenants.put(tenant, its);
        }
        its.seenNanos = nowNanos;
        return its;
    }

    /** Takes a place for it, if it may have one. */
    boolean tryTake(Held its, long nowNanos) {
        if (held >= places || !mayHoldMore(its, nowNanos)) {
            return false;
        }
        its.count++;
        held++;
        return true;
    }

    private boolean mayHoldMore(Held its, long nowNanos) {
        // Where there is much room nobody has to count.
        if (places - held > Math.max(1, places / KEPT_FREE) || tenants.size() == 1) {
            return true;
        }
        int active = 0;
        for (Held each : tenants.values()) {
            active += each.isActive(nowNanos) ? 1 : 0;
        }
        return active == 1 || its.count < Math.max(1, places / active);
    }

    /** Gives a place back. */
    void release(Held its) {
        its.count--;
        held--;
    }

    private void forget(long nowNanos) {
        if (tenants.size() < MOST_REMEMBERED) {
            return;
        }
        tenants.values().removeIf(each -> !each.isActive(nowNanos));
        Iterator<Held> eldest = tenants.values().iterator();
        while (tenants.size() >= MOST_REMEMBERED && eldest.hasNext()) {
            if (eldest.next().count == 0) {
                eldest.remove();
            }
        }
    }

    /** How many tenants it knows. */
    int remembered() {
        return tenants.size();
    }

    int held() {
        return held;
    }
}
