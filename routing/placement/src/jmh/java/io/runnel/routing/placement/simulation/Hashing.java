package io.runnel.routing.placement.simulation;

/** What is drawn once for all from a number: the same number, the same draw. */
final class Hashing {
    private Hashing() {}

    /** The finalizer of SplitMix64 (Steele, Lea and Flood 2014). */
    static long mix(long value) {
        long z = value + 0x9E37_79B9_7F4A_7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58_476D_1CE4_E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D0_49BB_1331_11EBL;
        return z ^ (z >>> 31);
    }

    /** From 0 up to 1. */
    static double unit(long hash) {
        return (hash >>> 11) * 0x1.0p-53;
    }

    static int below(long hash, int bound) {
        return (int) Math.unsignedMultiplyHigh(hash, bound);
    }

    /** With mean 0 and variance 1, nearly normal: a sum of twelve. */
    static double normal(long hash) {
        double sum = -6;
        long state = hash;
        for (int i = 0; i < 12; i++) {
            state = mix(state);
            sum += unit(state);
        }
        return sum;
    }
}
