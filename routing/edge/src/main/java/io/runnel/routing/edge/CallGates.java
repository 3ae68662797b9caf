package io.runnel.routing.edge;

import io.runnel.exec.isolate.TaskRunner;
import io.runnel.routing.cache.HttpCache;
import io.runnel.routing.catalog.CatalogHolder;

import java.time.InstantSource;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** What calls pass that users may make, before a node takes them. */
public final class CallGates {
    /** Of what a node's process has. */
    private static final int CACHE_PART = 16;

    private static final long MOST_CACHE_BYTES = 256L * 1024 * 1024;
    private static final long MOST_ANSWER_BYTES = 1024L * 1024;

    private CallGates() {}

    /**
     * What a node keeps of answers.
     *
     * @param heapBytes that its process may have
     */
    public static HttpCache cache(long heapBytes) {
        long bytes = Math.min(MOST_CACHE_BYTES, heapBytes / CACHE_PART);
        return new HttpCache(bytes, Math.min(MOST_ANSWER_BYTES, bytes / CACHE_PART));
    }

    /**
     * The gates of a node: what routes of APIs ask and what is kept of their answers, how fast
     * grants let calls come, how many of a task there may be at once, what accounts' quotas leave,
     * and what of each source a busy node takes.
     *
     * @param seed by which sources are told apart, which nobody outside may know
     * @param workers where what takes long is checked
     * @param cache what is kept of answers
     * @param next takes the calls that pass
     */
    public static Consumer<EdgeCall> of(
            CatalogHolder catalog,
            TaskRunner runner,
            long seed,
            InstantSource clock,
            LongSupplier nanoClock,
            Executor workers,
            HttpCache cache,
            Consumer<EdgeCall> next) {
        SourceGate sources = new SourceGate(runner, seed, nanoClock, next);
        QuotaGate quotas = new QuotaGate(catalog, clock, nanoClock, sources);
        TaskGate tasks = new TaskGate(quotas);
        GrantGate grants = new GrantGate(nanoClock, tasks);
        return new ApiGate(nanoClock, workers, new ApiCache(cache, clock), grants);
    }
}
