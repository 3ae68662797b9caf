package io.runnel.exec.isolate;

import io.runnel.exec.task.ByteSize;
import io.runnel.exec.task.Outcome;
import io.runnel.exec.task.Task;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;

/**
 * Who has which slot and how much memory, and who waits. All state is behind one lock, held for a
 * few field writes only; calls are ended and threads are woken outside it.
 *
 * <p>Waiting calls are served strictly in order, so that one which needs much memory is not passed
 * over for ever by those which need little.
 */
final class SlotPool implements Expiring {
    /** A waiting call and the slot that was just taken for it. */
    private record Start(SlotThread slot, Call call) {
        void begin() {
            call.setDeadlineNanos(call.invocation().deadlineNanos());
            slot.give(call);
        }
    }

    private final RunnerSettings settings;
    private final LongSupplier nanoClock;
    private final CompletableFuture<Void> quiet = new CompletableFuture<>();
    private volatile List<SlotThread> slots = List.of();

    // Guarded by this. The slot used last is taken first: its caches and its isolate are warm.
    private final Deque<SlotThread> free = new ArrayDeque<>();
    private final Deque<Call> waiting = new ArrayDeque<>();
    private final Set<Call> preparing = new HashSet<>();
    private long freeMemoryBytes;
    private long started;
    private long unended;
    private boolean draining;

    SlotPool(RunnerSettings settings, LongSupplier nanoClock) {
        this.settings = settings;
        this.nanoClock = nanoClock;
        this.freeMemoryBytes = settings.memory().bytes();
    }

    /** Adds the slots' threads. Once, before anything else. */
    synchronized void open(List<SlotThread> threads) {
        slots = List.copyOf(threads);
        slots.reversed().forEach(free::push);
    }

    List<SlotThread> slots() {
        return slots;
    }

    /** A slot with the task's memory, if both are free and nobody waits. */
    synchronized Optional<SlotThread> tryTake(Task task) {
        return draining || !waiting.isEmpty() ? Optional.empty() : take(task);
    }

    private Optional<SlotThread> take(Task task) {
        long memoryBytes = task.limits().memory().bytes();
        if (free.isEmpty() || memoryBytes > freeMemoryBytes) {
            return Optional.empty();
        }
        freeMemoryBytes -= memoryBytes;
        return Optional.of(free.pop());
    }

    /** Runs a call in the slot that was taken for it. */
    void begin(SlotThread slot, Call call) {
        synchronized (this) {
            countStart();
        }
        new Start(slot, call).begin();
    }

    private void countStart() {
        started++;
        unended++;
    }

    /** Says that a call that was begun has told its end. */
    void ended() {
        synchronized (this) {
            unended--;
        }
        dispatch();
    }

    /** Whether the call may wait for its code; it is counted as one that waits. */
    boolean hold(Call call) {
        Optional<Outcome.Refused> refused;
        synchronized (this) {
            refused = refusal();
            if (refused.isEmpty()) {
                preparing.add(call);
            }
        }
        refused.ifPresent(call::end);
        return refused.isEmpty();
    }

    /** The code of a held call is ready: it is next in line for a slot. */
    void admitHeld(Call call) {
        boolean still;
        synchronized (this) {
            still = preparing.remove(call);
            if (still) {
                waiting.add(call);
            }
        }
        if (still) {
            dispatch();
        }
    }

    /** The code of a held call is not to be had. */
    void failHeld(Call call, Outcome outcome) {
        boolean still;
        synchronized (this) {
            still = preparing.remove(call);
        }
        if (still) {
            call.end(outcome);
            dispatch();
        }
    }

    /** Runs the call now or lets it wait for a slot; ends it if it may not. */
    void admit(Call call) {
        Optional<SlotThread> slot;
        Optional<Outcome.Refused> refused = Optional.empty();
        synchronized (this) {
            slot = tryTake(call.task());
            if (slot.isEmpty()) {
                refused = refusal();
                if (refused.isEmpty()) {
                    waiting.add(call);
                }
            }
        }
        refused.ifPresent(call::end);
        slot.ifPresent(s -> begin(s, call));
    }

    private Optional<Outcome.Refused> refusal() {
        if (draining) {
            return refused(Outcome.Refusal.DRAINING, "the node stops");
        }
        return waiting.size() + preparing.size() < settings.queue()
                ? Optional.empty()
                : refused(
                        Outcome.Refusal.OVER_CAPACITY,
                        "no slot is free and %d calls wait".formatted(settings.queue()));
    }

