package io.runnel.exec.isolate;

import io.runnel.exec.task.CodeDigest;
import io.runnel.exec.task.RuntimeKind;
import io.runnel.exec.task.Task;

/** Which program a task runs: tasks of the same code share one. */
record ProgramKey(RuntimeKind runtime, CodeDigest code) {
    static ProgramKey of(Task task) {
        return new ProgramKey(task.runtime(), task.code());
    }
}
