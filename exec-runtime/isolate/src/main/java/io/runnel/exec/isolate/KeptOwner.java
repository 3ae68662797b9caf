package io.runnel.exec.isolate;

import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.Caller;
import io.runnel.exec.task.Invocation;
import io.runnel.exec.task.Task;
import io.runnel.exec.task.TaskRef;

import java.util.Optional;

/** Whose calls find what the last of them left: those of one version of a task by one account. */
record KeptOwner(TaskRef task, int version, AccountId caller) {
    /**
     * Empty for a call that finds fresh memory: its task says so, or nobody in particular calls.
     */
    static Optional<KeptOwner> of(Invocation call) {
        Task task = call.task();
        return switch (task.reuse()) {
            case FRESH -> Optional.empty();
            case KEPT ->
                    switch (call.caller()) {
                        case Caller.Anonymous _ -> Optional.empty();
                        case Caller.Keyed keyed ->
                                Optional.of(
                                        new KeptOwner(task.ref(), task.version(), keyed.account()));
                    };
        };
    }
}
