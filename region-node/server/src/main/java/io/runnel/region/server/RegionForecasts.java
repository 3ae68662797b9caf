package io.runnel.region.server;

import io.runnel.cluster.hazelcast.RegionCluster;
import io.runnel.exec.isolate.CodeBringer;
import io.runnel.exec.isolate.CodeSupply;
import io.runnel.exec.isolate.ExpectedBurst;
import io.runnel.exec.isolate.ExpectedCalls;
import io.runnel.exec.isolate.TaskReport;
import io.runnel.exec.isolate.TaskRunner;
import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.CodeDigest;
import io.runnel.exec.task.NodeName;
import io.runnel.exec.task.Task;
import io.runnel.exec.task.TaskRef;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * That of all nodes of a region one at a time prepares for what is expected of a task (US10042660):
 * each tells the others which bursts it expects, and {@link PlanCarriers} says who carries that
 * out. Safe for any thread.
 */
final class RegionForecasts implements CodeSupply {
    /** So long what a node said last can be read, also by one that starts later. */
    private static final Duration NOTES_LIFE = Duration.ofHours(1);

    private final PlanCarriers carriers;
    private final BurstBoard board;
    private final Function<TaskRef, Optional<Task>> live;
    private final CodeBringer bringer;
    private final ToDoubleFunction<AccountId> warmShares;
    private final InstantSource clock;
    private volatile Optional<Calls> calls = Optional.empty();

    /** What came to this node. */
    interface Calls {
        /** Bursts that are expected by that, so many at most. */
        List<ExpectedBurst> expected(int most);

        /** When a call came last, by the wall clock; 0 for never. */
        long lastMs(TaskRef task);

        /** Those of a runner. */
        static Calls of(TaskRunner runner, InstantSource clock) {
            return new Calls() {
                @Override
                public List<ExpectedBurst> expected(int most) {
                    return runner.expectedBursts(most);
                }

                @Override
                public long lastMs(TaskRef task) {
                    return runner.report(task)
                            .filter(report -> report.calls() > 0)
                            .map(TaskReport::lastCallMs)
                            .map(agoMs -> clock.millis() - agoMs)
                            .orElse(0L);
                }
            };
        }
    }

    /**
     * Of a node.
     *
     * @param mates the region's other nodes
     * @param live the version that a call of a task would run
     * @param warmShares see {@link CodeSupply#warmShare}
     */
    RegionForecasts(
            Set<NodeName> mates,
            int slots,
            PlanCarriers carriers,
            Function<TaskRef, Optional<Task>> live,
            CodeBringer bringer,
            ToDoubleFunction<AccountId> warmShares,
            InstantSource clock) {
        this.carriers = carriers;
        this.live = live;
        this.bringer = bringer;
        this.warmShares = warmShares;
        this.clock = clock;
        this.board =
                new BurstBoard(
                        mates,
                        slots,
                        carriers::fallsHere,
                        live,
                        task -> calls.map(own -> own.lastMs(task)).orElse(0L),
                        clock::millis);
    }

    /** From now on it knows what came here. */
    void of(Calls own) {
        calls = Optional.of(own);
    }

    /** Reads who carries plans out; every second. Never blocks. */
    void look() {
        var unused = carriers.look();
    }

    /** Tells the others what is expected here, and reads what they do. Waits for the cluster. */
    void exchange(RegionCluster cluster) {
        long nowMs = clock.millis();
        List<BurstNote> notes =
                calls.map(own -> own.expected(BurstNote.MOST)).orElse(List.of()).stream()
                        .map(burst -> BurstNote.of(burst, nowMs))
                        .toList();
        board.heard(cluster.exchangeNotes(new BurstNote.Said(nowMs, notes).format(), NOTES_LIFE));
    }

    @Override
    public Optional<Task> live(Task called) {
        return live.apply(called.ref());
    }

    @Override
    public boolean prepares(TaskRef task) {
        return carriers.fallsHere(task);
    }

    @Override
    public List<ExpectedCalls> expected() {
        return board.expected();
    }

    @Override
    public double warmShare(AccountId account) {
        return warmShares.applyAsDouble(account);
    }

    @Override
    public CompletionStage<Void> bring(CodeDigest digest) {
        return bringer.bring(digest);
    }
}
