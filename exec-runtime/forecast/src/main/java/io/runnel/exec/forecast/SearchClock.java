package io.runnel.exec.forecast;

/**
 * When a search for periods is worth its cost: when there are bursts that no pattern explains, the
 * more of them the more searches found nothing; sooner when the last gaps were alike, and once a
 * day. Not thread-safe.
 */
final class SearchClock {
    private static final int FEW = 16;
    private static final int MOST_WAIT = 256;
    private static final int LEAST_WAIT_ALIKE = 8;
    private static final long LONGEST_MS = 86_400_000;
    private static final int ALIKE_GAPS = 3;
    private static final double ALIKE = 0.25;
    private static final int LEAST_CALLS = 64;
    private static final long LEAST_BINS_MS = 15 * 60_000L;
    private static final long MOST_BINS_MS = 86_400_000;

    private short unexplained;
    private short wait = 1;
    private byte alike;
    private int calls;
    private long lastBurstMs = Long.MIN_VALUE;
    private long lastGapMs;
    private long lastSearchMs;
    private long lastBinsMs;
    private long binsWaitMs = LEAST_BINS_MS;

    SearchClock(long nowMs) {
        this.lastSearchMs = nowMs;
        this.lastBinsMs = nowMs;
    }

    /** A call came. */
    void called() {
        calls++;
    }

    /** A burst began that no pattern explains. */
    void unexplained(long nowMs) {
        unexplained = (short) Math.min(unexplained + 1, Short.MAX_VALUE);
        if (lastBurstMs != Long.MIN_VALUE) {
            long gap = nowMs - lastBurstMs;
            boolean isAlike = Math.abs(gap - lastGapMs) <= ALIKE * lastGapMs;
            alike = (byte) (isAlike ? Math.min(alike + 1, ALIKE_GAPS) : 0);
            lastGapMs = gap;
        }
        lastBurstMs = nowMs;
    }

    /** Whether to search the last {@code events} bursts. */
    boolean isDue(long nowMs, int events) {
        boolean isRegular =
                alike == ALIKE_GAPS && unexplained >= Math.min(LEAST_WAIT_ALIKE, wait / 4);
        boolean isLongAgo = nowMs - lastSearchMs >= LONGEST_MS;
        return events >= PeriodSearch.LEAST_EVENTS
                && unexplained > 0
                && (unexplained >= wait || isRegular || isLongAgo);
    }

    /** Whether to search the bins. */
    boolean isDueForBins(long nowMs) {
        return calls >= LEAST_CALLS && nowMs - lastBinsMs >= binsWaitMs;
    }

    void searchedBins(long nowMs) {
        lastBinsMs = nowMs;
        calls = 0;
    }

    void searched(long nowMs) {
        lastSearchMs = nowMs;
        unexplained = 0;
    }

    void foundNothing(int events) {
        wait = (short) (events <= FEW ? 1 : Math.min(MOST_WAIT, wait * 2));
        binsWaitMs = Math.min(MOST_BINS_MS, binsWaitMs * 2);
    }

    /** Something was found, or lost: what comes next may be new. */
    void changed() {
        wait = 1;
        binsWaitMs = LEAST_BINS_MS;
    }
}
