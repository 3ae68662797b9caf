package io.runnel.routing.api;

import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.Qualifier;
import io.runnel.exec.task.TaskName;
import io.runnel.exec.task.TaskRef;

/**
 * Which task a route calls, and which of its versions.
 *
 * @param ref of anybody
 */
record RouteTask(TaskRef ref, Qualifier version) {
    /**
     * Reads {@code charge}, {@code charge@3}, {@code charge@stable} or {@code acme/charge@live}.
     *
     * @param owner whose task it is where the text says none
     * @throws IllegalArgumentException if it is none of these
     */
    static RouteTask parse(String text, AccountId owner) {
        int at = text.indexOf('@');
        String named = at < 0 ? text : text.substring(0, at);
        int slash = named.indexOf('/');
        String account = slash < 0 ? owner.value() : named.substring(0, slash);
        String task = named.substring(slash + 1);
        if (!AccountId.isValid(account) || !TaskName.isValid(task)) {
            throw bad();
        }
        Qualifier version =
                at < 0
                        ? Qualifier.NONE
                        : Qualifier.parse(text.substring(at + 1)).orElseThrow(RouteTask::bad);
        return new RouteTask(TaskRef.of(account, task), version);
    }

    private static IllegalArgumentException bad() {
        return new IllegalArgumentException(
                "must be a task as charge, charge@3, charge@stable or acme/charge@live");
    }
}
