package io.runnel.routing.placement.simulation;

/** The slots of a POP, each with when it will be free. For one thread. */
final class Slots {
    private final double[] freeAt = new double[SimSettings.SLOTS];

    int free(double now) {
        int free = 0;
        for (double each : freeAt) {
            free += each <= now ? 1 : 0;
        }
        return free;
    }

    double waitNanos(double now) {
        return Math.max(0, freeAt[first()] - now);
    }

    /** Takes the slot that is free first; how long the call waits for it. */
    double take(double now, double runNanos) {
        int first = first();
        double wait = Math.max(0, freeAt[first] - now);
        freeAt[first] = now + wait + runNanos;
        return wait;
    }

    private int first() {
        int first = 0;
        for (int i = 1; i < freeAt.length; i++) {
            first = freeAt[i] < freeAt[first] ? i : first;
        }
        return first;
    }
}
