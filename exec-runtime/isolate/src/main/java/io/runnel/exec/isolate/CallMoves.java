package io.runnel.exec.isolate;

import io.runnel.exec.task.NodeName;
import io.runnel.exec.task.RequestId;

import java.time.Duration;
import java.util.List;

/** Moves calls that run on this node to others. Safe for any thread. */
public interface CallMoves {
    /**
     * A call that was moved.
     *
     * @param bytes that were sent
     * @param took all of it
     * @param stood so long it ran nowhere
     */
    record Report(long bytes, Duration took, Duration stood) {}

    /** The calls that run here and might be moved, the longest running first. */
    List<RunningExecution> running();

    /**
     * Moves one. Blocks until it goes on there.
     *
     * @throws NotMovedException if it goes on here, or has ended
     */
    Report move(RequestId call, NodeName to) throws NotMovedException, InterruptedException;
}
