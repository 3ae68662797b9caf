package io.runnel.routing.edge;

import io.runnel.exec.isolate.TaskRunner;
import io.runnel.routing.catalog.CatalogHolder;

import java.time.InstantSource;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** What calls pass that users may make, before a node takes them. */
public final class CallGates {
    private CallGates() {}

    /**
     * The gates of a node: how fast grants let calls come, how many of a task there may be at once,
     * what accounts' quotas leave, and what of each source a busy node takes.
     *
     * @param seed by which sources are told apart, which nobody outside may know
     * @param next takes the calls that pass
     */
    public static Consumer<EdgeCall> of(
            CatalogHolder catalog,
            TaskRunner runner,
            long seed,
            InstantSource clock,
            LongSupplier nanoClock,
            Consumer<EdgeCall> next) {
        SourceGate sources = new SourceGate(runner, seed, nanoClock, next);
        QuotaGate quotas = new QuotaGate(catalog, clock, nanoClock, sources);
        TaskGate tasks = new TaskGate(quotas);
        return new GrantGate(nanoClock, tasks);
    }
}
