package io.runnel.routing.catalog;

import io.runnel.exec.task.TaskName;
import io.runnel.exec.task.TaskRef;

import java.util.Map;
import java.util.Optional;

/**
 * One account as one origin tells it.
 *
 * @param standing how many of the tasks are not deleted
 * @param trusts by name
 * @param called what it calls by names of its own
 * @param agreed what it has agreed to, by task
 */
record AccountView(
        Optional<Stamped<AccountRecord>> account,
        Map<TaskName, TaskView> tasks,
        int standing,
        Map<String, Stamped<TrustRecord>> trusts,
        Map<TaskName, Stamped<CallerAliasRecord>> called,
        Map<TaskRef, Stamped<AgreementRecord>> agreed) {
    static final AccountView EMPTY =
            new AccountView(Optional.empty(), Map.of(), 0, Map.of(), Map.of(), Map.of());

    boolean isEmpty() {
        return account.isEmpty()
                && tasks.isEmpty()
                && trusts.isEmpty()
                && called.isEmpty()
                && agreed.isEmpty();
    }
}
