package io.runnel.routing.placement;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.exec.task.TaskRef;
import io.runnel.topology.CanaryCount;

import org.junit.jupiter.api.Test;

import java.util.Random;

final class CanaryEvidenceTest {
    private static CanaryCount count(long calls, long failed, long canaryCalls, long canaryFailed) {
        return new CanaryCount(
                TaskRef.of("acme", "charge"), "live", 1, calls, failed, canaryCalls, canaryFailed);
    }

    @Test
    void whatAlwaysFailsIsSeenAtOnce() {
        assertFalse(CanaryEvidence.isWorse(count(40, 0, 2, 2)));
        assertTrue(CanaryEvidence.isWorse(count(57, 0, 3, 3)));
        CanaryCount many = count(900_000_000_000_000L, 0, 1_000_000, 1_000_000);
        assertTrue(CanaryEvidence.isWorse(many));
        assertTrue(Double.isFinite(CanaryEvidence.of(many)), "it stands in JSON");
    }

    @Test
    void whatFailsTwiceAsOftenIsSeenLater() {
        assertFalse(CanaryEvidence.isWorse(count(900, 9, 100, 2)));
        assertTrue(CanaryEvidence.isWorse(count(90_000, 900, 10_000, 200)));
    }

    @Test
    void whatFailsAsOftenOrLessIsNotWorse() {
        assertEquals(1, CanaryEvidence.of(count(0, 0, 10, 10)), "with what should it compare?");
        assertEquals(1, CanaryEvidence.of(count(10, 10, 0, 0)));
        assertEquals(1, CanaryEvidence.of(count(1000, 0, 1000, 0)));
        assertTrue(CanaryEvidence.of(count(900, 90, 100, 10)) < 1);
        assertTrue(CanaryEvidence.of(count(900, 900, 100, 100)) < 1);
        assertTrue(CanaryEvidence.of(count(1000, 50, 1000, 10)) < 1);
    }

    /**
     * However often one looks: of canaries that are no worse, one in a thousand is ever called so
     * at most. That more than 18 of 4,000 are has a chance of less than one in a million.
     */
    @Test
    void lookingAllTheTimeDoesNotMakeItWorse() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        int called = 0;
        for (int canary = 0; canary < 4000; canary++) {
            called += isEverCalledWorse(random) ? 1 : 0;
        }
        assertTrue(called <= 18, called + " of 4000, seed " + seed);
    }

    private static boolean isEverCalledWorse(Random random) {
        double failing = random.nextInt(1, 300) / 1000.0;
        double share = random.nextInt(1, 500) / 1000.0;
        int[] counts = new int[4];
        for (int call = 0; call < 2000; call++) {
            boolean canary = random.nextDouble() < share;
            boolean fails = random.nextDouble() < failing;
            counts[canary ? 2 : 0]++;
            counts[canary ? 3 : 1] += fails ? 1 : 0;
            if (fails
                    && CanaryEvidence.isWorse(count(counts[0], counts[1], counts[2], counts[3]))) {
                return true;
            }
        }
        return false;
    }
}
