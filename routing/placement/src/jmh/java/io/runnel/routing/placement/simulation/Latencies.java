package io.runnel.routing.placement.simulation;

/** How long calls took: mean, and percentiles to a hundredth. For one thread. */
final class Latencies {
    private static final int CLASS_SHIFT = 17;

    private final long[] counts = new long[1 << (31 - CLASS_SHIFT)];
    private long count;
    private double sum;

    void add(double nanos) {
        counts[Float.floatToRawIntBits((float) nanos) >>> CLASS_SHIFT]++;
        count++;
        sum += nanos;
    }

    void add(Latencies other) {
        for (int i = 0; i < counts.length; i++) {
            counts[i] += other.counts[i];
        }
        count += other.count;
        sum += other.sum;
    }

    double meanMillis() {
        return sum / count / 1e6;
    }

    double percentileMillis(double percent) {
        long left = (long) Math.ceil(count * percent / 100);
        int i = -1;
        while (left > 0) {
            i++;
            left -= counts[i];
        }
        return Float.intBitsToFloat(((i << 1) + 1) << (CLASS_SHIFT - 1)) / 1e6;
    }
}
