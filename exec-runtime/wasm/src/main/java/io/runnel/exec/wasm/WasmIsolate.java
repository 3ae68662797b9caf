package io.runnel.exec.wasm;

import io.runnel.exec.isolate.Isolate;
import io.runnel.exec.isolate.OutputSink;
import io.runnel.exec.isolate.SinkClosedException;
import io.runnel.exec.task.Invocation;
import io.runnel.exec.task.Limits;
import io.runnel.exec.task.Outcome;
import io.runnel.exec.task.Reuse;
import io.runnel.exec.task.StartKind;
import io.runnel.exec.task.TaskOptions;
import io.runnel.exec.task.Usage;
import io.runnel.exec.wasi.GuestCall;
import io.runnel.exec.wasi.GuestInterrupted;
import io.runnel.exec.wasi.GuestTerms;
import io.runnel.exec.wasi.StandardStreams;

import run.endive.runtime.WasmInterruptedException;

import java.io.InputStream;
import java.util.Optional;

/**
 * Runs a program's guest. After a call that ended well, all that the guest changed is brought back
 * to the program's image, unless the task keeps its memory, and the instance is kept for the next
 * call; making one takes ten times as long. After any other end, the instance is thrown away.
 */
final class WasmIsolate implements Isolate {
    /** What an instance takes besides its memory, about. */
    private static final long INSTANCE_BYTES = 4096;

    /**
     * An instance between calls.
     *
     * @param as what it is just like, but for what those calls left
     * @param runs the calls whose memory it has, which only a task that keeps it has
     */
    private record Kept(GuestInstance instance, Engine engine, Image as, long runs) {
        boolean hasRun() {
            return runs > 0;
        }
    }

    private final WasmProgram program;
    private final Reuse reuse;
    private Optional<Kept> kept = Optional.empty();

    WasmIsolate(WasmProgram program, Reuse reuse) {
        this.program = program;
        this.reuse = reuse;
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
                        program.host(),
                        terms(invocation, beginNanos, current.hasRun() || image.started()));
        GuestMemory memory = current.instance().memory();
        memory.begin(call, limits.memory().bytes());
        boolean watched = !current.engine().marks();
        if (watched) {
            program.watch().enter(memory);
        }
        try {
            return run(current, image, limits, beginNanos);
        } finally {
            if (watched) {
                program.watch().leave(memory);
            }
            memory.end();
        }
    }

    @Override
    public void prepare() {
        if (program.isRunnable()) {
            kept = Optional.of(take(program.image()));
        }
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // The very same image.
    public boolean isReady() {
        return kept.filter(k -> k.engine().equals(program.engine()))
                .filter(k -> k.hasRun() || k.as() == program.image())
                .isPresent();
    }

    @Override
    public long heldBytes() {
        return kept.map(k -> INSTANCE_BYTES + k.instance().memory().heldBytes()).orElse(0L);
    }

    private GuestTerms terms(Invocation invocation, long nowNanos, boolean restored) {
        TaskOptions options = invocation.task().options();
        long timeoutNanos = nowNanos + invocation.task().limits().timeout().toNanos();
        long deadlineNanos = invocation.deadlineNanos();
        boolean sooner = deadlineNanos != Long.MAX_VALUE && deadlineNanos - timeoutNanos < 0;
        return new GuestTerms(
                Optional.of(invocation.id()),
                Optional.of(sooner ? deadlineNanos : timeoutNanos),
                options.coarseClock() ? TaskOptions.COARSE_CLOCK_NANOS : 1,
                options.outbound(),
                options.devices(),
                new RunIdentity(program.host(), invocation, restored, nowNanos));
    }

    /**
     * The kept instance, if it is of the best engine there is; else a new one, that finds what a
     * task that keeps its memory left.
     */
    @SuppressWarnings("ReferenceEquality") // The very same image.
    private Kept take(Image image) {
        Engine engine = program.engine();
        Optional<Kept> last = kept;
        kept = Optional.empty();
        if (last.isPresent() && last.get().hasRun() && !program.runsOnce()) {
            return last.get().engine().equals(engine) ? last.get() : move(last.get(), engine);
        }
        if (last.isEmpty() || !last.get().engine().equals(engine)) {
            return new Kept(program.instantiate(engine, image), engine, image, 0);
        }
        Kept clean = last.get();
        if (!clean.hasRun() && clean.as() == image) {
            return clean;
        }
        clean.instance().restore(image);
        return new Kept(clean.instance(), engine, image, 0);
    }

    private Kept move(Kept from, Engine engine) {
        Image left = from.instance().snapshot(true);
        return new Kept(program.instantiate(engine, left), engine, left, from.runs());
    }

    private Outcome run(Kept current, Image image, Limits limits, long beginNanos) {
        GuestInstance instance = current.instance();
        long startNanos = now();
        Optional<Throwable> end = end(instance, current.hasRun() || image.started());
        if (end.isPresent() && refusesSecondRun(current, end.get())) {
            program.foundToRunOnce();
            instance.restore(image);
            end = end(instance, image.started());
        }
        Outcome outcome =
                Ends.outcome(
                        end,
                        usage(beginNanos, startNanos),
                        limits,
                        instance.memory().growRefused());
        if (outcome instanceof Outcome.Completed || outcome instanceof Outcome.FunctionError) {
            kept = Optional.of(left(current));
            program.ran(current.engine(), outcome.usage().runNanos());
        }
        return outcome;
    }

    /** What is left of an instance whose call ended well. */
    private Kept left(Kept current) {
        if (reuse == Reuse.KEPT && !program.runsOnce()) {
            return new Kept(current.instance(), current.engine(), current.as(), current.runs() + 1);
        }
        Image image = program.image();
        current.instance().restore(image);
        return new Kept(current.instance(), current.engine(), image, 0);
    }

    /**
     * Whether the guest will not run a second time in the same memory, as commands of newer C
     * libraries do: their {@code _start} gives up at once ({@code unreachable}) if it ran before.
     * It asked the host for nothing, so nobody has seen that it ran.
     */
    private static boolean refusesSecondRun(Kept current, Throwable end) {
        return current.runs() == 1
                && Ends.isUnreachable(end)
                && !current.instance().memory().hostCalled();
    }

    /** Runs the guest; how it was thrown out, if it did not return. */
    private Optional<Throwable> end(GuestInstance instance, boolean started) {
        try {
            if (!started && program.start().isPresent()) {
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
        return new Usage(StartKind.WARM, 0, startNanos - beginNanos, now() - startNanos, 0, 0, 0);
    }
}
