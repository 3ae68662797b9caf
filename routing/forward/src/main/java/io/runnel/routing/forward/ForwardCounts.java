package io.runnel.routing.forward;

import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/** What a POP's forwarding did, of all event loops together. Safe for any thread. */
final class ForwardCounts {
    private final LongAdder calls = new LongAdder();
    private final LongAdder retries = new LongAdder();
    private final LongAdder withoutBudget = new LongAdder();
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

    ForwardReport report(RetryBudget budget, List<RegionCell> cells) {
        long firsts = calls.sum();
        long more = retries.sum();
        return new ForwardReport(
                firsts,
                firsts + more,
                more,
                withoutBudget.sum(),
                budget.left(),
                inFlight(),
                cells.stream().map(cell -> cell.counts().report(cell)).toList());
    }
}
