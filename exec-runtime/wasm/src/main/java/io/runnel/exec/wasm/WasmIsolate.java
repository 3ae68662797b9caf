package io.runnel.exec.wasm;

import io.runnel.exec.isolate.Isolate;
import io.runnel.exec.isolate.OutputSink;
import io.runnel.exec.isolate.SinkClosedException;
import io.runnel.exec.task.ByteSize;
import io.runnel.exec.task.Invocation;
import io.runnel.exec.task.Limits;
import io.runnel.exec.task.Outcome;
import io.runnel.exec.task.StartKind;
import io.runnel.exec.task.Usage;

import run.endive.runtime.WasmInterruptedException;

import java.io.InputStream;
import java.util.Optional;

/**
 * Runs a program's guest. After a call that ended well, the instance is kept for the next one, if
 * it is small and if all that the guest could change can be brought back; making one takes ten
 * times as long as bringing one back.
 */
final class WasmIsolate implements Isolate {
    private static final int MOST_KEPT_BYTES = (int) ByteSize.ofMiB(4).bytes();

    private final WasmProgram program;
    private Optional<GuestInstance> kept = Optional.empty();

    WasmIsolate(WasmProgram program) {
        this.program = program;
    }

    @Override
    public Outcome run(Invocation invocation, InputStream body, OutputSink out, OutputSink log) {
        long beginNanos = now();
        Limits limits = invocation.task().limits();
        if (initialBytes() > limits.memory().bytes()) {
            return new Outcome.MemoryExceeded(usage(beginNanos, beginNanos), limits.memory());
        }
        GuestInstance instance = kept.isPresent() ? kept.get() : program.instantiate();
        kept = Optional.empty();
        GuestCall call =
                new GuestCall(
                        invocation.arguments(),
                        invocation.environment(),
                        new StandardStreams(body, out, log),
                        program.host());
        instance.memory().begin(call, limits.memory().bytes());
        try {
            return run(instance, limits, beginNanos);
        } finally {
            instance.memory().end();
        }
    }

    private Outcome run(GuestInstance instance, Limits limits, long beginNanos) {
        long startNanos = now();
        Optional<Throwable> end = end(instance);
        Outcome outcome =
                Ends.outcome(
                        end,
                        usage(beginNanos, startNanos),
                        limits,
                        instance.memory().growRefused());
        if (outcome instanceof Outcome.Completed || outcome instanceof Outcome.FunctionError) {
            keep(instance);
        }
        return outcome;
    }

    /** Runs the guest; how it was thrown out, if it did not return. */
    private static Optional<Throwable> end(GuestInstance instance) {
        try {
            instance.initialize();
            instance.start();
            return Optional.empty();
        } catch (SinkClosedException e) {
            throw e;
        } catch (GuestInterrupted | WasmInterruptedException e) {
            Thread.interrupted();
            return Optional.of(e);
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
            return Optional.of(e);
        }
    }

    private void keep(GuestInstance instance) {
        if (program.shape().resettable() && instance.memory().capacityBytes() <= MOST_KEPT_BYTES) {
            kept = Optional.of(instance);
        }
    }

    private long initialBytes() {
        return (long) program.shape().initialPages() << 16;
    }

    private long now() {
        return program.host().nanoClock().getAsLong();
    }

    private Usage usage(long beginNanos, long startNanos) {
        return new Usage(StartKind.WARM, 0, startNanos - beginNanos, now() - startNanos, 0, 0);
    }
}
