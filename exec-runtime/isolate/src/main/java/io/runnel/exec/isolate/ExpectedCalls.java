package io.runnel.exec.isolate;

import io.runnel.exec.task.Task;

/**
 * Calls that others expect to come to this node about now.
 *
 * @param task what was called last, where that is known
 * @param isolates so many should be there for them
 */
public record ExpectedCalls(Task task, int isolates) {}
