package io.runnel.exec.isolate;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.runnel.exec.isolate.RunnerFixture.End;
import io.runnel.exec.task.ByteSize;
import io.runnel.exec.task.Outcome;
import io.runnel.exec.task.StartKind;
import io.runnel.exec.task.Task;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** A runner whose demand goes by {@link MovedTime}. */
final class PoolScene implements AutoCloseable {
    private static final int SLOTS = 16;
    private static final ByteSize SMALL = ByteSize.ofMiB(1);

    final MovedTime time = new MovedTime();
    final RunnerFixture fixture;
    private volatile CountDownLatch together = new CountDownLatch(0);

    PoolScene(Path folder) throws Exception {
        this(folder, CodeSupply.none());
    }

    PoolScene(Path folder, CodeSupply supply) throws Exception {
        fixture =
                new RunnerFixture(
                        folder, RunnerFixture.settings(SLOTS, 64), supply, time.clocks().millis());
        fixture.fake.define("together", (call, in, out, log) -> meet());
        fixture.fake.define("other", (call, in, out, log) -> 0);
    }

    /** Ends when all calls of a burst run. */
    private int meet() throws InterruptedException {
        together.countDown();
        together.await();
        return 0;
    }

    RunnerPool pool() {
        return fixture.runner.pool();
    }

    PoolCounters counters() {
        return pool().counters();
    }

    /** A task that is called by bursts, its code in the store. */
    Task task() throws Exception {
        return fixture.held("together", RunnerFixture.LIMITS.withMemory(SMALL));
    }

    /** So many calls at once; what each of them found. */
    List<StartKind> burst(Task task, int calls) throws Exception {
        together = new CountDownLatch(calls);
        List<End> ends = new ArrayList<>();
        for (int i = 0; i < calls; i++) {
            ends.add(new End());
            fixture.enqueue(task, ends.getLast());
        }
        List<StartKind> starts = new ArrayList<>();
        for (End end : ends) {
            Outcome outcome = end.await();
            assertInstanceOf(Outcome.Completed.class, outcome);
            starts.add(outcome.usage().start());
        }
        settle();
        return starts;
    }

    /** Lets time pass, and what is due be done. */
    void pass(long ms) {
        time.pass(fixture.runner, ms);
    }

    void advanceTo(long atMs) {
        pass(atMs - time.nowMs());
    }

    /** Does what is due now, to its end. */
    void settle() {
        MovedTime.settle(fixture.runner);
    }

    /** Bursts of so many calls, the first of them now, and a period after the last. */
    void bursts(Task task, int calls, int times, long periodMs) throws Exception {
        for (int i = 0; i < times; i++) {
            long nextMs = time.nowMs() + periodMs;
            burst(task, calls);
            advanceTo(nextMs);
        }
    }

    int idle() {
        return pool().warm().idleIsolates();
    }

    /** Isolates of this task's program that were made for calls that have not come. */
    List<PooledIsolate> prepared(Task task) {
        return pool().warm().ready(task).stream()
                .flatMap(program -> program.idle().stream())
                .filter(isolate -> isolate.state() == IsolateState.PREPARED)
                .toList();
    }

    TaskDemand demand(Task task) {
        return pool().demands().of(task.ref()).orElseThrow();
    }

    @Override
    public void close() {
        fixture.close();
    }
}
