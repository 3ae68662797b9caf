package io.runnel.routing.placement;

import io.runnel.exec.task.TaskRef;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

import java.util.Random;
import java.util.concurrent.TimeUnit;

/** Counting a call and asking whether its task is popular: less than 1 µs, whatever comes. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Threads(2)
public class PopularityBenchmark {
    /** Distinct tasks; from a million on hardly one is ever in the table. */
    @Param({"1", "1000", "1000000"})
    public int tasks;

    private Popularity popularity;
    private TaskRef[] refs;

    /** Draws the tasks. */
    @Setup
    public void draw() {
        popularity = new Popularity(System.nanoTime(), new Random(7));
        refs = new TaskRef[tasks];
        for (int i = 0; i < tasks; i++) {
            refs[i] = TaskRef.of("some-account", "some-task-" + i);
        }
    }

    /** Where one thread is in the tasks. */
    @State(Scope.Thread)
    public static class Cursor {
        private int next;

        TaskRef next(TaskRef[] refs) {
            next = (next + 7919) % refs.length;
            return refs[next];
        }
    }

    /** One call at a POP. */
    @Benchmark
    public boolean recordAndQuery(Cursor cursor) {
        TaskRef task = cursor.next(refs);
        long now = System.nanoTime();
        boolean recorded = popularity.record(task, now);
        return popularity.isPopular(task, now) == recorded;
    }
}
