package io.runnel.region.server;

import io.runnel.cluster.replication.UsageSink;
import io.runnel.cluster.store.SpoolMark;
import io.runnel.cluster.store.UsageLedger;
import io.runnel.exec.task.NodeName;
import io.runnel.routing.usage.UsageBatch;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * Takes nodes' usage records into this region's ledger; puts aside what cannot be true, for an
 * operator. Safe for any thread; never blocks.
 */
final class UsageIntake implements UsageSink {
    private static final Logger LOG = System.getLogger(UsageIntake.class.getName());

    private final UsageLedger ledger;
    private final Function<NodeName, OptionalInt> slots;
    private final Budgets budgets;
    private final InstantSource clock;

    /**
     * Into this ledger.
     *
     * @param slots how many tasks a node runs at once; empty if there is no such node
     * @param budgets are told of what was kept
     */
    UsageIntake(
            UsageLedger ledger,
            Function<NodeName, OptionalInt> slots,
            Budgets budgets,
            InstantSource clock) {
        this.ledger = ledger;
        this.slots = slots;
        this.budgets = budgets;
        this.clock = clock;
    }

    @Override
    public CompletionStage<Long> take(UsageBatch batch) {
        return ledger.spool(batch.spool()).thenCompose(before -> take(batch, before));
    }

    private CompletionStage<Long> take(UsageBatch batch, Optional<SpoolMark> before) {
        Optional<String> doubt =
                UsagePlausibility.doubt(
                        batch, before, slots.apply(batch.spool().node()), clock.instant());
        if (doubt.isEmpty()) {
            return ledger.take(batch, clock.instant())
                    .whenComplete(
                            (mark, failure) -> {
                                if (failure == null) {
                                    var unused = budgets.charged(batch);
                                }
                            });
        }
        LOG.log(
                Level.ERROR,
                "usage of {0} is put aside and charged to nobody: {1}",
                batch.spool().node(),
                doubt.get());
        return ledger.quarantine(batch, doubt.get(), clock.instant()).thenApply(done -> batch.to());
    }
}
