package io.runnel.exec.isolate;

import io.runnel.exec.task.RequestId;
import io.runnel.exec.task.TaskRef;

import java.time.Duration;

/**
 * A call that runs in a machine of this node.
 *
 * @param ran so long, elsewhere too
 * @param memoryBytes of its machine
 * @param movable whether it may go to another node
 */
public record RunningExecution(
        RequestId call,
        TaskRef task,
        int version,
        Duration ran,
        long memoryBytes,
        boolean movable) {}
