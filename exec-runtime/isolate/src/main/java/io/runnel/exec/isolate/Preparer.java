package io.runnel.exec.isolate;

import io.runnel.exec.task.Task;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Makes isolates ready for calls that are expected: has code brought, opened, compiled and
 * instantiated, in the background. What fails is counted and tried again after a while; the calls
 * then find what they would have found without a forecast. Safe for any thread.
 */
final class Preparer {
    private static final System.Logger LOG = System.getLogger(Preparer.class.getName());
    private static final long PAUSE_MS = Duration.ofSeconds(30).toMillis();

    private final CodeStore codes;
    private final CodeSupply supply;
    private final ProgramLoader loader;
    private final WarmPool pool;
    private final Clocks clocks;
    private final PoolCounters counters;

    /** Programs for which isolates are being made; bounded as the tasks are that have a demand. */
    private final Set<ProgramKey> underway = ConcurrentHashMap.newKeySet();

    Preparer(
            CodeStore codes,
            CodeSupply supply,
            ProgramLoader loader,
            WarmPool pool,
            Clocks clocks,
            PoolCounters counters) {
        this.codes = codes;
        this.supply = supply;
        this.loader = loader;
        this.pool = pool;
        this.clocks = clocks;
        this.counters = counters;
    }

    /** Makes so many isolates ready, unless some of the same program are being made. */
    void prepare(Task task, TaskDemand demand, int count) {
        ProgramKey key = ProgramKey.of(task);
        long beginMs = clocks.millis().getAsLong();
        if (!demand.mayPrepare(beginMs) || !underway.add(key)) {
            return;
        }
        var unused =
                fetched(task)
                        .thenCompose(held -> loader.prepare(task))
                        .thenCompose(program -> program.settled().thenApply(done -> program))
                        .thenCompose(program -> instantiate(program, task, count))
                        .whenComplete(
                                (made, failure) -> {
                                    over(task, demand, beginMs, failure);
                                    underway.remove(key);
                                });
    }

    /** Whether nothing is being made ready. */
    boolean isQuiet() {
        return underway.isEmpty();
    }

    private CompletableFuture<Void> fetched(Task task) {
        if (pool.ready(task).isPresent() || codes.holds(task.code())) {
            return CompletableFuture.completedFuture(null);
        }
        return loader.bring(supply, task.code());
    }

    private CompletableFuture<Integer> instantiate(OpenProgram program, Task task, int count) {
        return loader.submit(() -> instantiateNow(program, task, count), late -> {});
    }

    private int instantiateNow(OpenProgram program, Task task, int count) {
        int made = 0;
        for (int i = 0; i < count; i++) {
            var isolate = program.begin(task, clocks.millis().getAsLong());
            if (isolate.isEmpty()) {
                break;
            }
            instantiate(program, isolate.get());
            made++;
        }
        program.expectAtLeast(made);
        pool.makeRoom(clocks.millis().getAsLong());
        return made;
    }

    private void instantiate(OpenProgram program, PooledIsolate isolate) {
        long beginNanos = clocks.nanos().getAsLong();
        try {
            isolate.isolate().prepare();
        } catch (RuntimeException | Error e) {
            program.drop(isolate, ReleaseReason.FAULT);
            throw e;
        }
        long nanos = clocks.nanos().getAsLong() - beginNanos;
        program.instanceTook(nanos);
        counters.took(StartPhase.INSTANTIATE, nanos);
        program.touch(clocks.millis().getAsLong());
        isolate.prepared(clocks.millis().getAsLong());
        counters.prepared.increment();
    }

    private void over(Task task, TaskDemand demand, long beginMs, Throwable failure) {
        long nowMs = clocks.millis().getAsLong();
        if (failure == null) {
            demand.started(nowMs - beginMs);
            return;
        }
        counters.failedPrepares.increment();
        demand.prepareNotBefore(nowMs + PAUSE_MS);
        LOG.log(
                Level.INFO,
                "{0} is expected but cannot be made ready here: {1}",
                task.ref(),
                ProgramLoader.causeOf(failure).getMessage());
    }
}
