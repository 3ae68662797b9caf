package io.runnel.routing.placement;

import java.util.Arrays;

/**
 * Sums of amounts by a positive key, eight classes to each doubling of the key: to find from which
 * key on everything fits together. For one thread.
 */
final class LogSums {
    private static final int CLASS_SHIFT = 20;

    private final double[] sums = new double[1 << (31 - CLASS_SHIFT)];
    private final int[] counts = new int[sums.length];

    void clear() {
        Arrays.fill(sums, 0);
        Arrays.fill(counts, 0);
    }

    void add(double key, double amount) {
        int index = Float.floatToRawIntBits((float) key) >>> CLASS_SHIFT;
        sums[index] += amount;
        counts[index]++;
    }

    /**
     * The key from which on all fits within {@code most}; 0 if everything does. Of the class where
     * it no longer does, the part that fits, as far as one amount of it does at all.
     */
    double bar(double most) {
        double before = 0;
        int fitted = sums.length - 1;
        for (int i = sums.length - 1; i > 0; i--) {
            double left = most - before;
            if (sums[i] > left) {
                return left < sums[i] / counts[i]
                        ? floor(fitted)
                        : floor(i + 1) - left / sums[i] * (floor(i + 1) - floor(i));
            }
            before += sums[i];
            fitted = counts[i] > 0 ? i : fitted;
        }
        return 0;
    }

    /** As {@link #bar}, with all of the class where it no longer fits. */
    double lowBar(double most) {
        double before = 0;
        for (int i = sums.length - 1; i > 0; i--) {
            before += sums[i];
            if (before > most) {
                return floor(i);
            }
        }
        return 0;
    }

    private static double floor(int index) {
        return Float.intBitsToFloat(Math.min(index << CLASS_SHIFT, 0x7F7F_FFFF));
    }
}
