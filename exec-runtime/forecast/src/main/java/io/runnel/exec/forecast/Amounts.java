package io.runnel.exec.forecast;

import java.util.Arrays;

/** How many calls ran at once in each of the last ten bursts. Not thread-safe. */
final class Amounts {
    static final int MOST = 255;
    static final int REMEMBERED = 10;
    private static final double HIGH = 0.95;

    private final byte[] amounts = new byte[REMEMBERED];
    private byte count;
    private byte next;
    private short high;

    /** A burst begins with so many. */
    void add(int amount) {
        amounts[next] = (byte) Math.min(amount, MOST);
        next = (byte) ((next + 1) % REMEMBERED);
        count = (byte) Math.min(count + 1, REMEMBERED);
        high = (short) percentile();
    }

    /** The last burst has this many by now. */
    void raise(int amount) {
        int last = (next + REMEMBERED - 1) % REMEMBERED;
        if (Math.min(amount, MOST) > Byte.toUnsignedInt(amounts[last])) {
            amounts[last] = (byte) Math.min(amount, MOST);
            high = (short) percentile();
        }
    }

    /** The 95th percentile, between two values that of both by their distance, rounded up. */
    int high() {
        return high;
    }

    private int percentile() {
        int[] all = new int[count];
        for (int i = 0; i < count; i++) {
            all[i] = Byte.toUnsignedInt(amounts[i]);
        }
        return high(all);
    }

    /** The same of any values, at least one; sorts them. */
    static int high(int[] values) {
        Arrays.sort(values);
        double place = HIGH * (values.length - 1);
        int below = (int) place;
        int above = Math.min(below + 1, values.length - 1);
        return (int) Math.ceil(values[below] + (place - below) * (values[above] - values[below]));
    }
}
