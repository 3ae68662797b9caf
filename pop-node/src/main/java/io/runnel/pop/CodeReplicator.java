package io.runnel.pop;

import io.runnel.exec.isolate.TaskRunner;
import io.runnel.exec.task.CodeDigest;
import io.runnel.exec.task.Task;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Brings popular code to this POP and has it made ready, in the background: callers are forwarded
 * meanwhile. Safe for any thread; never blocks.
 */
final class CodeReplicator {
    private static final Logger LOG = System.getLogger(CodeReplicator.class.getName());

    private final Set<CodeDigest> underWay = ConcurrentHashMap.newKeySet();
    private final TaskRunner runner;
    private final HeldSecrets secrets;

    CodeReplicator(TaskRunner runner, HeldSecrets secrets) {
        this.runner = runner;
        this.secrets = secrets;
    }

    /** Has this task's code ready here soon, and its secrets, unless that is under way already. */
    void want(Task task) {
        secrets.want(task);
        if (underWay.add(task.code())) {
            CompletableFuture<Void> unused =
                    runner.bring(task).whenComplete((done, failure) -> over(task, failure));
        }
    }

    private void over(Task task, Throwable failure) {
        underWay.remove(task.code());
        if (failure != null) {
            LOG.log(
                    Level.INFO,
                    "%s is popular but cannot be made ready here: %s"
                            .formatted(task.ref(), failure.getMessage()));
        }
    }
}
