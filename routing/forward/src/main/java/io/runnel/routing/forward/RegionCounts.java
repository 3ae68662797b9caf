package io.runnel.routing.forward;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** What came of the calls to one region, counted from the start. Safe for any thread. */
final class RegionCounts {
    private final LongAdder sent = new LongAdder();
    private final LongAdder answered = new LongAdder();
    private final LongAdder hedges = new LongAdder();
    private final LongAdder hedgesWon = new LongAdder();
    private final Map<AttemptFailure, LongAdder> failed = new EnumMap<>(AttemptFailure.class);

    RegionCounts() {
        for (AttemptFailure failure : AttemptFailure.values()) {
            failed.put(failure, new LongAdder());
        }
    }

    void sent() {
        sent.increment();
    }

    void answered() {
        answered.increment();
    }

    void hedged() {
        hedges.increment();
    }

    void hedgeWon() {
        hedgesWon.increment();
    }

    void failed(AttemptFailure failure) {
        failed.get(failure).increment();
    }

    ForwardReport.Region report(RegionCell cell) {
        Map<AttemptFailure, Long> failures = new EnumMap<>(AttemptFailure.class);
        failed.forEach((failure, count) -> failures.put(failure, count.sum()));
        return new ForwardReport.Region(
                cell.region(),
                cell.state(),
                cell.breaker().changes(),
                sent.sum(),
                answered.sum(),
                failures,
                hedges.sum(),
                hedgesWon.sum());
    }
}
