package io.runnel.routing.catalog;

import io.runnel.exec.task.TaskName;

import java.util.Map;
import java.util.Optional;

/**
 * One account as one origin tells it.
 *
 * @param standing how many of the tasks are not deleted
 */
record AccountView(
        Optional<Stamped<AccountRecord>> account, Map<TaskName, TaskView> tasks, int standing) {
    static final AccountView EMPTY = new AccountView(Optional.empty(), Map.of(), 0);

    boolean isEmpty() {
        return account.isEmpty() && tasks.isEmpty();
    }
}
