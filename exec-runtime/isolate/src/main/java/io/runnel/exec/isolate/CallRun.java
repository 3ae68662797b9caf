package io.runnel.exec.isolate;

import io.runnel.exec.task.Limits;
import io.runnel.exec.task.Outcome;
import io.runnel.exec.task.StartKind;
import io.runnel.exec.task.Usage;

import java.io.InputStream;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/** Runs one call on the calling thread and says how it ended. */
final class CallRun {
    /** Where it gets its isolate. */
    @FunctionalInterface
    interface Taking {
        /** Takes one for the call, from where the run returns it. */
        IsolateSupply.Taken take() throws InterruptedException, ExecutionException;
    }

    private static final System.Logger LOG = System.getLogger(CallRun.class.getName());

    private final Call call;
    private final IsolateSupply isolates;
    private final LongSupplier nanoClock;
    private final LongSupplier cpuClock;
    private final LongConsumer watch;
    private final InputStream body;
    private final MeteredOutput out;
    private final MeteredLog log;
    private final long takenNanos;

    private StartKind start = StartKind.WARM;
    private long preparedNanos;
    private long cpuNanos;

    /**
     * A run of a call.
     *
     * @param streams in place of the call's own
     * @param cpuClock what the calling thread has had of processors, in nanoseconds; or always 0:
     *     not measured
     * @param watch is told when the call is to be ended, on {@code nanoClock}
     */
    CallRun(
            Call call,
            CallStreams streams,
            IsolateSupply isolates,
            LongSupplier nanoClock,
            LongSupplier cpuClock,
            LongConsumer watch) {
        Limits limits = call.task().limits();
        this.call = call;
        this.isolates = isolates;
        this.nanoClock = nanoClock;
        this.cpuClock = cpuClock;
        this.watch = watch;
        this.body = streams.body();
        this.out = new MeteredOutput(streams.out(), limits.responseBody());
        this.log = new MeteredLog(streams.log(), limits.log());
        this.takenNanos = nanoClock.getAsLong();
        this.preparedNanos = takenNanos;
    }

    Outcome run(Taking taking) {
        Outcome outcome;
        Optional<EndReason> reason;
        try {
            outcome = call.enter() ? attempt(taking) : cancelled();
        } finally {
            reason = call.leave();
        }
        Outcome seen = reason.isPresent() ? asEnded(outcome, reason.get()) : outcome;
        return Endings.withUsage(seen, usage(seen.usage()));
    }

    private Outcome attempt(Taking taking) {
        try {
            watch.accept(call.deadlineNanos());
            IsolateSupply.Taken taken = taking.take();
            start = taken.start();
            preparedNanos = nanoClock.getAsLong();
            beginTimeout();
            return run(taken);
        } catch (InterruptedException e) {
            return cancelled();
        } catch (ExecutionException e) {
            start = StartKind.COLD;
            return Endings.ofFailedPrepare(e.getCause());
        } catch (RuntimeException | Error e) {
            return fault(e);
        }
    }

    private Outcome run(IsolateSupply.Taken taken) {
        Isolate isolate = taken.isolate().isolate();
        Outcome outcome;
        long beganCpuNanos = cpuClock.getAsLong();
        try {
            outcome = isolate.run(call.invocation(), body, out, log);
        } catch (SinkClosedException e) {
            isolates.drop(taken);
            return out.exceeded() ? outputExceeded() : cancelled();
        } catch (RuntimeException | Error e) {
            isolates.drop(taken);
            return fault(e);
        } finally {
            cpuNanos = cpuClock.getAsLong() - beganCpuNanos;
        }
        isolates.giveBack(taken, outcome);
        return out.exceeded() ? outputExceeded() : outcome;
    }

    /** A fault of the runtime, not of the guest; the slot must live on. */
    private Outcome fault(Throwable e) {
        LOG.log(Level.ERROR, "call " + call.invocation().id() + " of " + call.task().ref(), e);
        return new Outcome.Trapped(Usage.NONE, "internal error");
    }

    private void beginTimeout() {
        long timeoutNanos = call.task().limits().timeout().toNanos();
        long endNanos = preparedNanos + timeoutNanos;
        if (endNanos - call.deadlineNanos() < 0) {
            call.setDeadlineNanos(endNanos);
        }
        watch.accept(call.deadlineNanos());
    }

    /** A guest that ended by itself, or left, just before it was ended keeps its own end. */
    private Outcome asEnded(Outcome outcome, EndReason reason) {
        if (outcome instanceof Outcome.Completed
                || outcome instanceof Outcome.FunctionError
                || outcome instanceof Outcome.Moved) {
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

    /** What waited for its code alone was cold, whatever its isolate found. */
    private boolean isRestored(Usage inner) {
        return inner.start() == StartKind.RESTORED && !call.waitedForCode();
    }

    /** What the isolate measured, with what only the runner knows. */
    private Usage usage(Usage inner) {
        long runNanos =
                inner.runNanos() > 0 ? inner.runNanos() : nanoClock.getAsLong() - preparedNanos;
        return new Usage(
                start == StartKind.WARM || isRestored(inner) ? inner.start() : start,
                takenNanos - call.createdNanos(),
                preparedNanos - takenNanos + inner.startNanos(),
                runNanos,
                // What was not measured took no more than it lasted.
                cpuNanos > 0 ? cpuNanos : runNanos,
                out.writtenBytes(),
                log.droppedBytes());
    }
}
