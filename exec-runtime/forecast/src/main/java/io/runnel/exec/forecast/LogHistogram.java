package io.runnel.exec.forecast;

/**
 * Counts of durations, in bins that are a quarter of an octave wide, with one byte each. When one
 * is full all are halved, so that what was counted last weighs most. Not thread-safe.
 */
final class LogHistogram {
    private static final int QUARTERS = 4;
    private static final int FULL = 255;

    private static final byte[] NONE = {};

    private final short bins;
    private byte[] counts = NONE;
    private int total;

    /**
     * Nothing counted.
     *
     * @param mostMs what is longer is counted with it
     */
    LogHistogram(long mostMs) {
        this.bins = (short) (bin(mostMs) + 1);
    }

    void record(long durationMs) {
        if (counts.length == 0) {
            counts = new byte[bins];
        }
        int bin = Math.min(bin(Math.max(0, durationMs)), bins - 1);
        counts[bin]++;
        total++;
        if (Byte.toUnsignedInt(counts[bin]) == FULL) {
            halve();
        }
    }

    private void halve() {
        total = 0;
        for (int i = 0; i < counts.length; i++) {
            counts[i] = (byte) (Byte.toUnsignedInt(counts[i]) / 2);
            total += counts[i];
        }
    }

    int total() {
        return total;
    }

    /** The share that is at most so long, with all of the bin in which that lies. */
    double shareUpTo(long durationMs) {
        int end = Math.min(bin(durationMs), counts.length - 1);
        int sum = 0;
        for (int i = 0; i <= end; i++) {
            sum += Byte.toUnsignedInt(counts[i]);
        }
        return total == 0 ? 0 : (double) sum / total;
    }

    /** The end of the bin that a share of all does not pass; a share is above 0 and at most 1. */
    long endOfMs(double share) {
        return startMs(binOf(share) + 1);
    }

    /** The start of that bin. */
    long startOfMs(double share) {
        return startMs(binOf(share));
    }

    private int binOf(double share) {
        double wanted = share * total;
        int sum = 0;
        for (int i = 0; i < counts.length; i++) {
            sum += Byte.toUnsignedInt(counts[i]);
            if (sum >= wanted) {
                return i;
            }
        }
        return counts.length - 1;
    }

    private static int bin(long value) {
        if (value < QUARTERS) {
            return (int) value;
        }
        int octave = 63 - Long.numberOfLeadingZeros(value);
        return (octave - 1) * QUARTERS + (int) ((value >> (octave - 2)) & (QUARTERS - 1));
    }

    private static long startMs(int bin) {
        if (bin < QUARTERS) {
            return bin;
        }
        int octave = bin / QUARTERS + 1;
        return (long) (QUARTERS + bin % QUARTERS) << (octave - 2);
    }
}
