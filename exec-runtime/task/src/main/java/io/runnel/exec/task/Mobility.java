package io.runnel.exec.task;

import java.time.Duration;

/** Whether a running call may be moved to another node, and whether it was. */
public sealed interface Mobility {
    /** It ends where it began. */
    record Fixed() implements Mobility {}

    /**
     * Whoever waits for its answer finds it wherever it goes on.
     *
     * @param within so long after its start
     */
    record Movable(Duration within) implements Mobility {}

    /** It was moved here while it ran. */
    record Resumed(MoveId id) implements Mobility {}

    /** That of most calls. */
    Mobility FIXED = new Fixed();

    /** One that may be moved as long as it runs. */
    Mobility MOVABLE = new Movable(Duration.ofDays(1));
}
