package io.runnel.routing.forward;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.util.Random;

class AnswerTimesTest {
    private final AnswerTimes times = new AnswerTimes();

    @Test
    void saysNothingBeforeAHundredAnswers() {
        for (int i = 1; i < AnswerTimes.LEAST; i++) {
            times.add(1_000_000);
            assertEquals(Long.MAX_VALUE, times.lateNanos());
        }
        times.add(1_000_000);
        assertWithinAnEighth(1_000_000);
    }

    @Test
    void isTheTimeThat95Of100AreBelow() {
        Random random = new Random(7);
        for (int i = 0; i < 5_000; i++) {
            times.add(1 + random.nextInt(100_000_000));
        }
        long late = times.lateNanos();
        assertTrue(late > 95_000_000 && late < 107_000_000, () -> late + " ns");
    }

    @Test
    void aFewThatAreVeryLateDoNotCountAndManyDo() {
        for (int i = 0; i < 960; i++) {
            times.add(i % 25 == 0 ? 1_000_000_000 : 2_000_000);
        }
        assertWithinAnEighth(2_000_000);
        for (int i = 0; i < 640; i++) {
            times.add(i % 5 == 0 ? 1_000_000_000 : 2_000_000);
        }
        assertWithinAnEighth(1_000_000_000);
    }

    @Test
    void whatWasLongAgoFades() {
        for (int i = 0; i < 1_000; i++) {
            times.add(1_000_000_000);
        }
        for (int i = 0; i < 5_000; i++) {
            times.add(1_000_000);
        }
        assertWithinAnEighth(1_000_000);
    }

    @Test
    void takesAnyTime() {
        for (int i = 0; i < AnswerTimes.LEAST; i++) {
            times.add(i % 2 == 0 ? -5 : Long.MAX_VALUE);
        }
        assertTrue(times.lateNanos() > 0);
    }

    private void assertWithinAnEighth(long nanos) {
        long late = times.lateNanos();
        assertTrue(late >= nanos && late <= nanos + nanos / 8, () -> late + " for " + nanos);
    }
}
