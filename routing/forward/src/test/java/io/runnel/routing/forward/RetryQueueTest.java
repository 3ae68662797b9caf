package io.runnel.routing.forward;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.routing.forward.RetryBudget.Got;
import io.runnel.routing.forward.RetryBudget.Waiting;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.stream.IntStream;

/** Those who wait for the budget of tries, by a clock that the test moves. */
class RetryQueueTest {
    private static final int MOST = 2_000;
    private static final long FAR = Duration.ofMinutes(1).toNanos();
    private static final long LONGEST = RetryBudget.LONGEST_WAIT.toNanos();

    private final List<String> granted = new ArrayList<>();

    private RetryBudget empty() {
        RetryBudget budget = new RetryBudget(MOST);
        while (budget.tryTake(0)) {}
        return budget;
    }

    private Waiting named(String name) {
        return new Waiting() {
            @Override
            public void granted() {
                granted.add(name);
            }
        };
    }

    private Waiting waits(RetryBudget budget, String name, long now, long deadline) {
        Waiting who = named(name);
        assertEquals(Got.WAITS, budget.takeOrWait(who, 0, now, deadline));
        return who;
    }

    @Test
    void whoCameFirstIsServedFirstAndNobodyComesBetween() {
        RetryBudget budget = empty();
        waits(budget, "a", 0, FAR);
        waits(budget, "b", 0, FAR);
        budget.earn(1);
        assertEquals(List.of("a"), granted);
        assertFalse(budget.tryTake(0), "it is a's");
        assertEquals(Got.WAITS, budget.takeOrWait(named("c"), 0, 2, FAR));
        budget.giveBack(3);
        budget.earn(4);
        assertEquals(List.of("a", "b", "c"), granted);
        budget.earn(5);
        assertEquals(1, budget.left());
        assertEquals(Got.TAKEN, budget.takeOrWait(named("d"), 0, 6, FAR));
        assertEquals(0, budget.waiting());
    }

    @Test
    void nobodyWaitsLongerThanItsDeadlineOrTheLimit() {
        RetryBudget budget = empty();
        Waiting brief = waits(budget, "brief", 0, 10);
        Waiting patient = waits(budget, "patient", 0, FAR);
        assertEquals(Got.NOTHING, budget.takeOrWait(named("late"), 0, 10, 10));
        assertFalse(budget.isTimeUp(brief, 9));
        budget.earn(10);
        assertEquals(List.of("patient"), granted, "whose time is up is given none");
        assertTrue(budget.isTimeUp(brief, 10));
        assertFalse(budget.isTimeUp(brief, 11), "it waits no more");
        assertFalse(budget.isTimeUp(patient, LONGEST), "it was granted one");
        Waiting next = waits(budget, "next", 100, FAR);
        assertFalse(budget.isTimeUp(next, 99 + LONGEST));
        assertTrue(budget.isTimeUp(next, 100 + LONGEST));
        assertEquals(0, budget.waiting());
    }

    @Test
    void whoLeavesTakesNothingWithIt() {
        RetryBudget budget = empty();
        Waiting gone = waits(budget, "gone", 0, FAR);
        Waiting granteds = waits(budget, "granted", 0, FAR);
        waits(budget, "last", 0, FAR);
        budget.leave(gone, 1);
        budget.earn(2);
        assertEquals(List.of("granted"), granted);
        budget.leave(granteds, 3);
        assertEquals(List.of("granted", "last"), granted, "it had one, which goes to the next");
        assertEquals(0, budget.left() + budget.waiting());
    }

    @Test
    void onlySoManyWaitWithBodiesOfSoManyBytes() {
        RetryBudget budget = empty();
        long half = RetryBudget.MOST_WAITING_BYTES.bytes() / 2;
        Waiting large = named("large");
        assertEquals(Got.WAITS, budget.takeOrWait(large, half, 0, FAR));
        assertEquals(Got.WAITS, budget.takeOrWait(named("other"), half, 0, FAR));
        assertEquals(Got.NOTHING, budget.takeOrWait(named("third"), 1, 0, FAR));
        budget.leave(large, 0);
        assertEquals(Got.WAITS, budget.takeOrWait(large, half, 0, FAR));
        budget.leave(large, 0);
        for (int i = 1; i < RetryBudget.MOST_WAITING; i++) {
            waits(budget, "small", 0, FAR);
        }
        assertEquals(Got.NOTHING, budget.takeOrWait(named("one more"), 0, 0, FAR));
        assertEquals(RetryBudget.MOST_WAITING, budget.waiting());
    }

    /**
     * A region falls silent under a load that has just begun, and all that were sent to it in a
     * second and a quarter fail at once; those that come later go elsewhere.
     */
    @Test
    void aSilentRegionFailsNothingAndNoMoreIsTriedThanATenthAndTheReserve() {
        for (int rate : new int[] {30, 70, 80, 100, 400, 1_600}) {
            long apart = Duration.ofSeconds(1).toNanos() / rate;
            int before = 6 * rate;
            int broken = rate + rate / 4;
            Load load = new Load();
            IntStream.range(0, before).forEach(call -> load.call(call * apart));
            long noticed = (before + broken) * apart;
            IntStream.range(before, before + broken).forEach(call -> load.call(call * apart));
            IntStream.range(0, broken).forEach(call -> load.fails(noticed));
            IntStream.range(0, 6 * rate).forEach(call -> load.call(noticed + call * apart));
            assertEquals(0, load.failed, () -> rate + " a second");
            assertEquals(broken, load.again, () -> rate + " a second");
        }
    }

    /** Many more fail than the budget has: the rest is told so in time. */
    @Test
    void whatTheBudgetCannotBearFailsInTime() {
        int rate = 1_000;
        long apart = Duration.ofSeconds(1).toNanos() / rate;
        Load load = new Load();
        for (int call = 0; call < 20 * rate; call++) {
            load.call(call * apart);
            load.fails(call * apart);
        }
        assertTrue(load.failed > 0);
        assertEquals(20 * rate, load.again + load.failed + load.budget.waiting());
        assertTrue(load.longestNanos <= LONGEST + apart, () -> "waited " + load.longestNanos);
    }

    /** A POP's calls, and those of them that are to be tried again. */
    private static final class Load {
        private final RetryBudget budget = new RetryBudget(MOST);
        private final Deque<One> open = new ArrayDeque<>();
        private int calls;
        private int again;
        private int failed;
        private long longestNanos;

        private final class One implements Waiting {
            private final long sinceNanos;
            private boolean over;

            One(long sinceNanos) {
                this.sinceNanos = sinceNanos;
            }

            @Override
            public void granted() {
                over = true;
                triedAgain();
            }

            boolean isOver(long now) {
                if (!over && budget.isTimeUp(this, now)) {
                    over = true;
                    failed++;
                    longestNanos = Math.max(longestNanos, now - sinceNanos);
                }
                return over;
            }
        }

        private void triedAgain() {
            again++;
            assertTrue(
                    again <= calls / 10 + RetryBudget.RESERVE, () -> again + " again of " + calls);
        }

        void call(long now) {
            open.removeIf(one -> one.isOver(now));
            calls++;
            if (calls % RetryBudget.CALLS_FOR_ONE == 0) {
                budget.earn(now);
            }
        }

        void fails(long now) {
            One one = new One(now);
            switch (budget.takeOrWait(one, 0, now, now + FAR)) {
                case TAKEN -> triedAgain();
                case WAITS -> open.add(one);
                case NOTHING -> failed++;
            }
        }
    }
}
