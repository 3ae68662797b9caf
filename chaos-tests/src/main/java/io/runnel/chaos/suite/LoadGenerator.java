package io.runnel.chaos.suite;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * An open loop: makes each call when it is due, whether or not earlier ones were answered. So a
 * network that stands still is measured by everybody who would have called meanwhile.
 */
final class LoadGenerator {
    /** The most calls under way at once. */
    static final int MOST_UNDER_WAY = 2_000;

    private final Caller caller;
    private final LongSupplier nanoClock;
    private final Semaphore room;

    LoadGenerator(Caller caller, LongSupplier nanoClock, int mostUnderWay) {
        this.caller = caller;
        this.nanoClock = nanoClock;
        this.room = new Semaphore(mostUnderWay);
    }

    /**
     * Makes the calls that are due before the end, and waits until the last has ended.
     *
     * @param startNs what the plan's times count from, by the clock
     * @param keys what each call's {@code Idempotency-Key} begins with
     * @param endNs asked before each call, for it may come later than was thought
     * @return one for each such call, in no order
     */
    List<Call> run(List<LoadPlan.Due> plan, long startNs, String keys, LongSupplier endNs) {
        Queue<Call> made = new ConcurrentLinkedQueue<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (LoadPlan.Due due : plan) {
                await(startNs + due.dueNs());
                if (due.dueNs() >= endNs.getAsLong()) {
                    break;
                }
                if (room.tryAcquire()) {
                    threads.execute(() -> made.add(call(due, startNs, keys)));
                } else {
                    long now = nanoClock.getAsLong() - startNs;
                    String why = CallEnd.UNSENT.label();
                    made.add(
                            new Call(due.stream(), due.dueNs(), now, now, CallEnd.UNSENT, "", why));
                }
            }
        }
        return List.copyOf(made);
    }

    private Call call(LoadPlan.Due due, long startNs, String keys) {
        try {
            long sent = nanoClock.getAsLong() - startNs;
            String key = "%s-%s-%d".formatted(keys, due.stream().name(), due.number());
            Caller.Answer answer = caller.call(due.stream(), key);
            long end = nanoClock.getAsLong() - startNs;
            return new Call(
                    due.stream(),
                    due.dueNs(),
                    sent,
                    end,
                    answer.end(),
                    answer.ranAt(),
                    answer.why());
        } finally {
            room.release();
        }
    }

    private void await(long atNs) {
        for (long left = atNs - nanoClock.getAsLong();
                left > 0;
                left = atNs - nanoClock.getAsLong()) {
            LockSupport.parkNanos(left);
        }
    }
}
