package io.runnel.routing.forward;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.routing.forward.Silence.Verdict;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

class SilenceTest {
    private static final long TICK = 50_000_000;
    private static final long SECOND = 1_000_000_000;

    private final Silence silence = new Silence();
    private long now = 12_345;
    private long asked;

    private Verdict tick(long roundTrip) {
        now += TICK;
        Verdict verdict = silence.watch(now, roundTrip);
        asked = silence.shallAsk() ? now : asked;
        return verdict;
    }

    @Test
    void fromTheLastByteToTheEndItTakesLessThanThreeSeconds() {
        tick(0);
        long last = now;
        List<String> said = new ArrayList<>();
        while (now < last + 5 * SECOND) {
            Verdict verdict = tick(0);
            if (verdict != Verdict.HEARD) {
                said.add(verdict + " " + (now - last) / 1_000_000);
            }
        }
        assertEquals(List.of("SUSPECT 1250", "DEAD 2450"), said);
        assertEquals(last + Silence.ASK_NANOS, asked);
    }

    @Test
    void whoAnswersIsNotSuspectedHoweverLongItsGuestsTake() {
        for (int i = 0; i < 1_000; i++) {
            assertEquals(Verdict.HEARD, tick(0));
            if (asked != 0) {
                asked = 0;
                silence.heard();
            }
        }
    }

    @Test
    void whoIsHeardAfterASuspicionIsTrustedAgain() {
        while (tick(0) != Verdict.SUSPECT) {
            assertTrue(now < 5 * SECOND);
        }
        silence.heard();
        long heard = now;
        while (tick(0) != Verdict.SUSPECT) {
            assertTrue(now < heard + 5 * SECOND);
        }
        assertTrue(now - heard >= Silence.ASK_NANOS + Silence.SUSPECT_NANOS);
    }

    @Test
    void anEventLoopThatStoodStillItselfLooksAgainFirst() {
        tick(0);
        while (asked == 0) {
            tick(0);
        }
        now += 10 * SECOND;
        for (int i = 1; i < Silence.LEAST_LOOKS; i++) {
            assertEquals(Verdict.HEARD, tick(0), "look " + i);
        }
        assertEquals(Verdict.SUSPECT, tick(0));
    }

    @Test
    void aLongWayGetsMoreTime() {
        tick(SECOND);
        while (tick(SECOND) != Verdict.SUSPECT) {
            assertTrue(now < 10 * SECOND);
        }
        assertEquals(asked + 4 * SECOND, now);
    }

    @Test
    void asksOnce() {
        tick(0);
        while (asked == 0) {
            tick(0);
        }
        assertFalse(silence.shallAsk());
    }
}
