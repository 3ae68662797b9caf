package io.runnel.exec.durable;

/** What is to become of an event after a run. */
public sealed interface Judgement {
    /** It is over. */
    record Over(EventEnd end) implements Judgement {}

    /** It is to be run again. */
    record Again(KeptEvent.Progress progress) implements Judgement {}
}
