package io.runnel.exec.isolate;

import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.ByteSize;
import io.runnel.exec.task.Outcome;
import io.runnel.exec.task.Outcome.Refusal;
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
    private final Runnable hurry;
    private volatile boolean draining;

    // Guarded by this.
    private final FairShares shares;
    private final Overload overload;

    /**
     * All slots free, for these threads.
     *
     * @param here runs a call on the calling thread, if it is likely to be over at once: {@link
     *     BriefRuns#run}
     * @param hurry has {@link #expire} called soon
     */
    SlotPool(
            RunnerSettings settings,
            SlotThreads threads,
            Function<Call, Optional<Outcome>> here,
            LongSupplier nanoClock,
            Runnable hurry) {
        this.settings = settings;
        this.threads = threads;
        this.here = here;
        this.nanoClock = nanoClock;
        this.shares = new FairShares(settings);
        this.hurry = hurry;
        int processors = Runtime.getRuntime().availableProcessors();
        this.overload = new Overload(settings, processors, nanoClock.getAsLong());
    }

    /** A slot with the task's memory, if both are free and this tenant may have them now. */
    synchronized Optional<Slot> tryTake(Task task, AccountId tenant) {
        return draining ? Optional.empty() : take(shares.of(tenant), task);
    }

    private Optional<Slot> take(AccountShare share, Task task) {
        if (!shares.tryTake(share, task)) {
            return Optional.empty();
        }
        Slot slot = slot(share);
        overload.look(slot.takenNanos(), shares.waits());
        return Optional.of(slot);
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
        Optional<Call> displaced;
        synchronized (this) {
            AccountShare share = shares.of(call.tenant());
            displaced = makeRoom(share, settings.queue());
            refused = refusal(share, settings.queue());
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
                addWaiting(shares.of(call.tenant()), call);
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
            AccountShare share = shares.of(call.tenant());
            slot = draining ? Optional.empty() : take(share, call.task());
            if (slot.isEmpty()) {
                int mostWaiting = mostWaiting();
                displaced = makeRoom(share, mostWaiting);
                refused = refusal(share, mostWaiting);
                if (refused.isEmpty()) {
                    addWaiting(share, call);
                }
            }
        }
        displaced.ifPresent(this::refuseDisplaced);
        refused.ifPresent(call::end);
        slot.ifPresent(s -> begin(s, call));
    }

    private void addWaiting(AccountShare share, Call call) {
        long nowNanos = nanoClock.getAsLong();
        call.waitsSince(nowNanos);
        long endNanos = nowNanos + overload.mostWaitNanos();
        if (overload.stands() && endNanos - call.deadlineNanos() < 0) {
            // For the timer, which is told of it.
            call.setDeadlineNanos(endNanos);
        }
        shares.addWaiting(share, call);
        overload.look(nowNanos, true);
    }

    private Optional<Call> makeRoom(AccountShare share, int mostWaiting) {
        return draining || shares.hasRoom(share, mostWaiting)
                ? Optional.empty()
                : shares.displaceFor(share);
    }

    private Optional<Outcome.Refused> refusal(AccountShare share, int mostWaiting) {
        if (draining) {
            return Optional.of(new Outcome.Refused(Refusal.DRAINING, "The node stops."));
        }
        return shares.hasRoom(share, mostWaiting)
                ? Optional.empty()
                : Optional.of(
                        overload.refuse(
                                nanoClock.getAsLong(), mostWaiting, shares.isBeyond(share)));
    }

    /**
     * Why a call of this tenant that comes now would be refused: to be asked before its body is
     * gathered. If there is a reason, it counts as a call that came and was refused.
     */
    synchronized Optional<Outcome.Refused> refusalNow(AccountId tenant) {
        AccountShare share = shares.of(tenant);
        boolean mayRun = shares.freeSlots() > 0 && !shares.isBeyond(share);
        if (!draining && (mayRun || shares.mayDisplace(share))) {
            return Optional.empty();
        }
        return refusal(share, mostWaiting());
    }

    private int mostWaiting() {
        look();
        return overload.mostWaiting(shares.oldestNanos(nanoClock.getAsLong()));
    }

    /** Before it is asked for what is let in: nothing may have come or gone for long. */
    private void look() {
        overload.look(nanoClock.getAsLong(), shares.waits());
    }

    /** A call was refused because of its source. */
    synchronized void refusedBefore() {
        overload.refusedBefore(nanoClock.getAsLong());
    }

    private void refuseDisplaced(Call call) {
        Outcome.Refused refused;
        synchronized (this) {
            refused = overload.refuse(nanoClock.getAsLong(), mostWaiting(), true);
        }
        call.end(refused);
    }

    /**
     * Takes a slot and its memory back, and gives them to who waits. Before the call's end is told,
     * so that whoever hears of it finds the slot free.
     */
    void release(Slot slot, Task task) {
        long nowNanos = nanoClock.getAsLong();
        List<Start> starts;
        boolean done;
        synchronized (this) {
            shares.giveBack(slot.holder(), task);
            overload.held(nowNanos - slot.takenNanos());
            starts = takeForWaiting(nowNanos);
            done = isQuiet();
        }
        begin(starts, done);
    }

    /** The node was late by so much. May let calls run that wait. */
    void late(long lateNanos) {
        boolean more;
        synchronized (this) {
            more = overload.late(nanoClock.getAsLong(), lateNanos);
            if (more) {
                shares.mostSlots(overload.mostRunning());
            }
        }
        if (more) {
            dispatch();
        }
    }

    /** Starts what waits and fits. */
    private void dispatch() {
        List<Start> starts;
        boolean done;
        synchronized (this) {
            starts = takeForWaiting(nanoClock.getAsLong());
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

    private List<Start> takeForWaiting(long nowNanos) {
        if (shares.queued() == 0) {
            overload.look(nowNanos, false);
            return List.of();
        }
        List<Start> starts = new ArrayList<>();
        shares.newestFirst(overload.stands());
        Optional<Call> next = shares.takeForNext();
        while (next.isPresent()) {
            Call call = next.get();
            starts.add(new Start(new Slot(shares.of(call.tenant()), nowNanos), call));
            overload.served(nowNanos - call.waitingSinceNanos());
            begun.incrementAndGet();
            next = shares.takeForNext();
        }
        moved(nowNanos);
        return starts;
    }

    /** When a queue begins to stand, those that have waited too long for that are refused. */
    private void moved(long nowNanos) {
        boolean before = overload.stands();
        overload.look(nowNanos, shares.waits());
        overload.moved(nowNanos, shares.oldestNanos(nowNanos));
        if (overload.stands() && !before) {
            hurry.run();
        }
    }

    /** Ends a call that no slot has taken yet; answers whether it was one. */
    boolean withdraw(Call call) {
        boolean was;
        synchronized (this) {
            was = shares.remove(call);
            if (was) {
                overload.left();
            }
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
        List<Outcome> ends = new ArrayList<>();
        long delayNanos;
        boolean othersWait;
        synchronized (this) {
            delayNanos = shares.expire(nowNanos, overload.mostWaitNanos(), late);
            late.forEach(call -> ends.add(refuseLate(call, nowNanos)));
            othersWait = shares.queued() > 0;
        }
        for (int i = 0; i < late.size(); i++) {
            late.get(i).end(ends.get(i));
        }
        if (!late.isEmpty() || othersWait) {
            dispatch();
        }
        return Math.min(delayNanos, expireRunning(nowNanos));
    }

    private Outcome refuseLate(Call call, long nowNanos) {
        long waitedNanos = nowNanos - call.createdNanos();
        return overload.refuseLate(
                nowNanos, waitedNanos, shares.isBeyond(shares.of(call.tenant())));
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
                && shares.takenSlots() == 0
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
        return shares.freeSlots() > 0 ? 0 : overload.expectedWaitNanos(shares.queued());
    }

    /** What it has to do, and what it refused. */
    synchronized LoadReport report() {
        look();
        return overload.report(
                shares.takenSlots(),
                shares.queued(),
                shares.oldestNanos(nanoClock.getAsLong()),
                shares.active() > 1);
    }

    /** Running and waiting calls in percent of what is let in. */
    synchronized int load() {
        return overload.percent(shares.takenSlots(), shares.queued());
    }

    /** Whether one more call may be the last that gets a slot at once. Takes no lock. */
    boolean isNearlyFull() {
        return shares.isNearlyFull();
    }

    /** Running and waiting calls that are let in now. */
    synchronized int most() {
        return overload.mostRunning()
                + overload.mostWaiting(shares.oldestNanos(nanoClock.getAsLong()));
    }

    /** Calls that were given to a slot since the start. */
    long started() {
        return begun.get();
    }
}
