package io.runnel.exec.isolate;

import io.runnel.exec.task.CodeDigest;
import io.runnel.exec.task.RuntimeKind;
import io.runnel.exec.task.Task;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * What a runner has ready besides its slots: open programs with their isolates, and what is known
 * of the demand for them; wired, started and ended together. Safe for any thread; none of its
 * methods blocks, but {@link #close}.
 */
final class RunnerPool implements AutoCloseable {
    private static final long SEED = 10_042_660L;

    private final Clocks clocks;
    private final PoolCounters counters = new PoolCounters();
    private final Background searcher = new Background("period-search");
    private final DemandBook demands;
    private final WarmPool warm;
    private final ProgramLoader loader;
    private final IsolateSupply isolates;
    private final Preparer preparer;
    private final PoolKeeper keeper;
    private final PoolReporter reporter;

    /**
     * A pool that is empty.
     *
     * @param budget what it may keep
     * @param queues its own
     */
    RunnerPool(
            PoolBudget budget,
            PoolSettings settings,
            Map<RuntimeKind, TaskRuntime> runtimes,
            CodeStore codes,
            CodeSupply supply,
            CompileQueues queues,
            Clocks clocks) {
        this.clocks = clocks;
        this.demands =
                new DemandBook(
                        settings.mostTasks(), settings.forecast(), clocks.millis(), searcher, SEED);
        this.warm = new WarmPool(budget);
        this.loader =
                new ProgramLoader(runtimes, codes, queues, clocks, warm, counters, this::opened);
        this.isolates = new IsolateSupply(warm, loader, clocks, counters, settings.kept());
        this.reporter = new PoolReporter(demands, warm, counters, clocks, loader::rejection);
        this.preparer = new Preparer(codes, supply, loader, warm, clocks, counters);
        this.keeper =
                new PoolKeeper(
                        demands,
                        new PoolPlanner(
                                demands,
                                warm,
                                preparer,
                                loader,
                                supply,
                                settings.forecast().keepAliveMs(),
                                clocks));
    }

    private void opened(Task task, long nanos) {
        demands.of(task.ref())
                .ifPresent(demand -> demand.started(TimeUnit.NANOSECONDS.toMillis(nanos)));
    }

    void start() {
        keeper.start();
    }

    boolean has(RuntimeKind runtime) {
        return loader.has(runtime);
    }

    boolean isReady(Task task) {
        return warm.ready(task).isPresent();
    }

    /** Opens the task's program, if it is not; says on any thread how it went. */
    void prepare(Task task, Runnable ready, Consumer<Throwable> failed) {
        loader.prepare(
                task,
                program -> {
                    program.touch(clocks.millis().getAsLong());
                    ready.run();
                },
                failed);
    }

    /** Has code brought that calls wait for. */
    CompletableFuture<Void> bring(CodeBringer bringer, CodeDigest digest) {
        return loader.bring(bringer, digest);
    }

    /** A call of the task came; what is to be told of its end. */
    Optional<TaskDemand> arrived(Task task) {
        return demands.arrived(task);
    }

    IsolateSupply isolates() {
        return isolates;
    }

    /** What is open. */
    WarmPool warm() {
        return warm;
    }

    DemandBook demands() {
        return demands;
    }

    PoolCounters counters() {
        return counters;
    }

    PoolReporter reporter() {
        return reporter;
    }

    /** Does what is due; the keeper does so by itself, by the time of day. */
    void tend() {
        keeper.tend();
    }

    /** Whether nothing that was due is still being done. */
    boolean isQuiet() {
        return preparer.isQuiet() && searcher.isQuiet();
    }

    /** What has deadlines in it. */
    List<Expiring> queues() {
        return loader.queues();
    }

    /** Opens and compiles nothing more. */
    void stopLoading() {
        loader.close();
    }

    @Override
    public void close() {
        stopLoading();
        keeper.close();
        searcher.close();
        warm.clear();
        loader.closeRuntimes();
    }
}
