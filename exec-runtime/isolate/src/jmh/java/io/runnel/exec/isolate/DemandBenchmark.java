package io.runnel.exec.isolate;

import io.runnel.exec.forecast.ForecastSettings;
import io.runnel.exec.task.Limits;
import io.runnel.exec.task.RuntimeKind;
import io.runnel.exec.task.Task;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

import java.util.concurrent.TimeUnit;

/** What it costs to tell of a call and of its end: less than 2 µs, whatever comes. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Threads(2)
public class DemandBenchmark {
    private static final int MOST = 8_192;

    /** Tasks that are called in turn; of the most, hardly one is ever known. */
    @Param({"1", "1000", "200000"})
    public int tasks;

    private DemandBook book;
    private Task[] all;

    /** Makes the tasks. */
    @Setup
    public void make() {
        book =
                new DemandBook(
                        MOST,
                        ForecastSettings.DEFAULT,
                        () -> System.nanoTime() / 1_000_000,
                        search -> {},
                        1);
        all = new Task[tasks];
        byte[] code = FakeRuntime.code("HELLO");
        for (int i = 0; i < tasks; i++) {
            all[i] = Contracts.task(RuntimeKind.WASM, "task-" + i, code, Limits.DEFAULT);
        }
    }

    /** As the keeper does it, each second. */
    @Setup(Level.Iteration)
    public void tend() {
        book.tend();
    }

    /** Where one thread is in the tasks. */
    @State(Scope.Thread)
    public static class Cursor {
        private int next;

        Task next(Task[] all) {
            next = (next + 7919) % all.length;
            return all[next];
        }
    }

    /** One call. */
    @Benchmark
    public void arrivedAndEnded(Cursor cursor) {
        book.arrived(cursor.next(all)).ifPresent(TaskDemand::ended);
    }
}
