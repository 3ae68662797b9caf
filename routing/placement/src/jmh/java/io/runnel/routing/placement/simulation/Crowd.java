package io.runnel.routing.placement.simulation;

import java.util.SplittableRandom;

/**
 * Which tasks the users of a POP call, and how that drifts. Half of the calls go by what is popular
 * everywhere, three tenths by what is popular around a region, two tenths by what is popular at
 * this POP alone, each by Zipf's law. Each rank goes to another task once a day, at an hour of its
 * own; and each task is called nine times as often at its best hour of the day as at its worst.
 * Immutable.
 */
final class Crowd {
    /** Of all calls: everywhere, around the region, at the POP. */
    static final double[] SHARES = {0.5, 0.3, 0.2};

    private static final double[] BY_HOUR = byHour();
    private static final long DAY = 24 * SimSettings.HOUR;

    private final int tasks;
    private final Zipf zipf;
    private final long[] places = new long[SHARES.length];
    private final int hoursAhead;

    Crowd(SimSettings settings, Zipf zipf, int pop, int region, int hoursAhead) {
        this.tasks = settings.tasks();
        this.zipf = zipf;
        this.hoursAhead = hoursAhead;
        places[0] = Hashing.mix(settings.seed() * 47);
        places[1] = Hashing.mix(settings.seed() * 53 + region);
        places[2] = Hashing.mix(settings.seed() * 59 + pop);
    }

    private static double[] byHour() {
        double[] byHour = new double[24];
        for (int i = 0; i < 24; i++) {
            byHour[i] = (1 + 0.8 * Math.cos(2 * Math.PI * i / 24)) / 1.8;
        }
        return byHour;
    }

    int draw(SplittableRandom random, long nowNanos) {
        int hour = (int) (nowNanos / SimSettings.HOUR);
        while (true) {
            double which = random.nextDouble();
            int group = which < SHARES[0] ? 0 : which < SHARES[0] + SHARES[1] ? 1 : 2;
            int task = task(group, zipf.draw(random), nowNanos);
            if (random.nextDouble() < atHour(task, hour)) {
                return task;
            }
        }
    }

    /** Who has a rank at a time. */
    int task(int group, int rank, long nowNanos) {
        long slot = Hashing.mix(places[group] + rank);
        long day = (nowNanos + turn(slot)) / DAY;
        return Hashing.below(Hashing.mix(slot + 1 + day), tasks);
    }

    /** How much before midnight the rank goes to another task. */
    private static long turn(long slot) {
        return Math.unsignedMultiplyHigh(slot, DAY);
    }

    /** How many calls it gets in an hour beside its best one. */
    private double atHour(int task, int hour) {
        int best = Hashing.below(Hashing.mix(task * 61L), 24);
        return BY_HOUR[Math.floorMod(hour + hoursAhead - best, 24)];
    }

    /** What part of the hour that begins passes until the rank changes; 1 if it does not. */
    double until(int group, int rank, int hour) {
        long slot = Hashing.mix(places[group] + rank);
        long into = Math.floorMod(hour * SimSettings.HOUR + turn(slot), DAY);
        return Math.min(1, (double) (DAY - into) / SimSettings.HOUR);
    }

    /** Calls of a task in an hour for its having this rank all that time, in proportion. */
    double calls(int group, int rank, int task, int hour) {
        return SHARES[group] * zipf.weight(rank) * atHour(task, hour);
    }
}
