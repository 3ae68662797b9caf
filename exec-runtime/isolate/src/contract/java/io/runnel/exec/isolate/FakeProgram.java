package io.runnel.exec.isolate;

import io.runnel.exec.task.Invocation;
import io.runnel.exec.task.Limits;
import io.runnel.exec.task.Outcome;
import io.runnel.exec.task.StartKind;
import io.runnel.exec.task.Usage;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** A program of {@link FakeRuntime}. */
final class FakeProgram implements Program {
    private final FakeRuntime.Guest guest;
    private final long footprintBytes;
    private final boolean runnableAtOnce;
    private final CountDownLatch compilerGate;
    private final Runnable onClose;
    private volatile Tier tier = Tier.INTERPRETED;
    private volatile boolean closed;

    FakeProgram(
            FakeRuntime.Guest guest,
            long footprintBytes,
            boolean runnableAtOnce,
            CountDownLatch compilerGate,
            Runnable onClose) {
        this.guest = guest;
        this.footprintBytes = footprintBytes;
        this.runnableAtOnce = runnableAtOnce;
        this.compilerGate = compilerGate;
        this.onClose = onClose;
    }

    @Override
    public Isolate newIsolate() {
        if (closed) {
            throw new IllegalStateException("the program is closed");
        }
        return this::run;
    }

    private Outcome run(Invocation invocation, InputStream body, OutputSink out, OutputSink log) {
        if (!isRunnable()) {
            throw new IllegalStateException("not runnable yet");
        }
        Limits limits = invocation.task().limits();
        Usage usage = new Usage(StartKind.WARM, 0, 1, 1, 0, 0);
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
