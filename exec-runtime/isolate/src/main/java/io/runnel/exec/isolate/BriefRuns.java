package io.runnel.exec.isolate;

import io.runnel.exec.task.Outcome;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;

/**
 * Runs calls on the thread that brings them, an event loop's, where that is quicker than to give
 * them to another: calls of programs whose guests are usually over in some microseconds ({@link
 * Briefness}), whose input is all there, which find an isolate that is ready, and which can do
 * nothing but compute an answer. Nothing of such a run is seen by anybody until it is over. One
 * that sleeps or computes for longer than {@value #LONGEST_NANOS} ns as the timer sees it, writes
 * more than {@value BriefOutput#MOST_BYTES} bytes, or finds too little stack is ended as if it had
 * not been, and the call begins again in its slot, on fresh memory.
 *
 * <p>So a guest can hold an event loop for about four milliseconds; a program seldom, since it is
 * barred for longer and longer, and all of a node together {@value OverlongBudget#MOST} times a
 * second. Safe for any thread.
 */
final class BriefRuns implements Expiring {
    /** How long a run may take. */
    static final long LONGEST_NANOS = 1_000_000;

    private static final long LOOK_NANOS = 2_000_000;

    /** A thread that runs calls, and what it is at. */
    private static final class Seat {
        private final Thread thread = Thread.currentThread();
        private final LastIsolate last = new LastIsolate();
        private volatile Optional<Call> current = Optional.empty();
        private volatile long sinceNanos;
        private volatile boolean wasUsed;

        // For the timer only.
        private Optional<Call> suspect = Optional.empty();
        private long suspectCpuNanos;
    }

    private final IsolateSupply isolates;
    private final GuestSampler sampler;
    private final LongConsumer watch;
    private final LongSupplier nanoClock;
    private final ToLongFunction<Thread> cpuClock;
    private final List<Seat> seats = new CopyOnWriteArrayList<>();
    private final ThreadLocal<Seat> seat = ThreadLocal.withInitial(this::newSeat);
    private final OverlongBudget budget;

    /**
     * Runs calls on whatever thread brings them.
     *
     * @param watch tells the timer when to look next, on {@code nanoClock}
     * @param cpuClock the processor time that a thread has had, in nanoseconds
     */
    BriefRuns(
            IsolateSupply isolates,
            GuestSampler sampler,
            LongConsumer watch,
            LongSupplier nanoClock,
            ToLongFunction<Thread> cpuClock) {
        this.isolates = isolates;
        this.sampler = sampler;
        this.watch = watch;
        this.nanoClock = nanoClock;
        this.cpuClock = cpuClock;
        this.budget = new OverlongBudget(nanoClock.getAsLong());
    }

    private Seat newSeat() {
        Seat made = new Seat();
        seats.add(made);
        return made;
    }

    /**
     * Runs a call on the calling thread, if that is likely to be over at once. Nobody else may know
     * of the call yet.
     *
     * @return how it ended; empty if it has to be run elsewhere, as if nothing had been
     */
    Optional<Outcome> run(Call call) {
        if (!mayBeTakenBack(call)) {
            return Optional.empty();
        }
        Optional<OpenProgram> program = isolates.ready(call.task());
        long nowNanos = nanoClock.getAsLong();
        if (program.isEmpty()
                || !program.get().briefness().isBrief(nowNanos)
                || budget.isSpent(nowNanos)) {
            return Optional.empty();
        }
        Seat here = seat.get();
        Optional<IsolateSupply.Taken> taken = isolates.tryTake(program.get(), here.last);
        return taken.flatMap(isolate -> run(call, isolate, here, nowNanos));
    }

    /** Whether nothing that its run does is seen elsewhere, and it can be given its input again. */
    private boolean mayBeTakenBack(Call call) {
        return call.streams().body().markSupported()
                && call.task().options().outbound().isEmpty()
                && call.task().options().devices().isEmpty()
                && KeptOwner.of(call.invocation()).isEmpty()
                && !sampler.watches(call.task().ref());
    }

    private Optional<Outcome> run(Call call, IsolateSupply.Taken taken, Seat here, long nowNanos) {
        BriefOutput out = new BriefOutput();
        BriefOutput log = new BriefOutput();
        CallStreams streams = new CallStreams(call.streams().body(), out, log);
        streams.body().mark(Integer.MAX_VALUE);
        call.beginBrief();
        here.sinceNanos = nowNanos;
        here.current = Optional.of(call);
        here.wasUsed = true;
        watch.accept(nowNanos + LOOK_NANOS);
        Outcome outcome =
                new CallRun(call, streams, isolates, nanoClock, BriefRuns::notMeasured, watch)
                        .run(() -> taken);
        here.current = Optional.empty();
        boolean wasOverlong = call.endBrief();
        boolean counts =
                !(wasOverlong && outcome instanceof Outcome.Cancelled)
                        && !(outcome instanceof Outcome.StackExceeded)
                        && !out.isFull()
                        && !log.isFull();
        if (!counts) {
            takeBack(streams, taken);
            return Optional.empty();
        }
        return Optional.of(passOn(call, outcome, out, log));
    }

    /** What a run has of a processor: to measure that would cost as much as many a run. */
    private static long notMeasured() {
        return 0;
    }

    private static Outcome passOn(Call call, Outcome outcome, BriefOutput out, BriefOutput log) {
        log.flushTo(new MeteredLog(call.streams().log(), call.task().limits().log()));
        try {
            out.flushTo(call.streams().out());
            return outcome;
        } catch (SinkClosedException e) {
            return new Outcome.Cancelled(outcome.usage());
        }
    }

    private void takeBack(CallStreams streams, IsolateSupply.Taken taken) {
        try {
            streams.body().reset();
        } catch (IOException e) {
            throw new UncheckedIOException("the body can be read again, and cannot", e);
        }
        long nowNanos = nanoClock.getAsLong();
        taken.isolate().program().briefness().wasNot(nowNanos);
        budget.spend(nowNanos);
    }

    /** Ends runs that take too long. */
    @Override
    public long expire(long nowNanos) {
        boolean used = false;
        for (Seat each : seats) {
            used |= each.wasUsed;
            each.wasUsed = false;
            Optional<Call> running = each.current;
            if (running.isPresent()) {
                used = true;
                if (nowNanos - each.sinceNanos >= LONGEST_NANOS && isOverlong(each, running)) {
                    running.get().interruptBrief();
                }
            }
        }
        return used ? LOOK_NANOS : NEVER;
    }

    /**
     * A guest that sleeps is; one that only has no processor, like its thread, or whose thread
     * waits for another's lock, is not.
     */
    private boolean isOverlong(Seat at, Optional<Call> running) {
        if (at.thread.getState() == Thread.State.TIMED_WAITING) {
            return true;
        }
        long cpuNanos = cpuClock.applyAsLong(at.thread);
        if (!at.suspect.equals(running)) {
            at.suspect = running;
            at.suspectCpuNanos = cpuNanos;
            return false;
        }
        return cpuNanos - at.suspectCpuNanos >= LONGEST_NANOS;
    }
}
