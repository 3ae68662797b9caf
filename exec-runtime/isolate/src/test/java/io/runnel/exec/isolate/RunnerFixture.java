package io.runnel.exec.isolate;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.exec.task.ByteSize;
import io.runnel.exec.task.Caller;
import io.runnel.exec.task.Invocation;
import io.runnel.exec.task.Limits;
import io.runnel.exec.task.Outcome;
import io.runnel.exec.task.Reuse;
import io.runnel.exec.task.RuntimeKind;
import io.runnel.exec.task.Task;
import io.runnel.exec.task.TaskRef;

import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/** A runner with fake guests, for tests of the runner. */
final class RunnerFixture implements AutoCloseable {
    static final Limits LIMITS = Limits.DEFAULT.withMemory(ByteSize.ofMiB(64));

    /** A call's end, and how often it was told. */
    static final class End {
        private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();
        private final AtomicInteger told = new AtomicInteger();

        void accept(Outcome told) {
            this.told.incrementAndGet();
            outcome.complete(told);
        }

        Outcome await() throws Exception {
            Outcome seen = outcome.get(60, TimeUnit.SECONDS);
            assertTrue(told.get() == 1, () -> "told " + told.get() + " times: " + seen);
            return seen;
        }

        boolean isTold() {
            return outcome.isDone();
        }
    }

    final FakeRuntime fake = new FakeRuntime(RuntimeKind.WASM);
    final CodeStore codes;
    final TaskRunner runner;

    /** Open to let the guest {@code gate} go on. */
    final CountDownLatch gate = new CountDownLatch(1);

    /** Down when a guest {@code gate} runs. */
    final CountDownLatch atGate = new CountDownLatch(1);

    RunnerFixture(Path folder, RunnerSettings settings) throws Exception {
        this(folder, settings, Duration.ofSeconds(20));
    }

    RunnerFixture(Path folder, RunnerSettings settings, Duration compileLimit) throws Exception {
        this(folder, settings, CodeBringer.NONE, compileLimit);
    }

    RunnerFixture(Path folder, RunnerSettings settings, CodeBringer bringer, Duration compileLimit)
            throws Exception {
        this(
                folder,
                settings,
                PoolSettings.DEFAULT,
                bringer,
                CodeSupply.none(),
                new Clocks(System::nanoTime),
                compileLimit);
    }

    /** One whose demand is told by another clock. */
    RunnerFixture(Path folder, RunnerSettings settings, CodeSupply supply, LongSupplier millis)
            throws Exception {
        this(
                folder,
                settings,
                PoolSettings.DEFAULT,
                CodeBringer.NONE,
                supply,
                new Clocks(System::nanoTime, millis),
                Duration.ofSeconds(20));
    }

    RunnerFixture(
            Path folder,
            RunnerSettings settings,
            PoolSettings poolSettings,
            CodeBringer bringer,
            CodeSupply supply,
            Clocks clocks,
            Duration compileLimit)
            throws Exception {
        codes = new CodeStore(folder.resolve("code"));
        fake.define("gate", (call, in, out, log) -> awaitGate());
        runner =
                new TaskRunner(
                        settings,
                        poolSettings,
                        List.of(fake),
                        codes,
                        bringer,
                        supply,
                        clocks,
                        compileLimit);
    }

    private int awaitGate() throws InterruptedException {
        atGate.countDown();
        gate.await();
        return 0;
    }

    static RunnerSettings settings(int slots, int queue) {
        return new RunnerSettings(slots, ByteSize.ofMiB(256), queue, Duration.ofSeconds(20));
    }

    /** A task of the guest of this name, its code in the store. */
    Task held(String name) throws Exception {
        return held(name, LIMITS);
    }

    Task held(String name, Limits limits) throws Exception {
        codes.put(FakeRuntime.code(name));
        return fake.task(name, limits);
    }

    /** As {@link #held}, and compiled. */
    Task ready(String name) throws Exception {
        return ready(name, LIMITS);
    }

    Task ready(String name, Limits limits) throws Exception {
        Task task = held(name, limits);
        runner.prepare(task).get(60, TimeUnit.SECONDS);
        return task;
    }

    /** The same task, but of this account. */
    static Task of(String account, Task task) {
        return new Task(
                TaskRef.of(account, task.ref().name().value()),
                task.version(),
                task.runtime(),
                task.handler(),
                task.code(),
                task.limits(),
                task.environment());
    }

    /** The same task, but its memory is kept. */
    static Task kept(Task task) {
        return task.withOptions(task.options().withReuse(Reuse.KEPT));
    }

    /** A call by this caller. */
    static Invocation by(Caller caller, Task task) {
        Invocation call = Contracts.invocation(task);
        return new Invocation(
                call.id(),
                task,
                caller,
                call.environment(),
                call.arguments(),
                call.deadlineNanos());
    }

    RunningCall enqueue(Task task, End end) {
        return enqueue(Contracts.invocation(task), new Collected(), end);
    }

    RunningCall enqueue(Invocation invocation, OutputSink out, End end) {
        var streams = new CallStreams(InputStream.nullInputStream(), out, OutputSink.NOWHERE);
        return runner.enqueue(invocation, streams, end::accept);
    }

    RunningCall enqueue(Task task, Duration patience, End end) {
        var nothing = InputStream.nullInputStream();
        var streams = new CallStreams(nothing, OutputSink.NOWHERE, OutputSink.NOWHERE);
        return runner.enqueue(Contracts.invocation(task), streams, patience, end::accept);
    }

    Outcome call(Task task, OutputSink out) throws Exception {
        End end = new End();
        enqueue(Contracts.invocation(task), out, end);
        return end.await();
    }

    /** A call that runs and waits at the gate. */
    RunningCall occupy(End end) throws Exception {
        RunningCall call = enqueue(ready("gate"), end);
        assertTrue(atGate.await(60, TimeUnit.SECONDS), "the gate guest does not run");
        return call;
    }

    /** Waits until something done in the background is so. */
    static void await(String what, BooleanSupplier isSo) {
        long endNanos = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!isSo.getAsBoolean()) {
            assertTrue(System.nanoTime() < endNanos, what);
            Thread.onSpinWait();
        }
    }

    @Override
    public void close() {
        gate.countDown();
        runner.close();
    }
}
