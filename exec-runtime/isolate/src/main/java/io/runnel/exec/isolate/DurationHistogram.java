package io.runnel.exec.isolate;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Counts of durations up to a quarter of an hour, in bins of an eighth of an octave, so that a
 * percentile is right to within 12 %. Safe for any thread; recording takes no lock.
 */
final class DurationHistogram {
    private static final int EIGHTHS = 8;
    private static final int OCTAVES = 40;

    private final AtomicLongArray counts = new AtomicLongArray(EIGHTHS * OCTAVES);
    private final AtomicLong mostNanos = new AtomicLong();

    void record(long nanos) {
        long positive = Math.max(0, nanos);
        counts.incrementAndGet(Math.min(bin(positive), counts.length() - 1));
        mostNanos.accumulateAndGet(positive, Math::max);
    }

    /** What was recorded until now; what is recorded meanwhile may be in it in part. */
    PhaseReport report() {
        long[] seen = new long[counts.length()];
        long total = 0;
        for (int i = 0; i < seen.length; i++) {
            seen[i] = counts.get(i);
            total += seen[i];
        }
        long most = mostNanos.get();
        return new PhaseReport(
                total,
                Math.min(most, percentile(seen, total, 0.5)),
                Math.min(most, percentile(seen, total, 0.9)),
                Math.min(most, percentile(seen, total, 0.99)),
                most,
                octaves(seen));
    }

    private static List<PhaseReport.Bin> octaves(long[] seen) {
        List<PhaseReport.Bin> bins = new ArrayList<>();
        for (int first = 0; first < seen.length; first += EIGHTHS) {
            long count = 0;
            for (int i = first; i < first + EIGHTHS; i++) {
                count += seen[i];
            }
            if (count > 0) {
                bins.add(new PhaseReport.Bin(endNanos(first + EIGHTHS - 1), count));
            }
        }
        return bins;
    }

    /** The end of the bin that this share of all does not pass. */
    private static long percentile(long[] seen, long total, double share) {
        long wanted = (long) Math.ceil(share * total);
        long sum = 0;
        for (int i = 0; i < seen.length; i++) {
            sum += seen[i];
            if (sum >= wanted) {
                return total == 0 ? 0 : endNanos(i);
            }
        }
        return endNanos(seen.length - 1);
    }

    private static int bin(long value) {
        if (value < EIGHTHS) {
            return (int) value;
        }
        int octave = 63 - Long.numberOfLeadingZeros(value);
        return (octave - 2) * EIGHTHS + (int) ((value >> (octave - 3)) & (EIGHTHS - 1));
    }

    private static long endNanos(int bin) {
        int next = bin + 1;
        if (next < EIGHTHS) {
            return next;
        }
        int octave = next / EIGHTHS + 2;
        return (long) (EIGHTHS + next % EIGHTHS) << (octave - 3);
    }
}
