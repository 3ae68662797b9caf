package io.runnel.exec.durable;

import static io.runnel.exec.durable.KeptEvents.START;
import static io.runnel.exec.durable.KeptEvents.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.exec.durable.KeptEvent.Progress;
import io.runnel.exec.task.EventRule;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Random;

final class RetryRuleTest {
    private static final Optional<RunAnswer> FAILED = answer(200, "Unhandled");
    private static final Optional<RunAnswer> FULL = answer(429, "");
    private final Random random = new Random(1);

    private static Optional<RunAnswer> answer(int status, String error) {
        return Optional.of(
                new RunAnswer(
                        status,
                        Optional.of(error).filter(text -> !text.isEmpty()),
                        Optional.empty(),
                        Optional.empty()));
    }

    private static KeptEvent at(int runs, int waits) {
        KeptEvent it = event(1, "a");
        return new KeptEvent(
                it.id(),
                it.kind(),
                it.asked(),
                it.task(),
                it.payer(),
                it.keyId(),
                it.payload(),
                START,
                new Progress(runs, waits, START, 3));
    }

    private Judgement judge(KeptEvent event, Optional<RunAnswer> answer, Instant now) {
        return RetryRule.judge(event, answer, EventRule.DEFAULT, now, random);
    }

    private static Judgement again(int runs, int waits, Duration after) {
        return new Judgement.Again(new Progress(runs, waits, START.plus(after), 3));
    }

    private static Judgement over(EventEnd end) {
        return new Judgement.Over(end);
    }

    @Test
    void whatATaskFailsIsRunAgainAfterOneMinuteThenAfterTwo() {
        assertEquals(again(1, 0, Duration.ofMinutes(1)), judge(at(0, 4), FAILED, START));
        assertEquals(again(2, 0, Duration.ofMinutes(2)), judge(at(1, 0), FAILED, START));
        assertEquals(over(EventEnd.RETRIES_EXHAUSTED), judge(at(2, 0), FAILED, START));
    }

    @Test
    void anOwnerMayWantFewerRetries() {
        EventRule none = new EventRule(0, EventRule.MOST_AGE, Optional.empty(), Optional.empty());
        assertEquals(
                over(EventEnd.RETRIES_EXHAUSTED),
                RetryRule.judge(at(0, 0), FAILED, none, START, random));
    }

    @Test
    void whatCannotBeRunNowWaitsLongerEachTimeAndDoesNotCount() {
        long most = 1000;
        for (int waits = 0; waits < 20; waits++) {
            Judgement judged = judge(at(1, waits), FULL, START);
            Progress progress = ((Judgement.Again) judged).progress();
            long millis = Duration.between(START, progress.dueAt()).toMillis();
            assertTrue(millis >= most / 2 && millis <= most, waits + ": " + millis);
            assertEquals(1, progress.runs());
            assertEquals(waits + 1, progress.waits());
            most = Math.min(300_000, 2 * most);
        }
    }

    @Test
    void whatNobodyKnowsAnythingOfIsRunAgain() {
        assertTrue(judge(at(0, 0), Optional.empty(), START) instanceof Judgement.Again);
        assertTrue(judge(at(0, 0), answer(503, ""), START) instanceof Judgement.Again);
        assertTrue(judge(at(0, 0), answer(500, ""), START) instanceof Judgement.Again);
    }

    @Test
    void whatCannotGetBetterIsGivenUpAtOnce() {
        assertEquals(over(EventEnd.ACCESS_DENIED), judge(at(0, 0), answer(403, ""), START));
        assertEquals(over(EventEnd.ACCESS_DENIED), judge(at(0, 0), answer(401, ""), START));
        assertEquals(over(EventEnd.NOT_RUNNABLE), judge(at(0, 0), answer(404, ""), START));
        assertEquals(over(EventEnd.NOT_RUNNABLE), judge(at(0, 0), answer(413, ""), START));
        assertEquals(over(EventEnd.SUCCESS), judge(at(0, 0), answer(200, ""), START));
    }

    @Test
    void whatIsTooOldIsNotBegunAgain() {
        Instant late = START.plus(EventRule.MOST_AGE).minusSeconds(59);
        assertEquals(over(EventEnd.AGE_EXCEEDED), judge(at(0, 0), FAILED, late));
        assertEquals(over(EventEnd.AGE_EXCEEDED), judge(at(0, 20), FULL, late));
        Instant end = START.plus(EventRule.MOST_AGE);
        assertTrue(!RetryRule.isTooOld(at(0, 0), EventRule.DEFAULT, end));
        assertTrue(RetryRule.isTooOld(at(0, 0), EventRule.DEFAULT, end.plusMillis(1)));
    }
}
