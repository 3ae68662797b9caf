package io.runnel.routing.catalog;

import io.runnel.exec.task.TaskName;

import java.util.Map;
import java.util.Optional;

/** One account as one origin tells it. */
record AccountView(Optional<Stamped<AccountRecord>> account, Map<TaskName, TaskView> tasks) {
    static final AccountView EMPTY = new AccountView(Optional.empty(), Map.of());

    boolean isEmpty() {
        return account.isEmpty() && tasks.isEmpty();
    }
}
