package io.runnel.exec.forecast;

/** A plan while it is made. Not thread-safe. */
final class PlanDraft {
    private int held;
    private long nextMs = Long.MAX_VALUE;

    void hold(int count) {
        held += count;
    }

    void askAgainAt(long atMs) {
        nextMs = Math.min(nextMs, atMs);
    }

    Plan plan(int mostHeld, int spare, long spareMs) {
        return new Plan(Math.min(held, mostHeld), spare, spareMs, nextMs);
    }
}
