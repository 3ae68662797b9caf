package io.runnel.exec.forecast;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.ObjLongConsumer;

/** Bursts of calls that a test makes up, and a demand that sees them. */
final class Arrivals {
    static final long START_MS = 1_767_225_600_000L;
    static final long MINUTE_MS = 60_000;
    static final long HOUR_MS = 60 * MINUTE_MS;
    static final long DAY_MS = 24 * HOUR_MS;

    private record Burst(long atMs, int calls) {}

    private final SplittableRandom random;
    private final List<Burst> bursts = new ArrayList<>();

    Arrivals(long seed) {
        this.random = new SplittableRandom(seed);
    }

    /** One burst. */
    Arrivals at(long atMs, int calls) {
        bursts.add(new Burst(atMs, calls));
        return this;
    }

    /** A burst every period from {@code fromMs} on, each late or early by a normal error. */
    Arrivals every(long periodMs, double jitterMs, long fromMs, long untilMs, int calls) {
        for (long due = fromMs; due < untilMs; due += periodMs) {
            at(Math.round(due + jitterMs * random.nextGaussian()), calls);
        }
        return this;
    }

    /** Calls with exponential gaps. */
    Arrivals random(double meanMs, long fromMs, long untilMs) {
        double at = fromMs + gap(meanMs);
        while (at < untilMs) {
            at((long) at, 1);
            at += gap(meanMs);
        }
        return this;
    }

    private double gap(double meanMs) {
        return -meanMs * Math.log1p(-random.nextDouble());
    }

    /** Shows all of it to a new demand, which searches whenever it is due. */
    Demand seen() {
        return seen(new Demand(ForecastSettings.DEFAULT, START_MS));
    }

    Demand seen(Demand demand) {
        return seen(demand, (seen, atMs) -> {});
    }

    /** Shows all; {@code look} is called after each burst. */
    Demand seen(Demand demand, ObjLongConsumer<Demand> look) {
        return recorded(
                demand,
                (seen, atMs) -> {
                    if (seen.isSearchDue(atMs)) {
                        seen.analyze(atMs, random);
                    }
                    look.accept(seen, atMs);
                });
    }

    /** Shows all, and does not search; {@code look} is called after each burst. */
    Demand recorded(Demand demand, ObjLongConsumer<Demand> look) {
        bursts.sort(Comparator.comparingLong(Burst::atMs));
        for (Burst burst : bursts) {
            for (int i = 1; i <= burst.calls(); i++) {
                demand.arrived(burst.atMs(), i);
            }
            for (int i = burst.calls() - 1; i >= 0; i--) {
                demand.ended(burst.atMs() + 50, i);
            }
            look.accept(demand, burst.atMs() + 50);
        }
        return demand;
    }

    /** When the last burst came. */
    long lastMs() {
        return bursts.stream().mapToLong(Burst::atMs).max().orElseThrow();
    }

    int size() {
        return bursts.size();
    }
}
