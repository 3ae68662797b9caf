package io.runnel.exec.isolate;

import io.runnel.exec.task.ByteSize;
import io.runnel.exec.task.Outcome;
import io.runnel.exec.task.Task;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * Who has which slot and how much memory, and who waits; {@link FairShares} has the rules. All
 * state is behind one lock, held for a few field writes only; calls are ended and begun outside it.
 *
 * <p>Whatever changes who may run is followed by {@link #dispatch}: what waits, waits because it
 * may not run now, and so one that came later may run before it.
 */
final class SlotPool implements Expiring {
    /** A waiting call and the slot that was just taken for it. */
    private record Start(Slot slot, Call call) {}

    private final RunnerSettings settings;
    private final LongSupplier nanoClock;
    private final CompletableFuture<Void> quiet = new CompletableFuture<>();
    private final AtomicLong begun = new AtomicLong();
    private final AtomicLong told = new AtomicLong();
    private final SlotThreads threads;
    private final Function<Call, Optional<Outcome>> here;
    private final SlotTimes times;
    private volatile boolean draining;

    // Guarded by this.
    private final FairShares shares;

    /**
     * All slots free, for these threads.
     *
     * @param here runs a call on the calling thread, if it is likely to be over at once: {@link
     *     BriefRuns#run}
     */
    SlotPool(
            RunnerSettings settings,
            SlotThreads threads,
            Function<Call, Optional<Outcome>> here,
            LongSupplier nanoClock) {
        this.settings = settings;
        this.threads = threads;
        this.here = here;
        this.nanoClock = nanoClock;
        this.shares = new FairShares(settings);
        this.times = new SlotTimes(settings.slots());
    }

    /** A slot with the task's memory, if both are free and its account may have them now. */
    synchronized Optional<Slot> tryTake(Task task) {
        return draining ? Optional.empty() : take(shares.of(task), task);
    }

    private Optional<Slot> take(AccountShare share, Task task) {
        return shares.tryTake(share, task) ? Optional.of(slot(share)) : Optional.empty();
    }

    private Slot slot(AccountShare share) {
        return new Slot(share, nanoClock.getAsLong());
    }

    /**
     * Runs a call in the slot that was taken for it: on the calling thread, if it is likely to be
     * over at once.
     */
    void begin(Slot slot, Call call) {
        begun.incrementAndGet();
        Optional<Outcome> over = here.apply(call);
        if (over.isPresent()) {
            end(slot, call, over.get());
        } else {
            start(new Start(slot, call));
        }
    }

    /** Ends a call that was begun, and gives its slot to others. */
    void end(Slot slot, Call call, Outcome outcome) {
        release(slot, call.task());
        call.end(outcome);
        told.incrementAndGet();
        if (draining) {
            dispatch();
        }
    }

    private void start(Start start) {
        Call call = start.call();
        call.setDeadlineNanos(call.invocation().deadlineNanos());
        threads.begin(start.slot(), call);
    }

    /** Whether the call may wait for its code; it is counted as one that waits. */
    boolean hold(Call call) {
        Optional<Outcome.Refused> refused;
        Optional<Call> displaced = Optional.empty();
        synchronized (this) {
            AccountShare share = shares.of(call.task());
            displaced = makeRoom(share);
            refused = refusal();
            if (refused.isEmpty()) {
                shares.addPreparing(share, call);
            }
        }
        displaced.ifPresent(this::refuseDisplaced);
        refused.ifPresent(call::end);
        return refused.isEmpty();
    }

    /** The code of a held call is ready: it is next in its account's line for a slot. */
    void admitHeld(Call call) {
        boolean still;
        synchronized (this) {
            still = shares.removePreparing(call);
            if (still) {
                shares.addWaiting(shares.of(call.task()), call);
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
            still = shares.removePreparing(call);
        }
        if (still) {
            call.end(outcome);
            dispatch();
        }
    }

    /** Runs the call now or lets it wait for a slot; ends it if it may not. */
    void admit(Call call) {
        Optional<Slot> slot;
        Optional<Outcome.Refused> refused = Optional.empty();
        Optional<Call> displaced = Optional.empty();
        synchronized (this) {
            AccountShare share = shares.of(call.task());
            slot = draining ? Optional.empty() : take(share, call.task());
            if (slot.isEmpty()) {
                displaced = makeRoom(share);
                refused = refusal();
                if (refused.isEmpty()) {
                    shares.addWaiting(share, call);
                }
            }
        }
        displaced.ifPresent(this::refuseDisplaced);
        refused.ifPresent(call::end);
        slot.ifPresent(s -> begin(s, call));
    }

    private Optional<Call> makeRoom(AccountShare share) {
        return draining || shares.hasRoom() ? Optional.empty() : shares.displaceFor(share);
    }

    private Optional<Outcome.Refused> refusal() {
        if (draining) {
            return refused(Outcome.Refusal.DRAINING, "the node stops");
        }
        return shares.hasRoom() ? Optional.empty() : queueIsFull();
    }

    private Optional<Outcome.Refused> queueIsFull() {
        return refused(
                Outcome.Refusal.OVER_CAPACITY,
                "no slot is free and %d calls wait".formatted(settings.queue()));
    }

    private static Optional<Outcome.Refused> refused(Outcome.Refusal refusal, String detail) {
        return Optional.of(new Outcome.Refused(refusal, detail));
    }

    private void refuseDisplaced(Call call) {
        call.refuse(
                Outcome.Refusal.OVER_CAPACITY,
                "%d calls wait, most of them of this account".formatted(settings.queue()));
    }

    /**
     * Takes a slot and its memory back, and gives them to who waits. Before the call's end is told,
     * so that whoever hears of it finds the slot free.
     */
    void release(Slot slot, Task task) {
        long heldNanos = nanoClock.getAsLong() - slot.takenNanos();
        List<Start> starts;
        boolean done;
        synchronized (this) {
            shares.giveBack(slot.holder(), task);
            times.held(heldNanos);
            starts = takeForWaiting();
            done = isQuiet();
        }
        begin(starts, done);
    }

    /** Starts what waits and fits. */
    private void dispatch() {
        List<Start> starts;
        boolean done;
        synchronized (this) {
            starts = takeForWaiting();
            done = isQuiet();
        }
        begin(starts, done);
    }

    private void begin(List<Start> starts, boolean done) {
        starts.forEach(this::start);
        if (done) {
            quiet.complete(null);
        }
    }

    private List<Start> takeForWaiting() {
        if (shares.queued() == 0) {
            return List.of();
        }
        List<Start> starts = new ArrayList<>();
        Optional<Call> next = shares.takeForNext();
        while (next.isPresent()) {
            starts.add(new Start(slot(shares.of(next.get().task())), next.get()));
            begun.incrementAndGet();
            next = shares.takeForNext();
        }
        return starts;
    }

    /** Ends a call that no slot has taken yet; answers whether it was one. */
    boolean withdraw(Call call) {
        boolean was;
        synchronized (this) {
            was = shares.remove(call);
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
        boolean othersWait;
        synchronized (this) {
            delayNanos = shares.expire(nowNanos, late);
            late.forEach(call -> times.waitedInVain(nowNanos - call.createdNanos()));
            othersWait = shares.queued() > 0;
        }
        for (Call call : late) {
            call.refuse(Outcome.Refusal.OVER_CAPACITY, "no slot was free in time");
        }
        if (!late.isEmpty() || othersWait) {
            dispatch();
        }
        return Math.min(delayNanos, expireRunning(nowNanos));
    }

    private long expireRunning(long nowNanos) {
        long delayNanos = NEVER;
        for (Call call : threads.calls()) {
            long leftNanos = call.deadlineNanos() - nowNanos;
            if (leftNanos <= 0) {
                call.interrupt(EndReason.DEADLINE);
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
            unrun = shares.all();
        }
        unrun.forEach(this::withdraw);
        threads.calls().forEach(call -> call.interrupt(EndReason.CANCEL));
    }

    private boolean isQuiet() {
        return draining
                && told.get() == begun.get()
                && shares.freeSlots() == settings.slots()
                && shares.queued() == 0;
    }

    synchronized int freeSlots() {
        return shares.freeSlots();
    }

    synchronized ByteSize freeMemory() {
        return new ByteSize(shares.freeMemoryBytes());
    }

    /** About how long a call that comes now will wait. */
    synchronized long expectedWaitNanos() {
        return shares.freeSlots() > 0 ? 0 : times.expectedWaitNanos(shares.queued());
    }

    /** Calls that were given to a slot since the start. */
    long started() {
        return begun.get();
    }
}
