package io.runnel.exec.isolate;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * One tenant's part of a node: what its calls hold, and its calls that wait. Guarded by the {@link
 * FairShares} that it belongs to.
 */
final class AccountShare {
    private final Deque<Call> waiting = new ArrayDeque<>();
    private final Set<Call> preparing = new LinkedHashSet<>();
    private int slots;
    private long memoryBytes;
    private boolean isTouched = true;
    private long idleSinceNanos;

    int slots() {
        return slots;
    }

    long memoryBytes() {
        return memoryBytes;
    }

    void take(long bytes) {
        slots++;
        memoryBytes += bytes;
        isTouched = true;
    }

    void giveBack(long bytes) {
        slots--;
        memoryBytes -= bytes;
        isTouched = true;
    }

    /** Whether a call waits whose code is ready. */
    boolean hasWaiting() {
        return !waiting.isEmpty();
    }

    /** The call of those whose code is ready that came first, or last. Only if there is one. */
    Call next(boolean newestFirst) {
        return newestFirst ? waiting.getLast() : waiting.getFirst();
    }

    /** Its calls that wait, for a slot or for their code. */
    int queued() {
        return waiting.size() + preparing.size();
    }

    /** Those that wait for their code. */
    int preparing() {
        return preparing.size();
    }

    void addWaiting(Call call) {
        waiting.add(call);
        isTouched = true;
    }

    void addPreparing(Call call) {
        preparing.add(call);
        isTouched = true;
    }

    void removeNext(boolean newestFirst) {
        if (newestFirst) {
            waiting.removeLast();
        } else {
            waiting.removeFirst();
        }
    }

    boolean removeWaiting(Call call) {
        return waiting.remove(call);
    }

    boolean removePreparing(Call call) {
        return preparing.remove(call);
    }

    /** The waiting call that came last, which waits no longer. Only if there is one. */
    Call removeNewest() {
        if (!waiting.isEmpty()) {
            return waiting.removeLast();
        }
        List<Call> all = List.copyOf(preparing);
        preparing.remove(all.getLast());
        return all.getLast();
    }

    void copyTo(List<Call> all) {
        all.addAll(waiting);
        all.addAll(preparing);
    }

    /**
     * Moves calls that are past their deadline, or have waited too long for a slot, to {@code
     * late}.
     *
     * @return nanoseconds to the next such time, or {@link Expiring#NEVER}
     */
    long removeLate(long nowNanos, long mostWaitNanos, List<Call> late) {
        return Math.min(
                removeLate(waiting, nowNanos, mostWaitNanos, late),
                removeLate(preparing, nowNanos, Expiring.NEVER, late));
    }

    private static long removeLate(
            Iterable<Call> calls, long nowNanos, long mostWaitNanos, List<Call> late) {
        long delayNanos = Expiring.NEVER;
        for (Iterator<Call> all = calls.iterator(); all.hasNext(); ) {
            Call call = all.next();
            long waitedNanos = nowNanos - call.waitingSinceNanos();
            long leftNanos = call.deadlineNanos() - nowNanos;
            if (mostWaitNanos != Expiring.NEVER) {
                leftNanos = Math.min(leftNanos, mostWaitNanos - waitedNanos);
            }
            if (leftNanos <= 0) {
                all.remove();
                late.add(call);
            } else {
                delayNanos = Math.min(delayNanos, leftNanos);
            }
        }
        return delayNanos;
    }

    /** Whether it holds nothing and waits for nothing. */
    boolean isIdle() {
        return slots == 0 && waiting.isEmpty() && preparing.isEmpty();
    }

    /** For how long it has been idle, to within the time since this was asked last. */
    long idleNanos(long nowNanos) {
        if (isTouched || !isIdle()) {
            isTouched = false;
            idleSinceNanos = nowNanos;
        }
        return nowNanos - idleSinceNanos;
    }
}
