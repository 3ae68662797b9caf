package io.runnel.exec.isolate;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** What a pool did since it began. Safe for any thread. */
final class PoolCounters {
    final LongAdder warmCalls = new LongAdder();
    final LongAdder coldCalls = new LongAdder();
    final LongAdder prepared = new LongAdder();
    final LongAdder usedPrepares = new LongAdder();
    final LongAdder wastedPrepares = new LongAdder();
    final LongAdder failedPrepares = new LongAdder();
    private final Map<StartPhase, DurationHistogram> phases = histograms();
    private final Map<ReleaseReason, LongAdder> isolates = adders();
    private final Map<ReleaseReason, LongAdder> programs = adders();

    private static Map<ReleaseReason, LongAdder> adders() {
        Map<ReleaseReason, LongAdder> adders = new EnumMap<>(ReleaseReason.class);
        for (ReleaseReason reason : ReleaseReason.values()) {
            adders.put(reason, new LongAdder());
        }
        return adders;
    }

    private static Map<StartPhase, DurationHistogram> histograms() {
        Map<StartPhase, DurationHistogram> histograms = new EnumMap<>(StartPhase.class);
        for (StartPhase phase : StartPhase.values()) {
            histograms.put(phase, new DurationHistogram());
        }
        return histograms;
    }

    /** A part of a start took so long. */
    void took(StartPhase phase, long nanos) {
        phases.get(phase).record(nanos);
    }

    /** An isolate was let go of. */
    void released(PooledIsolate isolate, ReleaseReason why) {
        isolates.get(why).increment();
        if (isolate.isWasted()) {
            wastedPrepares.increment();
        }
    }

    /** A program was closed. */
    void closed(ReleaseReason why) {
        programs.get(why).increment();
    }

    Map<StartPhase, PhaseReport> phases() {
        Map<StartPhase, PhaseReport> reports = new EnumMap<>(StartPhase.class);
        phases.forEach((phase, times) -> reports.put(phase, times.report()));
        return reports;
    }

    PoolReport.Counts counts() {
        return new PoolReport.Counts(
                warmCalls.sum(),
                coldCalls.sum(),
                prepared.sum(),
                usedPrepares.sum(),
                wastedPrepares.sum(),
                failedPrepares.sum(),
                releasedIsolates(),
                closedPrograms());
    }

    Map<ReleaseReason, Long> releasedIsolates() {
        return sums(isolates);
    }

    Map<ReleaseReason, Long> closedPrograms() {
        return sums(programs);
    }

    private static Map<ReleaseReason, Long> sums(Map<ReleaseReason, LongAdder> adders) {
        Map<ReleaseReason, Long> sums = new EnumMap<>(ReleaseReason.class);
        adders.forEach((reason, adder) -> sums.put(reason, adder.sum()));
        return sums;
    }
}
