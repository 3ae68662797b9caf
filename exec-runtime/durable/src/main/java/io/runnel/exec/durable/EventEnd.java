package io.runnel.exec.durable;

import java.util.Locale;

/** How an event ended. */
public enum EventEnd {
    /** It ran, and the task was content. */
    SUCCESS("Success", "it succeeded"),
    /** The task failed it too often. */
    RETRIES_EXHAUSTED("RetriesExhausted", "the task failed it too often"),
    /** It could not be run for too long. */
    AGE_EXCEEDED("EventAgeExceeded", "it is too old"),
    /** Its caller may not call the task any more. */
    ACCESS_DENIED("AccessDenied", "access-denied"),
    /** The task is gone, or does not take such a call. */
    NOT_RUNNABLE("RetriesExhausted", "the task is gone or does not take it");

    private final String condition;
    private final String sentence;

    EventEnd(String condition, String sentence) {
        this.condition = condition;
        this.sentence = sentence;
    }

    /** As AWS Lambda tells destinations. */
    public String condition() {
        return condition;
    }

    /** For the log of the task. */
    public String sentence() {
        return sentence;
    }

    /** As it stands in metrics: {@code access-denied}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
