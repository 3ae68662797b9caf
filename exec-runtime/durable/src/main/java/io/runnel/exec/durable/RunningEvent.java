package io.runnel.exec.durable;

import java.util.List;
import java.util.Optional;

/** An event that a node has, until what became of it is written. Under its owner's lock. */
final class RunningEvent {
    /** Where it stands. */
    private enum State {
        /** It was given to the runner. */
        GIVEN,
        /** It runs. */
        BEGUN,
        /** What became of it is being written. */
        WRITING,
        /** That failed, and is to be tried again. */
        UNWRITTEN
    }

    private final KeptEvent event;
    private State state = State.GIVEN;
    private Optional<Judgement> judgement = Optional.empty();
    private List<KeptEvent> letters = List.of();

    RunningEvent(KeptEvent event) {
        this.event = event;
    }

    KeptEvent event() {
        return event;
    }

    /** The first time. */
    Optional<KeptEvent> begin() {
        if (state != State.GIVEN) {
            return Optional.empty();
        }
        state = State.BEGUN;
        return Optional.of(event);
    }

    void settle(Judgement what, List<KeptEvent> about) {
        judgement = Optional.of(what);
        letters = about;
        state = State.WRITING;
    }

    /** What became of it, once that is settled. */
    Judgement judgement() {
        return judgement.orElseThrow();
    }

    List<KeptEvent> letters() {
        return letters;
    }

    void failedToWrite() {
        state = State.UNWRITTEN;
    }

    boolean tryWriteAgain() {
        if (state != State.UNWRITTEN) {
            return false;
        }
        state = State.WRITING;
        return true;
    }
}
