package io.runnel.region.server.control;

import io.runnel.exec.http.ErrorCode;
import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.Qualifier;
import io.runnel.exec.task.TaskRef;
import io.runnel.routing.catalog.Catalog;
import io.runnel.routing.catalog.GrantRecord;
import io.runnel.routing.catalog.Grantee;
import io.runnel.routing.catalog.Stamped;
import io.runnel.routing.catalog.TaskRecord;

import java.util.Optional;
import java.util.stream.Stream;

/** That an account may call a task now, where what it writes leads there. */
final class CallableTask {
    private CallableTask() {}

    /** Refuses what the account may not call; whoever may not, is told of no task. */
    static void require(Catalog catalog, AccountId account, TaskRef task, Qualifier version) {
        Optional<TaskRecord> found = catalog.task(task);
        if (found.filter(it -> mayCall(catalog, account, it)).isEmpty()) {
            throw new RefusedException(
                    ErrorCode.TASK_NOT_FOUND, "the account may call no task " + task);
        }
        if (version.version() > 0 && catalog.version(task, version.version()).isEmpty()) {
            throw new RefusedException(ControlError.VERSION_NOT_FOUND, task + " has no " + version);
        }
    }

    private static boolean mayCall(Catalog catalog, AccountId account, TaskRecord task) {
        return task.everyone()
                || task.ref().account().equals(account)
                || Stream.of(Grantee.of(account), Grantee.EVERY_ACCOUNT)
                        .flatMap(grantee -> catalog.grants(task.ref(), grantee).stream())
                        .map(Stamped::value)
                        .anyMatch(GrantRecord::allows);
    }
}
