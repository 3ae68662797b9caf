package io.runnel.exec.isolate;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.util.concurrent.TimeUnit;

class OverlongBudgetTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final OverlongBudget budget = new OverlongBudget(0);

    private void spend(int times, long nowNanos) {
        for (int i = 0; i < times; i++) {
            budget.spend(nowNanos);
        }
    }

    @Test
    void soManyInOneSecondAndNoMore() {
        spend(OverlongBudget.MOST - 1, SECOND / 2);
        assertFalse(budget.isSpent(SECOND / 2));
        spend(1, SECOND / 2);
        assertTrue(budget.isSpent(SECOND / 2));
        assertFalse(budget.isSpent(SECOND));
    }

    @Test
    void theNextSecondHasItsOwn() {
        spend(OverlongBudget.MOST - 1, 0);
        spend(1, SECOND);
        assertFalse(budget.isSpent(SECOND));
    }
}
