package io.runnel.exec.isolate;

import io.runnel.exec.task.ByteSize;
import io.runnel.exec.task.Limits;
import io.runnel.exec.task.Outcome;
import io.runnel.exec.task.RuntimeKind;
import io.runnel.exec.task.Task;
import io.runnel.exec.task.Usage;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** What a warm call costs beside its guest: what the pool does for it, and all of it. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class SlotBenchmark {
    private static final CallStreams NO_STREAMS =
            new CallStreams(InputStream.nullInputStream(), OutputSink.NOWHERE, OutputSink.NOWHERE);

    private Path folder;
    private TaskRunner runner;
    private Task task;
    private SlotThreads asleep;
    private SlotPool pool;
    private Call call;
    private Outcome outcome;

    /** A runner with eight slots, its guest ready. */
    @Setup
    public void start() throws Exception {
        folder = Files.createTempDirectory("slots");
        FakeRuntime fake = new FakeRuntime(RuntimeKind.WASM);
        CodeStore codes = new CodeStore(folder);
        codes.put(fake.define("nothing", (call, in, out, log) -> 0));
        task = fake.task("nothing", Limits.DEFAULT);
        RunnerSettings settings =
                new RunnerSettings(8, ByteSize.ofMiB(1024), 64, Duration.ofSeconds(2));
        runner = new TaskRunner(settings, List.of(fake), codes, System::nanoTime);
        runner.prepare(task).get();
        asleep = new SlotThreads(8, 0, (slot, call, last) -> {}, System::nanoTime, nanos -> {});
        outcome = new Outcome.Completed(Usage.NONE);
        pool = new SlotPool(settings, asleep, any -> Optional.empty(), System::nanoTime, () -> {});
        call =
                new Call(
                        Contracts.invocation(task),
                        NO_STREAMS,
                        end -> {},
                        Optional.empty(),
                        0,
                        Long.MAX_VALUE);
    }

    /** A slot, taken and given back. */
    @Benchmark
    public void takeAndRelease() {
        runner.tryReserve(task).ifPresent(Reservation::release);
    }

    /** All that the pool does for a call; the slots' threads do not run. */
    @Benchmark
    public void poolsPart() {
        pool.tryTake(task, task.ref().account())
                .ifPresent(
                        slot -> {
                            pool.begin(slot, call);
                            asleep.next();
                            pool.end(slot, call, outcome);
                        });
    }

    /** A whole call of a guest that does nothing, and the hop to its slot and back. */
    @Benchmark
    public Outcome call() throws InterruptedException {
        CountDownLatch ended = new CountDownLatch(1);
        Outcome[] seen = new Outcome[1];
        runner.enqueue(
                Contracts.invocation(task),
                NO_STREAMS,
                outcome -> {
                    seen[0] = outcome;
                    ended.countDown();
                });
        ended.await();
        return seen[0];
    }

    /** Ends the runner. */
    @TearDown
    public void stop() throws IOException {
        runner.close();
        try (var files = Files.walk(folder)) {
            files.sorted(java.util.Comparator.reverseOrder()).forEach(f -> f.toFile().delete());
        }
    }
}
