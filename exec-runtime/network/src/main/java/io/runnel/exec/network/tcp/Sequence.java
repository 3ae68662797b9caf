package io.runnel.exec.network.tcp;

/** Numbers of bytes that begin anew after 2 to the 32nd. */
final class Sequence {
    private Sequence() {}

    /** How far a number is behind another; negative if it is before it. */
    static int distance(int from, int to) {
        return to - from;
    }

    static boolean isBefore(int one, int other) {
        return one - other < 0;
    }

    static boolean isAfter(int one, int other) {
        return one - other > 0;
    }
}
