package io.runnel.routing.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.routing.catalog.AccountQuota;
import io.runnel.routing.edge.QuotaUse.Excess;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;

class QuotaUseTest {
    private static final long MS = Duration.ofMillis(1).toNanos();
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final long begin = new Random().nextLong();
    private final QuotaUse use = new QuotaUse(begin);

    private static AccountQuota rate(int perSecond, int burst) {
        return new AccountQuota(
                OptionalInt.empty(), OptionalInt.of(perSecond), OptionalInt.of(burst));
    }

    private boolean enters(AccountQuota quota, long nanos) {
        return use.tryEnter(quota, begin + nanos).isEmpty();
    }

    private int enterAt(AccountQuota quota, int calls, long nanos) {
        int entered = 0;
        for (int i = 0; i < calls; i++) {
            entered += enters(quota, nanos) ? 1 : 0;
        }
        return entered;
    }

    @Test
    void soManyAreUnderWayAndNoMore() {
        var two = new AccountQuota(OptionalInt.of(2), OptionalInt.empty(), OptionalInt.empty());
        assertEquals(2, enterAt(two, 5, 0));
        Excess excess = use.tryEnter(two, begin).orElseThrow();
        assertTrue(excess.sentence().contains("2 calls under way"), excess.sentence());
        assertEquals(Optional.empty(), excess.after());
        use.leave();
        assertEquals(1, enterAt(two, 5, 0));
    }

    @Test
    void aBurstPassesThenTheRateAndThenABurstAgain() {
        AccountQuota quota = rate(10, 5);
        assertEquals(5, enterAt(quota, 20, 0));
        assertEquals(0, enterAt(quota, 20, 100 * MS - 1));
        assertEquals(1, enterAt(quota, 20, 100 * MS));
        int entered = 0;
        for (long at = 101; at <= 10_100; at++) {
            entered += enterAt(quota, 1, at * MS);
        }
        assertEquals(100, entered, "ten seconds");
        assertEquals(5, enterAt(quota, 20, 60 * SECOND));
    }

    @Test
    void itIsToldWhenTheNextMayBegin() {
        AccountQuota quota = rate(4, 1);
        assertTrue(enters(quota, 0));
        Excess excess = use.tryEnter(quota, begin + 100 * MS).orElseThrow();
        assertEquals(Optional.of(Duration.ofMillis(150)), excess.after());
        assertTrue(enters(quota, 250 * MS));
    }

    @Test
    void whoIsRefusedForTooManyAtOnceUsesNothingOfHisRate() {
        var quota = new AccountQuota(OptionalInt.of(1), OptionalInt.of(10), OptionalInt.of(2));
        assertEquals(1, enterAt(quota, 50, 0));
        use.leave();
        assertEquals(1, enterAt(quota, 50, 0));
    }

    @Test
    void aClockThatStandsOrASmallerQuotaLetsNobodyWaitLongerThanItSays() {
        assertEquals(1000, enterAt(rate(1000, 1000), 5000, 0));
        // What was begun under the larger quota is paid back at its own pace, within a second.
        Excess excess = use.tryEnter(rate(1, 1), begin).orElseThrow();
        assertTrue(excess.after().orElseThrow().compareTo(Duration.ofSeconds(1)) <= 0);
        assertTrue(enters(rate(1, 1), SECOND));
    }
}
