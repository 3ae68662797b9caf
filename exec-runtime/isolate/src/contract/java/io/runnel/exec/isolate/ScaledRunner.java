package io.runnel.exec.isolate;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A runner whose demand is told by a clock that the test moves: minutes pass in milliseconds. After
 * each step of it the pool is tended, and what that began in the background is over before the
 * next. For one thread; its runner is for any.
 */
public final class ScaledRunner implements AutoCloseable {
    private static final long STEP_MS = 100;
    private static final long MOST_NANOS = Duration.ofSeconds(20).toNanos();

    private final AtomicLong nowMs = new AtomicLong(1_000_000);
    private final TaskRunner runner;

    /** Starts the slots' threads. */
    public ScaledRunner(
            RunnerSettings settings,
            List<TaskRuntime> runtimes,
            CodeStore codes,
            CodeSupply supply) {
        runner =
                new TaskRunner(
                        settings,
                        PoolSettings.DEFAULT,
                        runtimes,
                        codes,
                        CodeBringer.NONE,
                        supply,
                        new Clocks(System::nanoTime, nowMs::get),
                        Duration.ofSeconds(20));
    }

    /** The runner. */
    public TaskRunner runner() {
        return runner;
    }

    /** What the test's clock says. */
    public long nowMs() {
        return nowMs.get();
    }

    /** Lets time pass, and what is due be done. */
    public void pass(long ms) {
        long endMs = nowMs.get() + ms;
        while (nowMs.get() < endMs) {
            nowMs.set(Math.min(endMs, nowMs.get() + STEP_MS));
            settle();
        }
    }

    /** Does what is due now, to its end. */
    public void settle() {
        runner.pool().tend();
        long endNanos = System.nanoTime() + MOST_NANOS;
        while (!runner.pool().isQuiet()) {
            if (System.nanoTime() > endNanos) {
                throw new AssertionError("the pool's background work does not end");
            }
            Thread.onSpinWait();
        }
        runner.pool().tend();
    }

    @Override
    public void close() {
        runner.close();
    }
}
