package io.runnel.exec.forecast.replay;

import io.runnel.exec.forecast.Plan;
import io.runnel.exec.forecast.StartSchedule;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Iterator;

/**
 * The isolates of one task in a replay: those that run, and those that are idle or being started,
 * the longest unused first. The one that was used last is used next. Not thread-safe.
 */
final class TaskPool {
    private static final int FIRST_ROOM = 2;
    private static final long READY = -1;

    /** An isolate that does not run: since when, from when on it is ready, whether it ever ran. */
    private record Idle(long sinceMs, long readyMs, boolean wasUsed) {}

    private final TaskPolicy policy;
    private final Tally tally;
    private final ReplayWatch watch;
    private final ArrayDeque<Idle> idle = new ArrayDeque<>(FIRST_ROOM);
    private long[] endsMs = new long[FIRST_ROOM];
    private int running;
    private long memoryBytes;
    private int startMs;
    private long countedToMs;

    TaskPool(TaskPolicy policy, Tally tally, ReplayWatch watch, long nowMs) {
        this.policy = policy;
        this.tally = tally;
        this.watch = watch;
        this.countedToMs = nowMs;
    }

    TaskPolicy policy() {
        return policy;
    }

    /**
     * Serves a call.
     *
     * @return whether it had to wait for a start
     */
    boolean call(long nowMs, int durationMs, long memory, int start) {
        endUntil(nowMs);
        count(nowMs);
        resize(memory);
        startMs = start;
        long takenMs = take(nowMs);
        boolean isCold = takenMs != READY;
        long waitMs = isCold ? takenMs : 0;
        run(nowMs + waitMs + durationMs);
        policy.arrived(nowMs, running);
        tally.calls++;
        tally.waitingMs += waitMs;
        if (isCold) {
            tally.coldStarts++;
            policy.started(start);
        }
        watch.called(nowMs, running, isCold);
        return isCold;
    }

    /**
     * Takes the ready one that was used last, else what is soonest: one that is being started or a
     * new one.
     *
     * @return how long until it is ready, or {@link #READY}
     */
    private long take(long nowMs) {
        Idle best = null;
        Iterator<Idle> latestFirst = idle.descendingIterator();
        while (latestFirst.hasNext()) {
            Idle next = latestFirst.next();
            if (best == null || next.readyMs < best.readyMs) {
                best = next;
            }
            if (best.readyMs <= nowMs) {
                break;
            }
        }
        if (best == null || best.readyMs - nowMs > startMs) {
            tally.held(1, memoryBytes);
            return startMs;
        }
        idle.removeLastOccurrence(best);
        return best.readyMs <= nowMs ? READY : best.readyMs - nowMs;
    }

    private void resize(long memory) {
        tally.held(running + idle.size(), memory - memoryBytes);
        memoryBytes = memory;
    }

    /** Does what is to be done by now; returns when to look again. */
    long settle(long nowMs, StartSchedule schedule) {
        endUntil(nowMs);
        count(nowMs);
        Plan plan = policy.plan(nowMs, schedule);
        prepare(plan, nowMs);
        release(plan, nowMs);
        watch.held(nowMs, running + idle.size());
        long nextMs = Math.min(plan.nextMs(), running > 0 ? endsMs[0] : Long.MAX_VALUE);
        boolean hasSpare = idle.size() > kept(plan);
        return hasSpare ? Math.min(nextMs, idle.peekFirst().sinceMs + plan.spareMs()) : nextMs;
    }

    private void prepare(Plan plan, long nowMs) {
        while (running + idle.size() < plan.held()) {
            idle.addLast(new Idle(nowMs, nowMs + startMs, false));
            tally.prepares++;
            tally.held(1, memoryBytes);
            policy.started(startMs);
            watch.prepared(nowMs);
        }
    }

    private void release(Plan plan, long nowMs) {
        int kept = kept(plan);
        releaseUnused(idle.size() - kept);
        while (idle.size() > kept && isPastUse(plan, idle.size() - kept, nowMs)) {
            idle.removeFirst();
            tally.held(-1, memoryBytes);
        }
    }

    /** What no call came for is no spare one: it goes when it is not held any more. */
    private void releaseUnused(int most) {
        int left = most;
        Iterator<Idle> oldestFirst = idle.iterator();
        while (left > 0 && oldestFirst.hasNext()) {
            if (!oldestFirst.next().wasUsed) {
                oldestFirst.remove();
                tally.wastedPrepares++;
                tally.held(-1, memoryBytes);
                left--;
            }
        }
    }

    private boolean isPastUse(Plan plan, int beyond, long nowMs) {
        return beyond > plan.spare() || nowMs - idle.peekFirst().sinceMs >= plan.spareMs();
    }

    private int kept(Plan plan) {
        return Math.max(0, plan.held() - running);
    }

    /** Ends of the same instant are before anything else in it. */
    private void endUntil(long nowMs) {
        while (running > 0 && endsMs[0] <= nowMs) {
            long endMs = endsMs[0];
            count(endMs);
            dropFirstEnd();
            idle.addLast(new Idle(endMs, endMs, true));
            policy.ended(endMs, running);
        }
    }

    private void count(long nowMs) {
        tally.idleByteMs += (double) idle.size() * memoryBytes * (nowMs - countedToMs);
        countedToMs = nowMs;
    }

    /** The ends are a heap: the first is the next one. */
    private void run(long endMs) {
        if (running == endsMs.length) {
            endsMs = Arrays.copyOf(endsMs, running * 2);
        }
        int place = running++;
        while (place > 0 && endsMs[(place - 1) / 2] > endMs) {
            endsMs[place] = endsMs[(place - 1) / 2];
            place = (place - 1) / 2;
        }
        endsMs[place] = endMs;
    }

    private void dropFirstEnd() {
        long last = endsMs[--running];
        int place = 0;
        while (2 * place + 1 < running) {
            int child = 2 * place + 1;
            if (child + 1 < running && endsMs[child + 1] < endsMs[child]) {
                child++;
            }
            if (endsMs[child] >= last) {
                break;
            }
            endsMs[place] = endsMs[child];
            place = child;
        }
        endsMs[place] = last;
    }

    /** Nothing comes any more: what is idle was idle until then. */
    void finish(long endMs) {
        endUntil(endMs);
        count(endMs);
        for (Idle left : idle) {
            tally.wastedPrepares += left.wasUsed ? 0 : 1;
        }
    }
}
