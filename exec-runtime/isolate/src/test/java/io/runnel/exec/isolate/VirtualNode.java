package io.runnel.exec.isolate;

import io.runnel.exec.task.Caller;
import io.runnel.exec.task.Invocation;
import io.runnel.exec.task.Outcome;
import io.runnel.exec.task.Task;
import io.runnel.exec.task.Usage;

import java.io.InputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.function.LongSupplier;

/**
 * A node's slots under a clock that only this moves: calls come when they are due, and take their
 * time.
 */
final class VirtualNode {
    /** What became of a call. */
    record Seen(String tenant, long cameNanos, long endedNanos, Outcome outcome) {
        long tookNanos() {
            return endedNanos - cameNanos;
        }

        boolean isServed() {
            return outcome instanceof Outcome.Completed;
        }
    }

    private record Event(long atNanos, Runnable action) {}

    private static final CallStreams NOWHERE =
            new CallStreams(InputStream.nullInputStream(), OutputSink.NOWHERE, OutputSink.NOWHERE);

    private final PriorityQueue<Event> events =
            new PriorityQueue<>(Comparator.comparingLong(Event::atNanos));
    private final RunnerSettings settings;
    private final SlotThreads threads;
    private final LongSupplier runNanos;
    final SlotPool pool;
    final List<Seen> seen = new ArrayList<>();
    private long nowNanos;
    private long wakeNanos = Long.MAX_VALUE / 2;

    /** A node whose calls take so long each. */
    VirtualNode(RunnerSettings settings, LongSupplier runNanos) {
        this.settings = settings;
        this.runNanos = runNanos;
        this.threads =
                new SlotThreads(
                        settings.slots(), 0, (slot, call, last) -> {}, () -> nowNanos, nanos -> {});
        this.pool =
                new SlotPool(
                        settings,
                        threads,
                        call -> Optional.empty(),
                        () -> nowNanos,
                        () -> watch(nowNanos));
    }

    /** As {@link Deadlines} does it. */
    private void watch(long atNanos) {
        if (atNanos - wakeNanos < 0) {
            wakeNanos = nowNanos;
            events.add(new Event(nowNanos, this::expire));
        }
    }

    private void expire() {
        long delayNanos = pool.expire(nowNanos);
        long nextNanos = delayNanos == Expiring.NEVER ? Long.MAX_VALUE / 2 : nowNanos + delayNanos;
        wakeNanos = nextNanos;
        if (delayNanos != Expiring.NEVER) {
            events.add(new Event(nextNanos, () -> expireIfDue(nextNanos)));
        }
    }

    private void expireIfDue(long dueNanos) {
        if (wakeNanos == dueNanos) {
            expire();
        }
    }

    /** A call without credentials of this tenant's task comes then. */
    void comes(long atNanos, Task task) {
        events.add(new Event(atNanos, () -> admit(task, Caller.ANONYMOUS)));
    }

    /** A call of this task by this caller comes then. */
    void comes(long atNanos, Task task, Caller caller) {
        events.add(new Event(atNanos, () -> admit(task, caller)));
    }

    private void admit(Task task, Caller caller) {
        long came = nowNanos;
        String tenant = Tenants.of(task, caller).value();
        Invocation invocation = RunnerFixture.by(caller, task);
        long deadlineNanos = came + settings.longestWait().toNanos();
        Call call =
                new Call(
                        invocation,
                        NOWHERE,
                        outcome -> seen.add(new Seen(tenant, came, nowNanos, outcome)),
                        Optional.empty(),
                        came,
                        deadlineNanos);
        pool.admit(call);
        watch(call.deadlineNanos());
    }

    long nowNanos() {
        return nowNanos;
    }

    /** Lets all that is due happen. */
    void run() {
        while (!events.isEmpty()) {
            Event next = events.poll();
            nowNanos = Math.max(nowNanos, next.atNanos());
            next.action().run();
            for (Optional<SlotThreads.Begun> begun = threads.next();
                    begun.isPresent();
                    begun = threads.next()) {
                begin(begun.get());
            }
        }
    }

    private void begin(SlotThreads.Begun begun) {
        events.add(
                new Event(
                        nowNanos + runNanos.getAsLong(),
                        () ->
                                pool.end(
                                        begun.slot(),
                                        begun.call(),
                                        new Outcome.Completed(Usage.NONE))));
    }
}
