package io.runnel.routing.journal;

import io.runnel.exec.task.RequestId;
import io.runnel.exec.task.TaskRef;

import java.util.Optional;

/**
 * What one node notes of one call.
 *
 * @param arrivedMillis when its head came, by the node's clock, since the epoch
 * @param decided what was decided, at a POP; a region runs what it gets
 */
public record CallNote(
        RequestId id,
        long arrivedMillis,
        TaskRef task,
        int version,
        Optional<Decided> decided,
        Ended ended) {

    private static final int FIRST_FAILURE = 400;
    private static final long LONG_NANOS = 1_000_000_000;

    /** Whether somebody may well ask for it: it failed, went elsewhere, or took over a second. */
    boolean isNotable() {
        return !ended.whole()
                || ended.status() >= FIRST_FAILURE
                || ended.place() != Ended.Place.HERE
                || ended.totalNanos() > LONG_NANOS;
    }
}
