package io.runnel.routing.catalog;

import io.runnel.exec.task.TaskName;

import java.util.Map;
import java.util.Optional;

/**
 * One account as one origin tells it.
 *
 * @param standing how many of the tasks are not deleted
 * @param trusts by name
 * @param called what it calls by names of its own
 */
record AccountView(
        Optional<Stamped<AccountRecord>> account,
        Map<TaskName, TaskView> tasks,
        int standing,
        Map<String, Stamped<TrustRecord>> trusts,
        Map<TaskName, Stamped<CallerAliasRecord>> called) {
    static final AccountView EMPTY =
            new AccountView(Optional.empty(), Map.of(), 0, Map.of(), Map.of());

    boolean isEmpty() {
        return account.isEmpty() && tasks.isEmpty() && trusts.isEmpty() && called.isEmpty();
    }
}
