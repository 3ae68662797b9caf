package io.runnel.exec.isolate;

import java.util.List;

/**
 * How long one part of starts took, in nanoseconds.
 *
 * @param count how often it was measured since the node began
 * @param p50 half of them took at most this
 * @param bins how often it took how long, by octaves: those that are not empty, the shortest first
 */
public record PhaseReport(long count, long p50, long p90, long p99, long most, List<Bin> bins) {
    public PhaseReport {
        bins = List.copyOf(bins);
    }

    /**
     * What took less than this, and not less than the bin before it says.
     *
     * @param belowNanos a power of two
     */
    public record Bin(long belowNanos, long count) {}
}
