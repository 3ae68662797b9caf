package io.runnel.routing.forward;

import io.runnel.exec.task.RegionId;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** What a POP's forwarding did, of all event loops together. Safe for any thread. */
final class ForwardCounts {
    private final LongAdder calls = new LongAdder();
    private final LongAdder retries = new LongAdder();
    private final LongAdder withoutBudget = new LongAdder();
    private final LongAdder waited = new LongAdder();
    private final LongAdder inFlight = new LongAdder();

    void first() {
        calls.increment();
    }

    void retry() {
        retries.increment();
    }

    void withoutBudget() {
        withoutBudget.increment();
    }

    void waited() {
        waited.increment();
    }

    void sent() {
        inFlight.increment();
    }

    void settled() {
        inFlight.decrement();
    }

    /** Tries whose answer has not begun. */
    long inFlight() {
        return inFlight.sum();
    }

    /** A region of several nodes is told of as one. */
    private static List<ForwardReport.Region> byRegion(List<RegionCell> cells) {
        Map<RegionId, ForwardReport.Region> regions = new LinkedHashMap<>();
        for (RegionCell cell : cells) {
            regions.merge(
                    cell.region(), cell.counts().report(cell), ForwardReport.Region::together);
        }
        return List.copyOf(regions.values());
    }

    ForwardReport report(RetryBudget budget, List<RegionCell> cells) {
        long firsts = calls.sum();
        long more = retries.sum();
        return new ForwardReport(
                firsts,
                firsts + more,
                more,
                withoutBudget.sum(),
                waited.sum(),
                budget.waiting(),
                budget.left(),
                inFlight(),
                byRegion(cells));
    }
}
