package io.runnel.exec.forecast;

import java.util.Arrays;

/** What a search for periods looks at: the starts of bursts, oldest first. Never changed. */
final class EventSeries {
    private final long[] timesMs;
    private final int[] peaks;
    private final int size;
    private final double resolutionMs;
    private final long deadMs;
    private final int leastPeak;

    /**
     * Keeps the arrays.
     *
     * @param timesMs when each began, ascending
     * @param peaks the most calls that ran at once in each
     * @param size how many of the arrays' places count
     * @param resolutionMs how exact the times are
     * @param deadMs the least time between two of them, which follows from how they were found
     * @param leastPeak the least peak of one that was taken up
     */
    EventSeries(
            long[] timesMs,
            int[] peaks,
            int size,
            double resolutionMs,
            long deadMs,
            int leastPeak) {
        this.timesMs = timesMs;
        this.peaks = peaks;
        this.size = size;
        this.resolutionMs = resolutionMs;
        this.deadMs = deadMs;
        this.leastPeak = leastPeak;
    }

    int size() {
        return size;
    }

    long timeMs(int index) {
        return timesMs[index];
    }

    int peak(int index) {
        return peaks[index];
    }

    double resolutionMs() {
        return resolutionMs;
    }

    long deadMs() {
        return deadMs;
    }

    int leastPeak() {
        return leastPeak;
    }

    /** The last {@code count} times. */
    long[] lastTimes(int count) {
        return Arrays.copyOfRange(timesMs, size - count, size);
    }

    /** What is not marked in {@code taken}. */
    EventSeries without(boolean[] taken) {
        long[] restTimes = new long[size];
        int[] restPeaks = new int[size];
        int rest = 0;
        for (int i = 0; i < size; i++) {
            if (!taken[i]) {
                restTimes[rest] = timesMs[i];
                restPeaks[rest++] = peaks[i];
            }
        }
        return new EventSeries(restTimes, restPeaks, rest, resolutionMs, deadMs, leastPeak);
    }
}
