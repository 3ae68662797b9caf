package io.runnel.routing.placement.simulation;

import io.runnel.routing.placement.PlacedReason;

import java.util.EnumMap;
import java.util.Map;

/** What was counted. For one thread at a time. */
final class Tally {
    final long[] calls = new long[24];
    final long[] hits = new long[24];
    final long[] oracleHits = new long[24];
    final Latencies placed = new Latencies();
    final Latencies alwaysRegion = new Latencies();
    final Latencies alwaysPop = new Latencies();
    final Map<PlacedReason, Long> reasons = new EnumMap<>(PlacedReason.class);
    long all;
    long here;
    long refused;

    /** Of some decisions, for how long they took in real time. */
    final Latencies decisions = new Latencies();

    /** A call that may be a hit: of a task that is not better run in a region. */
    void mayHit(int hour, boolean hit, boolean oracleHit) {
        calls[hour % 24]++;
        hits[hour % 24] += hit ? 1 : 0;
        oracleHits[hour % 24] += oracleHit ? 1 : 0;
    }

    void add(Tally other) {
        for (int i = 0; i < calls.length; i++) {
            calls[i] += other.calls[i];
            hits[i] += other.hits[i];
            oracleHits[i] += other.oracleHits[i];
        }
        placed.add(other.placed);
        alwaysRegion.add(other.alwaysRegion);
        alwaysPop.add(other.alwaysPop);
        other.reasons.forEach((reason, count) -> reasons.merge(reason, count, Long::sum));
        all += other.all;
        here += other.here;
        refused += other.refused;
        decisions.add(other.decisions);
    }

    /** In percent, from this hour on. */
    double hitRate(int fromHour) {
        return percent(hits, fromHour);
    }

    double oracleHitRate(int fromHour) {
        return percent(oracleHits, fromHour);
    }

    private double percent(long[] part, int fromHour) {
        long some = 0;
        long whole = 0;
        for (int i = fromHour; i < calls.length; i++) {
            some += part[i];
            whole += calls[i];
        }
        return 100.0 * some / whole;
    }
}
