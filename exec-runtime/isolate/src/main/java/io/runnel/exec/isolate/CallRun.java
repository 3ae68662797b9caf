package io.runnel.exec.isolate;

import io.runnel.exec.task.Limits;
import io.runnel.exec.task.Outcome;
import io.runnel.exec.task.StartKind;
import io.runnel.exec.task.Usage;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.function.LongSupplier;

/** Runs one call on a slot's thread and says how it ended. */
final class CallRun {
    private static final System.Logger LOG = System.getLogger(CallRun.class.getName());

    private final Call call;
    private final ProgramCache programs;
    private final LongSupplier nanoClock;
    private final Deadlines deadlines;
    private final MeteredOutput out;
    private final MeteredLog log;
    private final long takenNanos;

    private StartKind start = StartKind.WARM;
    private long preparedNanos;

    CallRun(Call call, ProgramCache programs, LongSupplier nanoClock, Deadlines deadlines) {
        Limits limits = call.task().limits();
        this.call = call;
        this.programs = programs;
        this.nanoClock = nanoClock;
        this.deadlines = deadlines;
        this.out = new MeteredOutput(call.streams().out(), limits.responseBody());
        this.log = new MeteredLog(call.streams().log(), limits.log());
        this.takenNanos = nanoClock.getAsLong();
        this.preparedNanos = takenNanos;
    }

    Outcome run(KeptIsolate kept) {
        Outcome outcome;
        Optional<EndReason> reason;
        try {
            outcome = call.enter() ? attempt(kept) : cancelled();
        } finally {
            reason = call.leave();
        }
        Outcome seen = reason.isPresent() ? asEnded(outcome, reason.get()) : outcome;
        return Endings.withUsage(seen, usage(seen.usage()));
    }

    private Outcome attempt(KeptIsolate kept) {
        try {
            deadlines.watch(call.deadlineNanos());
            Isolate isolate = isolate(kept);
            preparedNanos = nanoClock.getAsLong();
            beginTimeout();
            Outcome outcome = isolate.run(call.invocation(), call.streams().body(), out, log);
            return out.exceeded() ? outputExceeded() : outcome;
        } catch (SinkClosedException e) {
            kept.drop();
            return out.exceeded() ? outputExceeded() : cancelled();
        } catch (InterruptedException e) {
            return cancelled();
        } catch (ExecutionException e) {
            return Endings.ofFailedPrepare(e.getCause());
        } catch (RuntimeException | Error e) {
            // A fault of the runtime, not of the guest; the slot must live on.
            kept.drop();
            LOG.log(Level.ERROR, "call " + call.invocation().id() + " of " + call.task().ref(), e);
            return new Outcome.Trapped(Usage.NONE, "internal error");
        }
    }

    private Isolate isolate(KeptIsolate kept) throws InterruptedException, ExecutionException {
        try {
            return kept.of(program());
        } catch (IllegalStateException e) {
            // The program was evicted and closed since we looked; the next one is new.
            return kept.of(program());
        }
    }

    private Program program() throws InterruptedException, ExecutionException {
        Optional<Program> ready = programs.ready(call.task());
        if (ready.isPresent()) {
            return ready.get();
        }
        start = StartKind.COLD;
        return programs.prepare(call.task()).get();
    }

    private void beginTimeout() {
        long timeoutNanos = call.task().limits().timeout().toNanos();
        long endNanos = preparedNanos + timeoutNanos;
        if (endNanos - call.deadlineNanos() < 0) {
            call.setDeadlineNanos(endNanos);
        }
        deadlines.watch(call.deadlineNanos());
    }

    /** A guest that ended by itself just before it was ended keeps its own end. */
    private Outcome asEnded(Outcome outcome, EndReason reason) {
        if (outcome instanceof Outcome.Completed || outcome instanceof Outcome.FunctionError) {
            return outcome;
        }
        return switch (reason) {
            case DEADLINE -> new Outcome.TimedOut(outcome.usage(), limit());
            case CANCEL -> new Outcome.Cancelled(outcome.usage());
        };
    }

    /** The task's timeout, or what the caller's deadline had left of it. */
    private Duration limit() {
        Duration timeout = call.task().limits().timeout();
        Duration had = Duration.ofNanos(Math.max(call.deadlineNanos() - preparedNanos, 0));
        return had.compareTo(timeout) < 0 ? had : timeout;
    }

    private Outcome outputExceeded() {
        return new Outcome.OutputExceeded(Usage.NONE, call.task().limits().responseBody());
    }

    private static Outcome cancelled() {
        return new Outcome.Cancelled(Usage.NONE);
    }

    /** What the isolate measured, with what only the runner knows. */
    private Usage usage(Usage inner) {
        long runNanos =
                inner.runNanos() > 0 ? inner.runNanos() : nanoClock.getAsLong() - preparedNanos;
        return new Usage(
                start == StartKind.WARM ? inner.start() : start,
                takenNanos - call.createdNanos(),
                preparedNanos - takenNanos + inner.startNanos(),
                runNanos,
                out.writtenBytes(),
                log.droppedBytes());
    }
}
