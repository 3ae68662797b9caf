package io.runnel.exec.forecast.replay;

import io.runnel.exec.forecast.Plan;
import io.runnel.exec.forecast.StartSchedule;

/**
 * The hybrid histogram policy of Shahrad et al., "Serverless in the Wild" (USENIX ATC 2020), as a
 * measure of others: idle times of a task counted in 240 bins of a minute. If the bins differ
 * enough to say something (coefficient of variation 2 or more), a task's isolates are let go after
 * a call, made again when the 5th percentile of idle times less 10 percent has passed, and kept
 * until the 99th and 10 percent more. If not, they are kept for the 4 hours that the bins cover. If
 * most idle times are longer than that, the paper fits an ARIMA model; here the mean of the last
 * eight stands for it, with the paper's margin of 15 percent to each side.
 */
final class HybridHistogram implements TaskPolicy {
    private static final long BIN_MS = 60_000;
    private static final int BINS = 240;
    private static final double HEAD = 0.05;
    private static final double TAIL = 0.99;
    private static final double MARGIN = 0.1;
    private static final double LONG_MARGIN = 0.15;
    private static final double LEAST_VARIATION = 2;
    private static final int LAST = 8;
    private static final short[] NONE = {};

    private short[] bins = NONE;
    private int inside;
    private int outside;
    private double sumOfSquares;
    private double longMean;
    private long idleSinceMs = Long.MIN_VALUE;
    private int running;
    private int amount;
    private int peak;
    private long waitMs;
    private long keepMs = BINS * BIN_MS;

    @Override
    public void arrived(long nowMs, int nowRunning) {
        if (running == 0) {
            amount = peak;
            peak = 0;
            if (idleSinceMs != Long.MIN_VALUE) {
                record(nowMs - idleSinceMs);
                decide();
            }
        }
        peak = Math.max(peak, nowRunning);
        running = nowRunning;
    }

    @Override
    public void ended(long nowMs, int nowRunning) {
        running = nowRunning;
        idleSinceMs = nowMs;
    }

    @Override
    public void started(int tookMs) {}

    private void record(long idleMs) {
        if (idleMs >= BINS * BIN_MS) {
            outside++;
            longMean += (idleMs - longMean) / Math.min(outside, LAST);
            return;
        }
        if (bins.length == 0) {
            bins = new short[BINS];
        }
        int bin = (int) (idleMs / BIN_MS);
        if (bins[bin] < Short.MAX_VALUE) {
            sumOfSquares += 2.0 * bins[bin] + 1;
            bins[bin]++;
            inside++;
        }
    }

    private void decide() {
        if (outside * 2 > inside + outside) {
            waitMs = (long) (longMean * (1 - LONG_MARGIN));
            keepMs = (long) (longMean * (1 + LONG_MARGIN));
        } else if (variation() < LEAST_VARIATION) {
            waitMs = 0;
            keepMs = BINS * BIN_MS;
        } else {
            waitMs = (long) (binOf(HEAD) * BIN_MS * (1 - MARGIN));
            keepMs = (long) ((binOf(TAIL) + 1) * BIN_MS * (1 + MARGIN));
        }
    }

    private double variation() {
        double mean = (double) inside / BINS;
        return mean == 0 ? 0 : Math.sqrt(sumOfSquares / BINS - mean * mean) / mean;
    }

    private int binOf(double share) {
        int sum = 0;
        for (int i = 0; i < BINS; i++) {
            sum += bins[i];
            if (sum >= share * inside) {
                return i;
            }
        }
        return BINS - 1;
    }

    @Override
    public Plan plan(long nowMs, StartSchedule schedule) {
        if (waitMs == 0 || running > 0 || idleSinceMs == Long.MIN_VALUE) {
            return new Plan(0, Plan.ALL, keepMs, Long.MAX_VALUE);
        }
        long fromMs = idleSinceMs + waitMs;
        long untilMs = idleSinceMs + keepMs;
        if (nowMs < fromMs) {
            return new Plan(0, 0, 0, fromMs);
        }
        return nowMs < untilMs
                ? new Plan(Math.max(1, amount), 0, 0, untilMs)
                : new Plan(0, 0, 0, Long.MAX_VALUE);
    }
}
