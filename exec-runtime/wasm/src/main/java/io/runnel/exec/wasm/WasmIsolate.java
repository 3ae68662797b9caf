package io.runnel.exec.wasm;

import io.runnel.exec.isolate.Isolate;
import io.runnel.exec.isolate.OutputSink;
import io.runnel.exec.isolate.SinkClosedException;
import io.runnel.exec.task.Invocation;
import io.runnel.exec.task.Limits;
import io.runnel.exec.task.Outcome;
import io.runnel.exec.task.StartKind;
import io.runnel.exec.task.Usage;
import io.runnel.exec.wasi.GuestCall;
import io.runnel.exec.wasi.GuestInterrupted;
import io.runnel.exec.wasi.StandardStreams;

import run.endive.runtime.WasmInterruptedException;

import java.io.InputStream;
import java.util.Optional;

/**
 * Runs a program's guest. After a call that ended well, all that the guest changed is brought back
 * to the program's image, and the instance is kept for the next call; making one takes ten times as
 * long. After any other end, the instance is thrown away.
 */
final class WasmIsolate implements Isolate {
    private record Kept(GuestInstance instance, Engine engine) {}

    private final WasmProgram program;
    private Optional<Kept> kept = Optional.empty();

    WasmIsolate(WasmProgram program) {
        this.program = program;
    }

    @Override
    public Outcome run(Invocation invocation, InputStream body, OutputSink out, OutputSink log) {
        if (!program.isRunnable()) {
            throw new IllegalStateException("the program is not runnable yet");
        }
        long beginNanos = now();
        Limits limits = invocation.task().limits();
        Image image = program.image();
        if ((long) image.memory().pages() << 16 > limits.memory().bytes()) {
            return new Outcome.MemoryExceeded(usage(beginNanos, beginNanos), limits.memory());
        }
        Kept current = take(image);
        GuestCall call =
                new GuestCall(
                        invocation.arguments(),
                        invocation.environment(),
                        new StandardStreams(body, out, log),
                        program.host());
        GuestMemory memory = current.instance().memory();
        memory.begin(call, limits.memory().bytes());
        try {
            return run(current, image, limits, beginNanos);
        } finally {
            memory.end();
        }
    }

    /** The kept instance, if it is of the best engine there is; else a new one. */
    private Kept take(Image image) {
        Engine engine = program.engine();
        Optional<Kept> last = kept.filter(k -> k.engine().equals(engine));
        kept = Optional.empty();
        if (last.isEmpty()) {
            return new Kept(program.instantiate(engine, image), engine);
        }
        last.get().instance().restore(image);
        return last.get();
    }

    private Outcome run(Kept current, Image image, Limits limits, long beginNanos) {
        GuestInstance instance = current.instance();
        long startNanos = now();
        Optional<Throwable> end = end(instance, image);
        Outcome outcome =
                Ends.outcome(
                        end,
                        usage(beginNanos, startNanos),
                        limits,
                        instance.memory().growRefused());
        if (outcome instanceof Outcome.Completed || outcome instanceof Outcome.FunctionError) {
            instance.restore(program.image());
            kept = Optional.of(current);
        }
        return outcome;
    }

    /** Runs the guest; how it was thrown out, if it did not return. */
    private Optional<Throwable> end(GuestInstance instance, Image image) {
        try {
            if (!image.started() && program.start().isPresent()) {
                start(instance);
            }
            instance.run(program.command());
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

    /**
     * Runs the module's start function, within the call's limits. If it asked the host for nothing
     * it does the same in every call: then what it left is what further calls begin with.
     */
    private void start(GuestInstance instance) {
        instance.run(program.start().getAsInt());
        if (!instance.memory().hostCalled() && !instance.memory().growRefused()) {
            program.share(instance.snapshot(true));
        }
    }

    private long now() {
        return program.host().nanoClock().getAsLong();
    }

    private Usage usage(long beginNanos, long startNanos) {
        return new Usage(StartKind.WARM, 0, startNanos - beginNanos, now() - startNanos, 0, 0);
    }
}
