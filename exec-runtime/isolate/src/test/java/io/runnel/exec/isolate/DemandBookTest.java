package io.runnel.exec.isolate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.exec.forecast.ForecastSettings;
import io.runnel.exec.isolate.RunnerFixture.End;
import io.runnel.exec.task.Outcome;
import io.runnel.exec.task.RuntimeKind;
import io.runnel.exec.task.Task;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

class DemandBookTest {
    private static final int MOST = 64;

    @TempDir private Path folder;

    private final AtomicLong nowMs = new AtomicLong(1_000_000);
    private final DemandBook book = book(Runnable::run);

    private DemandBook book(Executor searcher) {
        return new DemandBook(MOST, ForecastSettings.DEFAULT, nowMs::get, searcher, 1);
    }

    private static Task task(String name) {
        return Contracts.task(
                RuntimeKind.WASM, name, FakeRuntime.code("HELLO"), RunnerFixture.LIMITS);
    }

    private static void call(DemandBook book, Task task) {
        book.arrived(task).ifPresent(TaskDemand::ended);
    }

    private void callEvery20s(DemandBook book, Task task, int times) {
        for (int i = 0; i < times; i++) {
            call(book, task);
            book.tend();
            nowMs.addAndGet(20_000);
        }
    }

    @Test
    void whatIsKnownIsBounded() {
        for (int i = 0; i < 10_000; i++) {
            call(book, task("task-" + i));
            assertTrue(book.all().size() <= MOST);
            if (i % 7 == 0) {
                book.tend();
            }
        }
        assertTrue(book.all().size() >= MOST - MOST / 16, () -> book.all().size() + " are known");
        assertTrue(book.unrecorded() > 0);
    }

    @Test
    void aFloodOfTasksThatAreCalledOnceCostsNoOtherItsHistory() {
        Task periodic = task("periodic");
        callEvery20s(book, periodic, 8);
        Task often = task("often");
        for (int i = 0; i < 50; i++) {
            call(book, often);
        }
        TaskDemand running = book.arrived(task("runs")).orElseThrow();
        TaskDemand known = book.of(periodic.ref()).orElseThrow();
        for (int i = 0; i < 2_000; i++) {
            call(book, task("once-" + i));
            nowMs.addAndGet(10);
            book.tend();
        }
        assertEquals(Optional.of(known), book.of(periodic.ref()));
        assertEquals(50, book.of(often.ref()).orElseThrow().calls());
        assertEquals(Optional.of(running), book.of(running.ref()));
        assertTrue(book.of(task("once-0").ref()).isEmpty());
    }

    @Test
    void periodsAreFoundInTheBackground() {
        Queue<Runnable> background = new ArrayDeque<>();
        DemandBook slow = book(background::add);
        Task task = task("periodic");
        callEvery20s(slow, task, 5);
        callEvery20s(slow, task, 1);
        TaskDemand demand = slow.of(task.ref()).orElseThrow();
        assertEquals(1, background.size(), "one at a time for each task");
        assertFalse(demand.isPeriodic());
        background.remove().run();
        assertTrue(demand.isPeriodic());
    }

    @Test
    void aSearchThatIsRefusedIsMadeLater() {
        AtomicBoolean isFull = new AtomicBoolean(true);
        DemandBook refused =
                book(
                        search -> {
                            if (isFull.get()) {
                                throw new RejectedExecutionException("too many");
                            }
                            search.run();
                        });
        Task task = task("periodic");
        callEvery20s(refused, task, 5);
        TaskDemand demand = refused.of(task.ref()).orElseThrow();
        assertFalse(demand.isPeriodic());
        isFull.set(false);
        callEvery20s(refused, task, 3);
        assertTrue(demand.isPeriodic());
    }

    @Test
    void theRunnerTellsOfEveryCallOnce() throws Exception {
        try (var f = new RunnerFixture(folder, RunnerFixture.settings(1, 2))) {
            var running = new End();
            f.occupy(running);
            Task hello = f.ready("HELLO");
            var waits = new End();
            f.enqueue(hello, waits);
            var cancelled = new End();
            f.enqueue(hello, cancelled).cancel();
            TaskDemand demand = f.runner.pool().demands().of(hello.ref()).orElseThrow();
            assertEquals(1, demand.present());
            f.enqueue(hello, new End());
            assertInstanceOf(Outcome.Refused.class, f.call(hello, OutputSink.NOWHERE));
            assertEquals(2, demand.present());
            f.gate.countDown();
            waits.await();
            assertInstanceOf(Outcome.Completed.class, f.call(hello, OutputSink.NOWHERE));
            assertEquals(0, demand.present());
            assertEquals(5, demand.calls());
            f.runner.tryReserve(hello).orElseThrow().release();
            assertEquals(5, demand.calls(), "nothing came of it");
        }
    }

    @Test
    void whatANodeCannotRunIsNoDemand() throws Exception {
        try (var f = new RunnerFixture(folder, RunnerFixture.settings(1, 2))) {
            Task task =
                    Contracts.task(
                            RuntimeKind.JS, "js", FakeRuntime.code("HELLO"), RunnerFixture.LIMITS);
            assertInstanceOf(Outcome.Refused.class, f.call(task, OutputSink.NOWHERE));
            assertTrue(f.runner.pool().demands().all().isEmpty());
        }
    }
}
