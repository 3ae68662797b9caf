package io.runnel.routing.forward;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class RetryBudgetTest {
    private static final int MOST = 2_000;

    @Test
    void ofAllCallsATenthIsTriedAgainHoweverManyFail() {
        RetryBudget budget = new RetryBudget(MOST);
        int calls = 50_000;
        int tries = 0;
        for (int call = 1; call <= calls; call++) {
            tries++;
            if (call % RetryBudget.CALLS_FOR_ONE == 0) {
                budget.earn(0);
            }
            while (budget.tryTake(0)) {
                tries++;
            }
        }
        assertEquals(calls + calls / 10 + RetryBudget.RESERVE, tries);
    }

    @Test
    void whatBreaksWhenARegionDiesIsTriedAgainAfterTenTimesACallsDuration() {
        RetryBudget budget = new RetryBudget(MOST);
        int inFlight = 100;
        int reserve = RetryBudget.RESERVE;
        for (int earned = 0; earned < inFlight; earned++) {
            assertFalse(takesAll(budget, reserve + earned, inFlight + reserve));
            budget.earn(0);
        }
        assertTrue(takesAll(budget, reserve + inFlight, inFlight));
    }

    /** Whether so many can be had of so many; gives back what it took, but when they can. */
    private static boolean takesAll(RetryBudget budget, int there, int wanted) {
        assertEquals(there, budget.left());
        int taken = 0;
        while (taken < wanted && budget.tryTake(0)) {
            taken++;
        }
        if (taken == wanted) {
            return true;
        }
        for (int i = 0; i < taken; i++) {
            budget.giveBack(0);
        }
        return false;
    }

    @Test
    void keepsNoMoreThanItMayAndLeavesWhatIsAskedToBeLeft() {
        RetryBudget budget = new RetryBudget(12);
        for (int i = 0; i < 100; i++) {
            budget.earn(0);
        }
        assertEquals(12, budget.left());
        assertFalse(budget.tryTake(12));
        assertTrue(budget.tryTake(11));
        assertFalse(budget.tryTake(11));
        assertEquals(11, budget.left());
    }
}
