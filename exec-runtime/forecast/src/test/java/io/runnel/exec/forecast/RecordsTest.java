package io.runnel.exec.forecast;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.SplittableRandom;

/** What the bounded records remember. */
class RecordsTest {
    @Test
    void aHistogramsPercentilesAreWithinItsBins() {
        SplittableRandom random = new SplittableRandom(1);
        LogHistogram histogram = new LogHistogram(120_000);
        long[] values = new long[200];
        for (int i = 0; i < values.length; i++) {
            values[i] = (long) Math.exp(random.nextDouble() * 11);
            histogram.record(values[i]);
        }
        Arrays.sort(values);
        for (double share : new double[] {0.05, 0.5, 0.99}) {
            long exact = values[(int) Math.ceil(share * values.length) - 1];
            assertTrue(histogram.endOfMs(share) > exact, share + " of " + exact);
            assertTrue(histogram.endOfMs(share) <= exact * 1.25 + 1, share + " of " + exact);
            assertTrue(histogram.startOfMs(share) <= exact, share + " of " + exact);
        }
        assertEquals(1, histogram.shareUpTo(120_000));
    }

    @Test
    void aHistogramForgetsWhatIsLongAgo() {
        LogHistogram histogram = new LogHistogram(120_000);
        for (int i = 0; i < 300; i++) {
            histogram.record(10_000);
        }
        for (int i = 0; i < 2_000; i++) {
            histogram.record(100);
        }
        assertTrue(histogram.endOfMs(0.99) < 200, histogram.endOfMs(0.99) + " ms");
        assertTrue(histogram.total() < 300);
    }

    @Test
    void aHistogramTakesAnyDuration() {
        LogHistogram histogram = new LogHistogram(1_000);
        histogram.record(-5);
        histogram.record(Long.MAX_VALUE);
        assertEquals(2, histogram.total());
        assertTrue(histogram.endOfMs(1) >= 1_000);
    }

    @Test
    void callsThatAreNearAreOneBurst() {
        Bursts bursts = new Bursts(1_000);
        assertTrue(bursts.record(0, 1));
        assertFalse(bursts.record(900, 2));
        assertFalse(bursts.record(1_800, 7));
        assertTrue(bursts.record(10_000, 1));
        assertEquals(2, bursts.ring().size());
        assertEquals(7, bursts.ring().peak(0));
        assertEquals(10_000, bursts.ring().startMs(1));
    }

    @Test
    void whatIsNearDependsOnTheUsualGapAndEndsAtAMinute() {
        Bursts bursts = new Bursts(1_000);
        for (long at = 0; at < 10 * 300_000; at += 300_000) {
            assertTrue(bursts.record(at, 1));
        }
        assertEquals(30_000, bursts.gapMs());
        for (long at = 4_000_000; at < 400_000_000; at += 36_000_000) {
            bursts.record(at, 1);
        }
        assertEquals(60_000, bursts.gapMs());
    }

    @Test
    void aRingRemembersTheLast() {
        BurstRing ring = new BurstRing(8);
        for (int i = 0; i < 30; i++) {
            ring.add(i * 100L, i);
        }
        assertEquals(8, ring.size());
        assertEquals(2_200, ring.startMs(0));
        assertEquals(29, ring.peak(7));
        ring.raise(400);
        assertEquals(255, ring.peak(7));
        assertEquals(100, ring.middleGapMs());
        EventSeries series = ring.series(5);
        assertEquals(8, series.size());
        assertEquals(2_900, series.timeMs(7));
    }

    @Test
    void amountsAreTheHighOnesOfTheLastTen() {
        Amounts amounts = new Amounts();
        amounts.add(90);
        for (int i = 0; i < 10; i++) {
            amounts.add(2);
        }
        assertEquals(2, amounts.high());
        amounts.add(1);
        amounts.raise(10);
        assertEquals(7, amounts.high());
        amounts.raise(1_000);
        assertTrue(amounts.high() <= 255);
    }

    @Test
    void binsRememberWhenInThemMostRan() {
        BinPyramid bins = new BinPyramid(0);
        for (long day = 0; day < 6; day++) {
            long atMs = day * 86_400_000 + 7_000_000;
            bins.record(atMs, 9);
            bins.record(atMs + 400_000, 3);
        }
        EventSeries coarse = bins.series(6L * 86_400_000).getLast();
        assertEquals(6, coarse.size());
        assertEquals(9, coarse.peak(0));
        assertEquals(7_000_000, (double) coarse.timeMs(0), 10_800_000.0 / 256);
    }

    @Test
    void binsOfTimesLongPastAreEmpty() {
        BinPyramid bins = new BinPyramid(0);
        for (long at = 0; at < 86_400_000; at += 600_000) {
            bins.record(at, 1);
        }
        bins.record(86_400_000L * 4_000, 5);
        assertTrue(bins.series(0).isEmpty(), "events of years ago");
    }

    @Test
    void pausesThatAreTooLongAreNotWaitedFor() {
        Pauses pauses = new Pauses(600_000);
        assertEquals(600_000, pauses.keepMs());
        for (int i = 0; i < 50; i++) {
            pauses.record(3_000_000 + i * 200_000L);
        }
        assertEquals(0, pauses.waitMs());
        assertEquals(60_000, pauses.keepMs());
    }

    @Test
    void settingsAreChecked() {
        assertThrows(
                IllegalArgumentException.class,
                () -> new ForecastSettings(1_000, 3_999, 10_000, 1, 1, 1, 1, 1));
        assertThrows(
                IllegalArgumentException.class,
                () -> new ForecastSettings(1_000, 5_000, 10_000, 1, 1, 0, 1, 1));
        assertEquals(
                5_000, new ForecastSettings(1_000, 5_000, 10_000, 1, 1, 1, 1, 1).leastPeriodMs());
    }
}
