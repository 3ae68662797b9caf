package io.runnel.exec.forecast;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The past in bins of four sizes: 32 minutes in bins of 15 seconds, 6 hours in bins of 2 minutes, 2
 * days in bins of a quarter of an hour, a month in bins of 3 hours. Each remembers the most calls
 * that ran at once in it, and when in it, in 256 steps: two bytes.
 *
 * <p>It is for what {@link Bursts} cannot remember because too much else comes between: the batch
 * of every night under calls of every minute. Not thread-safe.
 */
final class BinPyramid {
    private static final long[] WIDTHS_MS = {15_000, 120_000, 900_000, 10_800_000};
    private static final int[] COUNTS = {128, 192, 208, 240};
    private static final int[] FIRST = {0, 128, 320, 528};
    private static final int ALL = 768;
    private static final int STEPS = 256;
    private static final int MOST_PEAK = 255;

    private final byte[] peaks = new byte[ALL];
    private final byte[] steps = new byte[ALL];
    private final long[] headsMs = new long[WIDTHS_MS.length];
    private final short[] heads = new short[WIDTHS_MS.length];

    BinPyramid(long nowMs) {
        for (int scale = 0; scale < heads.length; scale++) {
            headsMs[scale] = Math.floorDiv(nowMs, WIDTHS_MS[scale]) * WIDTHS_MS[scale];
        }
    }

    /** So many calls run now. */
    void record(long nowMs, int running) {
        for (int scale = 0; scale < heads.length; scale++) {
            long since = nowMs - headsMs[scale];
            if (since >= WIDTHS_MS[scale]) {
                advance(scale, since / WIDTHS_MS[scale]);
                since = nowMs - headsMs[scale];
            }
            int place = FIRST[scale] + heads[scale];
            if (running > Byte.toUnsignedInt(peaks[place])) {
                peaks[place] = (byte) Math.min(running, MOST_PEAK);
                steps[place] = (byte) (since * STEPS / WIDTHS_MS[scale]);
            }
        }
    }

    private void advance(int scale, long bins) {
        int head = heads[scale];
        for (long i = Math.min(bins, COUNTS[scale]); i > 0; i--) {
            head = head + 1 < COUNTS[scale] ? head + 1 : 0;
            peaks[FIRST[scale] + head] = 0;
        }
        heads[scale] = (short) head;
        headsMs[scale] += bins * WIDTHS_MS[scale];
    }

    /** The place of the bin that is so many before the last one. */
    private int place(int scale, int back) {
        int index = heads[scale] - back;
        return FIRST[scale] + (index < 0 ? index + COUNTS[scale] : index);
    }

    /**
     * One series for each scale that tells more than the last bursts do.
     *
     * @param sinceMs when the oldest of those began
     */
    List<EventSeries> series(long sinceMs) {
        List<EventSeries> found = new ArrayList<>();
        for (int scale = 0; scale < heads.length; scale++) {
            int least = leastOutstanding(scale);
            if (least > 1 || !isKnown(scale, sinceMs)) {
                EventSeries series = series(scale, least);
                if (series.size() >= PeriodSearch.LEAST_EVENTS) {
                    found.add(series);
                }
            }
        }
        return found;
    }

    /** Whether the last bursts reach back over a quarter of the time of these bins. */
    private boolean isKnown(int scale, long sinceMs) {
        return sinceMs <= headsMs[scale] - oldestBack(scale) * WIDTHS_MS[scale] / 4;
    }

    private int oldestBack(int scale) {
        int back = COUNTS[scale] - 1;
        while (back > 0 && peaks[place(scale, back)] == 0) {
            back--;
        }
        return back;
    }

    private EventSeries series(int scale, int least) {
        long[] times = new long[Autocorrelation.MOST_EVENTS];
        int[] most = new int[Autocorrelation.MOST_EVENTS];
        int next = times.length;
        for (int back = 0; back < COUNTS[scale] && next > 0; back++) {
            int peak = Byte.toUnsignedInt(peaks[place(scale, back)]);
            if (peak >= least) {
                times[--next] = timeMs(scale, back);
                most[next] = peak;
            }
        }
        long step = Math.max(1, WIDTHS_MS[scale] / STEPS);
        return new EventSeries(
                Arrays.copyOfRange(times, next, times.length),
                Arrays.copyOfRange(most, next, most.length),
                times.length - next,
                (double) step,
                WIDTHS_MS[scale] / 4,
                least);
    }

    private long timeMs(int scale, int back) {
        int step = Byte.toUnsignedInt(steps[place(scale, back)]);
        return headsMs[scale] - back * WIDTHS_MS[scale] + step * WIDTHS_MS[scale] / STEPS;
    }

    /** Where most bins have calls, only those with twice as many as usual stand out. */
    private int leastOutstanding(int scale) {
        int[] sorted = new int[COUNTS[scale]];
        int filled = 0;
        int spanned = oldestBack(scale) + 1;
        for (int back = 0; back < spanned; back++) {
            int peak = Byte.toUnsignedInt(peaks[place(scale, back)]);
            if (peak > 0) {
                sorted[filled++] = peak;
            }
        }
        if (filled * 2 < spanned) {
            return 1;
        }
        Arrays.sort(sorted, 0, filled);
        return 2 * sorted[filled / 2];
    }
}
