package io.runnel.routing.edge;

import io.runnel.exec.task.Outcome;
import io.runnel.exec.task.TaskRef;
import io.runnel.routing.catalog.AliasRecord;
import io.runnel.routing.catalog.Catalog;
import io.runnel.routing.catalog.CatalogHolder;
import io.runnel.routing.catalog.Stamped;
import io.runnel.routing.placement.CanaryCall;
import io.runnel.topology.CanaryCount;
import io.runnel.topology.NodeStatus;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts how calls ended that this node ran by an alias of which some go to another version: what
 * the account's home region judges the version by. Of {@value NodeStatus#MOST_CANARIES} aliases at
 * most; the others are judged by what other nodes count. Safe for any thread; never blocks.
 */
public final class CanaryTally {
    private static final int FAILURE = 500;

    private final CatalogHolder catalog;
    private final Map<Key, Cell> cells = new ConcurrentHashMap<>();

    /** Nothing was counted yet. */
    public CanaryTally(CatalogHolder catalog) {
        this.catalog = catalog;
    }

    private record Key(TaskRef task, String alias, long seq) {}

    private static final class Cell {
        private final LongAdder calls = new LongAdder();
        private final LongAdder failed = new LongAdder();
        private final LongAdder canaryCalls = new LongAdder();
        private final LongAdder canaryFailed = new LongAdder();

        void add(boolean canary, boolean fails) {
            // Calls first: who reads meanwhile never sees more failures than calls.
            (canary ? canaryCalls : calls).increment();
            if (fails) {
                (canary ? canaryFailed : failed).increment();
            }
        }

        CanaryCount count(Key key) {
            long someFailed = failed.sum();
            long someCanaryFailed = canaryFailed.sum();
            return new CanaryCount(
                    key.task(),
                    key.alias(),
                    key.seq(),
                    calls.sum(),
                    someFailed,
                    canaryCalls.sum(),
                    someCanaryFailed);
        }
    }

    /**
     * A call's guest has ended, or was ended.
     *
     * @param status what the answer says
     */
    void ran(TaskRef task, CanaryCall call, Outcome outcome, int status) {
        if (outcome instanceof Outcome.Cancelled
                || outcome instanceof Outcome.Moved
                || outcome instanceof Outcome.Refused) {
            return;
        }
        Key key = new Key(task, call.alias(), call.seq());
        Cell cell = cells.get(key);
        if (cell == null) {
            cell = begun(key);
        }
        if (cell != null) {
            boolean fails = !(outcome instanceof Outcome.Completed) || status >= FAILURE;
            cell.add(call.canary(), fails);
        }
    }

    /** Empty where there are as many as may be. */
    private Cell begun(Key key) {
        if (cells.size() >= NodeStatus.MOST_CANARIES) {
            Catalog now = catalog.current();
            cells.keySet().removeIf(other -> canary(now, other).isEmpty());
        }
        return cells.size() < NodeStatus.MOST_CANARIES
                ? cells.computeIfAbsent(key, k -> new Cell())
                : null;
    }

    /** What was counted of the aliases that still are as they were then. */
    public List<CanaryCount> counts() {
        if (cells.isEmpty()) {
            return List.of();
        }
        Catalog now = catalog.current();
        return cells.entrySet().stream()
                .filter(cell -> canary(now, cell.getKey()).isPresent())
                .limit(NodeStatus.MOST_CANARIES)
                .map(cell -> cell.getValue().count(cell.getKey()))
                .toList();
    }

    /** What was counted of one alias as it is now. */
    public Optional<CanaryCount> count(Stamped<AliasRecord> alias) {
        Key key = new Key(alias.value().task(), alias.value().name(), alias.seq());
        return Optional.ofNullable(cells.get(key)).map(cell -> cell.count(key));
    }

    private static Optional<Stamped<AliasRecord>> canary(Catalog now, Key key) {
        return now.alias(key.task(), key.alias())
                .filter(alias -> alias.seq() == key.seq())
                .filter(alias -> alias.value().canary().isPresent());
    }
}
