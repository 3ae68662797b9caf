package io.runnel.exec.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.exec.task.ByteSize;

import org.junit.jupiter.api.Test;

/** What of the memory for bodies may be taken for what. */
class BodyBudgetTest {
    private final BodyBudget budget = new BodyBudget(new ByteSize(100));

    @Test
    void bodiesTakeAllOfItAndNoMore() {
        assertTrue(budget.tryTake(60));
        assertFalse(budget.tryTake(41));
        assertTrue(budget.tryTake(40));
        budget.giveBack(100);
        assertEquals(100, budget.freeBytes());
    }

    @Test
    void halfOfItIsSpareAndKeptForBodiesBeyond() {
        assertTrue(budget.tryTakeSpare(30));
        assertTrue(budget.tryTakeSpare(20));
        assertFalse(budget.tryTakeSpare(1));
        assertEquals(50, budget.freeBytes(), "what was refused is not taken");
        assertTrue(budget.tryTake(50));
        budget.giveBack(50);
        assertFalse(budget.tryTakeSpare(1));
        budget.giveBack(50);
        assertTrue(budget.tryTakeSpare(50));
    }
}
