package io.runnel.exec.forecast;

import java.time.Duration;

/**
 * The limits and margins of forecasts. All times in milliseconds.
 *
 * @param leastGapMs calls that are nearer to each other are always one burst
 * @param leastPeriodMs the shortest period that is looked for: demand that returns faster is simply
 *     kept warm
 * @param mostPeriodMs the longest period that is looked for
 * @param marginMs how much earlier than its measured start time needs a start is made
 * @param unmeasuredStartMs how long a start takes, until one was measured
 * @param keepAliveMs how long an idle isolate is kept while nothing is known about its task, and at
 *     most when something is
 * @param slackMs how much earlier than needed a start may be made, so that not all are made at once
 * @param mostHeld the most isolates that are held for one task's forecasts
 */
public record ForecastSettings(
        long leastGapMs,
        long leastPeriodMs,
        long mostPeriodMs,
        long marginMs,
        long unmeasuredStartMs,
        long keepAliveMs,
        long slackMs,
        int mostHeld) {

    /** Periods from 10 seconds to 15 days, a keep-alive of 10 minutes. */
    public static final ForecastSettings DEFAULT =
            new ForecastSettings(
                    1_000,
                    10_000,
                    Duration.ofDays(15).toMillis(),
                    1_000,
                    500,
                    Duration.ofMinutes(10).toMillis(),
                    30_000,
                    64);

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if one is not positive, or the shortest period is shorter
     *     than four gaps or longer than the longest
     */
    public ForecastSettings {
        requirePositive("leastGapMs", leastGapMs);
        requirePositive("leastPeriodMs", leastPeriodMs);
        requirePositive("marginMs", marginMs);
        requirePositive("unmeasuredStartMs", unmeasuredStartMs);
        requirePositive("keepAliveMs", keepAliveMs);
        requirePositive("slackMs", slackMs);
        requirePositive("mostHeld", mostHeld);
        if (leastPeriodMs < 4 * leastGapMs || leastPeriodMs > mostPeriodMs) {
            throw new IllegalArgumentException(
                    "leastPeriodMs must be from 4 leastGapMs (%d) to mostPeriodMs (%d): %d"
                            .formatted(4 * leastGapMs, mostPeriodMs, leastPeriodMs));
        }
    }

    /** The same, but not more isolates than this for one task. */
    public ForecastSettings withMostHeld(int most) {
        return new ForecastSettings(
                leastGapMs,
                leastPeriodMs,
                mostPeriodMs,
                marginMs,
                unmeasuredStartMs,
                keepAliveMs,
                slackMs,
                Math.min(mostHeld, most));
    }

    private static void requirePositive(String name, long value) {
        if (value <= 0) {
            throw new IllegalArgumentException("%s must be positive: %d".formatted(name, value));
        }
    }
}
