package io.runnel.exec.durable;

import io.runnel.exec.durable.KeptEvent.Asked;
import io.runnel.exec.durable.KeptEvent.Kind;
import io.runnel.exec.durable.KeptEvent.Progress;
import io.runnel.exec.task.EventRule;
import io.runnel.exec.task.Qualifier;
import io.runnel.exec.task.RequestId;
import io.runnel.exec.task.TaskName;
import io.runnel.exec.task.TaskRef;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * What is written to a task of the owner's when an event ends: a new event, which the owner pays
 * for. Of a letter's own end nothing is written. Safe for any thread if {@code random} is.
 *
 * @param region where events are kept
 */
record Letters(String region, RandomGenerator random) {
    /** What nobody sent comes from nowhere. */
    private static final String SOURCE = "127.0.0.1";

    /** Of the end of this event; none if nobody wants one. */
    List<KeptEvent> of(
            KeptEvent event,
            EventEnd end,
            Optional<RunAnswer> answer,
            EventRule rule,
            Instant now) {
        Optional<TaskName> to = end == EventEnd.SUCCESS ? rule.onSuccess() : rule.onFailure();
        if (event.kind() == Kind.LETTER || to.isEmpty()) {
            return List.of();
        }
        TaskRef task = new TaskRef(event.task().account(), to.get());
        return List.of(
                new KeptEvent(
                        RequestId.next(now.toEpochMilli(), random),
                        Kind.LETTER,
                        new Asked(task, Qualifier.NONE, SOURCE, ""),
                        task,
                        task.account(),
                        "",
                        new LetterDocument(region).of(event, end, answer, now),
                        now,
                        Progress.begun(now)));
    }
}