    private static Optional<Outcome.Refused> refused(Outcome.Refusal refusal, String detail) {
        return Optional.of(new Outcome.Refused(refusal, detail));
    }

    /**
     * Takes a slot and its memory back, and gives them to who waits. Before the call's end is told,
     * so that whoever hears of it finds the slot free.
     */
    void release(SlotThread slot, Task task) {
        synchronized (this) {
            freeMemoryBytes += task.limits().memory().bytes();
            free.push(slot);
        }
        dispatch();
    }

    /** Starts what waits and fits. After whatever made room or shortened the queue. */
    private void dispatch() {
        List<Start> starts = List.of();
        boolean done;
        synchronized (this) {
            if (!waiting.isEmpty()) {
                starts = takeForWaiting();
            }
            done = isQuiet();
        }
        starts.forEach(Start::begin);
        if (done) {
            quiet.complete(null);
        }
    }

    private List<Start> takeForWaiting() {
        List<Start> starts = new ArrayList<>();
        while (!waiting.isEmpty()) {
            Optional<SlotThread> slot = take(waiting.peek().task());
            if (slot.isEmpty()) {
                break;
            }
            starts.add(new Start(slot.get(), waiting.remove()));
            countStart();
        }
        return starts;
    }

    /** Ends a call that no slot has taken yet; answers whether it was one. */
    boolean withdraw(Call call) {
        boolean was;
        synchronized (this) {
            was = waiting.remove(call) || preparing.remove(call);
        }
        if (was) {
            call.cancelUnrun(nanoClock.getAsLong());
            dispatch();
        }
        return was;
    }

    @Override
    public long expire(long nowNanos) {
        List<Call> late = new ArrayList<>();
        long delayNanos;
        synchronized (this) {
            delayNanos = collectLate(waiting, nowNanos, late);
            delayNanos = Math.min(delayNanos, collectLate(preparing, nowNanos, late));
        }
        for (Call call : late) {
            call.refuse(Outcome.Refusal.OVER_CAPACITY, "no slot was free in time");
        }
        if (!late.isEmpty()) {
            dispatch();
        }
        return Math.min(delayNanos, expireRunning(nowNanos));
    }

    private static long collectLate(Iterable<Call> calls, long nowNanos, List<Call> late) {
        long delayNanos = NEVER;
        for (Iterator<Call> all = calls.iterator(); all.hasNext(); ) {
            Call call = all.next();
            long leftNanos = call.deadlineNanos() - nowNanos;
            if (leftNanos <= 0) {
                all.remove();
                late.add(call);
            } else {
                delayNanos = Math.min(delayNanos, leftNanos);
            }
        }
        return delayNanos;
    }

    private long expireRunning(long nowNanos) {
        long delayNanos = NEVER;
        for (SlotThread slot : slots) {
            Optional<Call> call = slot.current();
            if (call.isEmpty()) {
                continue;
            }
            long leftNanos = call.get().deadlineNanos() - nowNanos;
            if (leftNanos <= 0) {
                call.get().interrupt(EndReason.DEADLINE);
            } else {
                delayNanos = Math.min(delayNanos, leftNanos);
            }
        }
        return delayNanos;
    }

    /** Refuses new calls from now on; done when the last one has ended. */
    CompletableFuture<Void> drain() {
        synchronized (this) {
            draining = true;
        }
        dispatch();
        return quiet.copy();
    }

    /** Cancels whatever runs or waits. */
    void cancelAll() {
        List<Call> unrun;
        synchronized (this) {
            unrun = new ArrayList<>(waiting);
            unrun.addAll(preparing);
        }
        unrun.forEach(this::withdraw);
        slots.forEach(slot -> slot.current().ifPresent(c -> c.interrupt(EndReason.CANCEL)));
    }

    private boolean isQuiet() {
        return draining
                && unended == 0
                && free.size() == slots.size()
                && waiting.isEmpty()
                && preparing.isEmpty();
    }

    synchronized int freeSlots() {
        return free.size();
    }

    synchronized ByteSize freeMemory() {
        return new ByteSize(freeMemoryBytes);
    }

    synchronized long started() {
        return started;
    }
}
