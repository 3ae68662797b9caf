package io.runnel.exec.isolate;

import io.runnel.exec.task.Invocation;
import io.runnel.exec.task.Limits;
import io.runnel.exec.task.Outcome;
import io.runnel.exec.task.Reuse;
import io.runnel.exec.task.StartKind;
import io.runnel.exec.task.Usage;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** A program of {@link FakeRuntime}. */
final class FakeProgram implements Program {
    /** What a guest of the fake runtime may write to; of the call that the thread runs. */
    private static final ThreadLocal<int[]> MEMORY = new ThreadLocal<>();

    /** What each count in that word adds to what an isolate says that it keeps. */
    private static final long WORD_BYTES = 1024;

    private final FakeRuntime.Guest guest;
    private final long footprintBytes;
    private final long isolateBytes;
    private final boolean runnableAtOnce;
    private final CountDownLatch compilerGate;
    private final Runnable onClose;
    private volatile Tier tier = Tier.INTERPRETED;
    private volatile boolean closed;

    FakeProgram(
            FakeRuntime.Guest guest,
            long footprintBytes,
            long isolateBytes,
            boolean runnableAtOnce,
            CountDownLatch compilerGate,
            Runnable onClose) {
        this.guest = guest;
        this.footprintBytes = footprintBytes;
        this.isolateBytes = isolateBytes;
        this.runnableAtOnce = runnableAtOnce;
        this.compilerGate = compilerGate;
        this.onClose = onClose;
    }

    /** The memory of the guest that runs on this thread: one word. */
    static int[] memory() {
        return MEMORY.get();
    }

    @Override
    public Isolate newIsolate(Reuse reuse) {
        if (closed) {
            throw new IllegalStateException("the program is closed");
        }
        return new FakeIsolate(reuse);
    }

    /** Keeps as many bytes as the runtime was told, and one word of memory if that is kept. */
    private final class FakeIsolate implements Isolate {
        private final Reuse reuse;
        private int[] memory = new int[1];
        private boolean isReady;

        FakeIsolate(Reuse reuse) {
            this.reuse = reuse;
        }

        @Override
        public Outcome run(
                Invocation invocation, InputStream body, OutputSink out, OutputSink log) {
            if (!isRunnable()) {
                throw new IllegalStateException("not runnable yet");
            }
            MEMORY.set(memory);
            memory = new int[1];
            Outcome outcome = end(invocation, body, out, log);
            boolean isWhole =
                    outcome instanceof Outcome.Completed
                            || outcome instanceof Outcome.FunctionError;
            if (reuse == Reuse.KEPT && isWhole) {
                memory = MEMORY.get();
            }
            isReady = isWhole;
            return outcome;
        }

        @Override
        public void prepare() {
            isReady = true;
        }

        @Override
        public boolean isReady() {
            return isReady;
        }

        @Override
        public long heldBytes() {
            return isReady ? isolateBytes + memory[0] * WORD_BYTES : 0;
        }
    }

    private Outcome end(Invocation invocation, InputStream body, OutputSink out, OutputSink log) {
        Limits limits = invocation.task().limits();
        Usage usage = new Usage(StartKind.WARM, 0, 1, 1, 0, 0, 0);
        try {
            int exitCode = guest.run(invocation, body, out, log);
            return exitCode == 0
                    ? new Outcome.Completed(usage)
                    : new Outcome.FunctionError(usage, exitCode);
        } catch (InterruptedException | IOException e) {
            return new Outcome.Cancelled(usage);
        } catch (FakeRuntime.TrapError e) {
            return new Outcome.Trapped(usage, e.getMessage());
        } catch (FakeRuntime.MemoryError e) {
            return new Outcome.MemoryExceeded(usage, limits.memory());
        } catch (StackOverflowError e) {
            return new Outcome.StackExceeded(usage, limits.stack());
        } finally {
            Thread.interrupted();
        }
    }

    @Override
    public boolean isRunnable() {
        return runnableAtOnce || tier == Tier.COMPILED;
    }

    @Override
    public void optimize() throws InterruptedException {
        compilerGate.await();
        tier = Tier.COMPILED;
    }

    @Override
    public Tier tier() {
        return tier;
    }

    @Override
    public List<String> notes() {
        return List.of();
    }

    @Override
    public long footprintBytes() {
        return footprintBytes;
    }

    @Override
    public void close() {
        closed = true;
        onClose.run();
    }
}
