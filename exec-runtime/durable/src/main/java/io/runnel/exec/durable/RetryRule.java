package io.runnel.exec.durable;

import io.runnel.exec.durable.KeptEvent.Progress;
import io.runnel.exec.task.EventRule;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Judges what is to become of an event. What a task fails is run again after one minute, then after
 * two, as often as its owner lets it; what could not be run is tried again after one second, and
 * each time after twice as long, five minutes at most, which does not count. Both end when the
 * event would be too old. Pure.
 */
final class RetryRule {
    private static final Duration AFTER_FAILURE = Duration.ofMinutes(1);
    private static final Duration FIRST_WAIT = Duration.ofSeconds(1);
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(5);
    private static final int MOST_DOUBLED = 9;

    private RetryRule() {}

    /** Whether an event is not to be begun any more. */
    static boolean isTooOld(KeptEvent event, EventRule rule, Instant at) {
        return at.isAfter(event.acceptedAt().plus(rule.maxAge()));
    }

    /**
     * After a run.
     *
     * @param answer empty if nobody knows what came of it
     */
    static Judgement judge(
            KeptEvent event,
            Optional<RunAnswer> answer,
            EventRule rule,
            Instant now,
            RandomGenerator random) {
        return switch (answer.map(RunAnswer::meaning).orElse(RunAnswer.Meaning.LATER)) {
            case DONE -> new Judgement.Over(EventEnd.SUCCESS);
            case DENIED -> new Judgement.Over(EventEnd.ACCESS_DENIED);
            case NEVER -> new Judgement.Over(EventEnd.NOT_RUNNABLE);
            case FAILED -> failed(event, rule, now);
            case LATER -> later(event, rule, now, random);
        };
    }

    private static Judgement failed(KeptEvent event, EventRule rule, Instant now) {
        int runs = event.progress().runs() + 1;
        if (runs > rule.retries()) {
            return new Judgement.Over(EventEnd.RETRIES_EXHAUSTED);
        }
        return again(event, rule, runs, 0, now.plus(AFTER_FAILURE.multipliedBy(runs)));
    }

    /** Half of the time for certain, so that events that were held up do not all come at once. */
    private static Judgement later(
            KeptEvent event, EventRule rule, Instant now, RandomGenerator random) {
        int waits = event.progress().waits();
        long doubled = FIRST_WAIT.toMillis() << Math.min(waits, MOST_DOUBLED);
        long most = Math.min(LONGEST_WAIT.toMillis(), doubled);
        Instant due = now.plusMillis(most / 2 + random.nextLong(most / 2 + 1));
        return again(event, rule, event.progress().runs(), waits + 1, due);
    }

    private static Judgement again(
            KeptEvent event, EventRule rule, int runs, int waits, Instant due) {
        return isTooOld(event, rule, due)
                ? new Judgement.Over(EventEnd.AGE_EXCEEDED)
                : new Judgement.Again(new Progress(runs, waits, due, event.progress().claim()));
    }
}
