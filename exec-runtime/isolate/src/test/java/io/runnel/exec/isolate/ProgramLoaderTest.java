package io.runnel.exec.isolate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.runnel.exec.isolate.RunnerFixture.End;
import io.runnel.exec.task.CodeDigest;
import io.runnel.exec.task.HandlerKind;
import io.runnel.exec.task.Limits;
import io.runnel.exec.task.Outcome;
import io.runnel.exec.task.RuntimeKind;
import io.runnel.exec.task.Task;
import io.runnel.exec.task.TaskRef;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

class ProgramLoaderTest {
    @TempDir private Path folder;

    @Test
    void manyCallersOpenOnce() throws Exception {
        try (var f = new RunnerFixture(folder, RunnerFixture.settings(4, 100))) {
            Task task = f.held("HELLO");
            var ends = new ArrayList<End>();
            for (int i = 0; i < 50; i++) {
                var end = new End();
                ends.add(end);
                f.enqueue(task, end);
            }
            for (End end : ends) {
                assertInstanceOf(Outcome.Completed.class, end.await());
            }
            assertEquals(1, f.fake.opened());
        }
    }

    @Test
    void whatIsOpenIsBoundedAndWhatLeavesIsClosed() throws Exception {
        try (var f = new RunnerFixture(folder, RunnerFixture.settings(1, 4))) {
            f.fake.setFootprintBytes(20 << 20);
            List<Task> tasks = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                f.fake.define("guest" + i, (call, in, out, log) -> 0);
                tasks.add(f.ready("guest" + i));
            }
            assertEquals(10, f.fake.opened());
            // Three fit; the last four are expecting their first call.
            assertEquals(6, f.fake.closed());
            assertEquals(4, f.runner.warm().size());
            f.call(tasks.getLast(), OutputSink.NOWHERE);
            assertEquals(3, f.runner.warm().size());
        }
    }

    @Test
    void aProgramLargerThanTheCacheRunsAllTheSame() throws Exception {
        try (var f = new RunnerFixture(folder, RunnerFixture.settings(1, 4))) {
            f.fake.setFootprintBytes(1L << 40);
            Task task = f.ready("HELLO");
            assertEquals(Readiness.READY, f.runner.readiness(task));
            assertInstanceOf(Outcome.Completed.class, f.call(task, OutputSink.NOWHERE));
        }
    }

    @Test
    void whatIsSeldomCalledRunsBesideWhatFillsTheCache() throws Exception {
        try (var f = new RunnerFixture(folder, RunnerFixture.settings(1, 4))) {
            f.fake.setFootprintBytes(20 << 20);
            for (int i = 0; i < 3; i++) {
                f.fake.define("hot" + i, (call, in, out, log) -> 0);
                Task hot = f.ready("hot" + i);
                for (int calls = 0; calls < 20; calls++) {
                    f.call(hot, OutputSink.NOWHERE);
                }
            }
            for (int i = 0; i < 6; i++) {
                f.fake.define("rare" + i, (call, in, out, log) -> 0);
                Outcome outcome = f.call(f.held("rare" + i), OutputSink.NOWHERE);
                assertInstanceOf(Outcome.Completed.class, outcome);
            }
            assertEquals(9, f.fake.opened());
        }
    }

    @Test
    void aCallWhoseCodeIsStillCompiledEndsAtItsDeadline() throws Exception {
        var let = new CountDownLatch(1);
        var stuck = new AtomicInteger();
        TaskRuntime slow = new StuckRuntime(let, stuck);
        var store = new CodeStore(folder.resolve("code"));
        var settings = RunnerFixture.settings(1, 4);
        try (var runner = new TaskRunner(settings, List.of(slow), store, System::nanoTime)) {
            Task task = task(store, "stuck");
            var unused = runner.prepare(task);
            while (stuck.get() == 0) {
                Thread.onSpinWait();
            }
            var end = new End();
            long deadline = System.nanoTime() + Duration.ofMillis(50).toNanos();
            runner.tryReserve(task)
                    .orElseThrow()
                    .run(
                            Contracts.invocation(task, deadline),
                            new CallStreams(
                                    InputStream.nullInputStream(),
                                    OutputSink.NOWHERE,
                                    OutputSink.NOWHERE),
                            end::accept);
            assertInstanceOf(Outcome.TimedOut.class, end.await());
        } finally {
            let.countDown();
        }
    }

    @Test
    void aRejectionIsRememberedForAWhile() throws Exception {
        try (var f = new RunnerFixture(folder, RunnerFixture.settings(1, 4))) {
            byte[] bad = "no code".getBytes(StandardCharsets.UTF_8);
            f.codes.put(bad);
            Task task = Contracts.task(RuntimeKind.WASM, "bad", bad, RunnerFixture.LIMITS);
            for (int i = 0; i < 3; i++) {
                var e = assertThrows(ExecutionException.class, () -> f.runner.prepare(task).get());
                assertInstanceOf(CodeRejectedException.class, e.getCause());
                var refused =
                        assertInstanceOf(Outcome.Refused.class, f.call(task, OutputSink.NOWHERE));
                assertEquals(Outcome.Refusal.CODE_UNAVAILABLE, refused.refusal());
            }
            assertEquals(1, f.fake.opened());
        }
    }

    @Test
    void workThatDoesNotStopIsLeftBehind() throws Exception {
        var let = new CountDownLatch(1);
        var stuck = new AtomicInteger();
        TaskRuntime slow = new StuckRuntime(let, stuck);
        var store = new CodeStore(folder.resolve("code"));
        var settings = RunnerFixture.settings(1, 4);
        try (var runner =
                new TaskRunner(
                        settings,
                        PoolSettings.DEFAULT,
                        List.of(slow),
                        store,
                        CodeBringer.NONE,
                        CodeSupply.none(),
                        new Clocks(System::nanoTime),
                        Duration.ofMillis(30))) {
            Task bad = task(store, "stuck");
            var e = assertThrows(ExecutionException.class, () -> runner.prepare(bad).get());
            var rejected = assertInstanceOf(CodeRejectedException.class, e.getCause());
            assertEquals(CodeRejectedException.Code.COMPILE_LIMIT, rejected.code());
            // The next one has a thread of its own once the first is left behind.
            runner.prepare(task(store, "quick")).get(20, TimeUnit.SECONDS);
            assertEquals(1, stuck.get());
        } finally {
            let.countDown();
        }
    }

    @Test
    void nobodyWaitsForTheCompilerWhereTheCodeRunsBefore() throws Exception {
        try (var f = new RunnerFixture(folder, RunnerFixture.settings(1, 4))) {
            var compiler = new CountDownLatch(1);
            f.fake.setCompilerGate(compiler);
            Task task = f.held("HELLO");
            assertInstanceOf(Outcome.Completed.class, f.call(task, OutputSink.NOWHERE));
            // The compiler still works on it: others are opened all the same.
            assertInstanceOf(
                    Outcome.Completed.class, f.call(f.held("ARGUMENTS"), OutputSink.NOWHERE));
            compiler.countDown();
        }
    }

    @Test
    void whatRunsOnlyCompiledWaitsForTheCompiler() throws Exception {
        try (var f = new RunnerFixture(folder, RunnerFixture.settings(1, 4))) {
            var compiler = new CountDownLatch(1);
            f.fake.setCompilerGate(compiler);
            f.fake.setCompiledOnly(true);
            var end = new End();
            Task task = f.held("HELLO");
            f.enqueue(task, end);
            assertEquals(Readiness.HELD, f.runner.readiness(task));
            assertFalse(end.isTold());
            compiler.countDown();
            assertInstanceOf(Outcome.Completed.class, end.await());
            assertEquals(Readiness.READY, f.runner.readiness(task));
            assertEquals(1, f.fake.opened());
        }
    }

    @Test
    void whatStartsSlowlyKeepsNobodyFromTheCompiler() throws Exception {
        var machine = new CountDownLatch(1);
        var store = new CodeStore(folder.resolve("code"));
        List<TaskRuntime> runtimes =
                List.of(
                        new GatedRuntime(RuntimeKind.LINUX, machine),
                        new GatedRuntime(RuntimeKind.WASM, new CountDownLatch(0)));
        try (var runner =
                new TaskRunner(RunnerFixture.settings(1, 4), runtimes, store, System::nanoTime)) {
            var slow = runner.prepare(task(store, "machine", RuntimeKind.LINUX));
            runner.prepare(task(store, "module")).get(20, TimeUnit.SECONDS);
            assertFalse(slow.isDone());
            machine.countDown();
            var unused = slow.get(20, TimeUnit.SECONDS);
        }
    }

    /** A runtime whose programs run once a gate is open. */
    private record GatedRuntime(RuntimeKind kind, CountDownLatch gate) implements TaskRuntime {
        @Override
        public CodeReport inspect(byte[] code, Limits limits) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Program open(Task task, byte[] code) {
            return new FakeProgram((call, in, out, log) -> 0, 1, 1, false, gate, () -> {});
        }
    }

    private static Task task(CodeStore store, String code) throws Exception {
        return task(store, code, RuntimeKind.WASM);
    }

    private static Task task(CodeStore store, String code, RuntimeKind kind) throws Exception {
        CodeDigest digest = store.put(code.getBytes(StandardCharsets.UTF_8));
        return new Task(
                TaskRef.of("demo", code),
                1,
                kind,
                HandlerKind.EVENT,
                digest,
                Limits.DEFAULT,
                Map.of());
    }

    /** A runtime whose loader heeds no interrupt for code {@code stuck}. */
    private record StuckRuntime(CountDownLatch let, AtomicInteger stuck) implements TaskRuntime {
        @Override
        public RuntimeKind kind() {
            return RuntimeKind.WASM;
        }

        @Override
        public CodeReport inspect(byte[] code, Limits limits) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Program open(Task task, byte[] code) {
            if (code.length == "stuck".length() && code[0] == 's') {
                stuck.incrementAndGet();
                while (let.getCount() > 0) {
                    Thread.onSpinWait();
                }
            }
            return new FakeProgram(
                    (call, in, out, log) -> 0, 1, 1, true, new CountDownLatch(0), () -> {});
        }
    }
}
