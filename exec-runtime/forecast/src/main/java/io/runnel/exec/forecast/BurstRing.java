package io.runnel.exec.forecast;

import java.util.Arrays;

/** The last bursts: when each began, and the most calls that ran at once. Not thread-safe. */
final class BurstRing {
    private static final int FIRST_ROOM = 4;
    private static final int MOST_PEAK = 255;
    private static final long[] NO_STARTS = {};
    private static final byte[] NO_PEAKS = {};

    private final short room;
    private long[] startsMs = NO_STARTS;
    private byte[] peaks = NO_PEAKS;
    private short oldest;
    private short size;

    /**
     * No bursts yet.
     *
     * @param room how many are remembered; a multiple of 4 by a power of two
     */
    BurstRing(int room) {
        this.room = (short) room;
    }

    /** A burst begins. */
    void add(long startMs, int peak) {
        if (size == startsMs.length && size < room) {
            grow();
        }
        if (size == room) {
            oldest = (short) ((oldest + 1) % room);
            size--;
        }
        int place = place(size);
        startsMs[place] = startMs;
        peaks[place] = (byte) Math.min(peak, MOST_PEAK);
        size++;
    }

    /** The last burst has as many calls at once by now. */
    void raise(int peak) {
        int place = place(size - 1);
        if (Math.min(peak, MOST_PEAK) > Byte.toUnsignedInt(peaks[place])) {
            peaks[place] = (byte) Math.min(peak, MOST_PEAK);
        }
    }

    /** Only ever full before it grows, so the oldest is still at place 0. */
    private void grow() {
        int more = Math.max(FIRST_ROOM, size * 2);
        startsMs = Arrays.copyOf(startsMs, more);
        peaks = Arrays.copyOf(peaks, more);
    }

    private int place(int index) {
        return (oldest + index) % startsMs.length;
    }

    void clear() {
        oldest = 0;
        size = 0;
    }

    int size() {
        return size;
    }

    /** When the {@code index}th began; 0 is the oldest. */
    long startMs(int index) {
        return startsMs[place(index)];
    }

    int peak(int index) {
        return Byte.toUnsignedInt(peaks[place(index)]);
    }

    /** The 95th percentile of the last ten peaks; 0 if there are none. */
    int highPeak() {
        int[] last = new int[Math.min(size, Amounts.REMEMBERED)];
        for (int i = 0; i < last.length; i++) {
            last[i] = peak(size - 1 - i);
        }
        return last.length == 0 ? 0 : Amounts.high(last);
    }

    /** The middle one of the last gaps between starts, 16 at most; 0 if there are none. */
    long middleGapMs() {
        int count = Math.min(size - 1, 16);
        if (count < 1) {
            return 0;
        }
        long[] gaps = new long[count];
        for (int i = 0; i < count; i++) {
            gaps[i] = startMs(size - 1 - i) - startMs(size - 2 - i);
        }
        Arrays.sort(gaps);
        return gaps[(count - 1) / 2];
    }

    /** A copy. */
    EventSeries series(long deadMs) {
        long[] times = new long[size];
        int[] most = new int[size];
        for (int i = 0; i < size; i++) {
            times[i] = startMs(i);
            most[i] = peak(i);
        }
        return new EventSeries(times, most, size, 1, deadMs, 1);
    }
}
