package io.runnel.topology;

import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.Requirements;
import io.runnel.exec.task.TaskRef;

import java.util.Locale;
import java.util.Optional;

/**
 * What somebody must be so that something is done for it.
 *
 * @param action what is to be done
 * @param account with whose things, if the policy is about one account's alone
 * @param task with which task, if it is about one alone; there is no account then
 * @param requirements what its document must say
 */
public record Policy(
        Action action,
        Optional<AccountId> account,
        Optional<TaskRef> task,
        Requirements requirements) {
    /** What a policy may be about. */
    public enum Action {
        /** A POP's key is certified, the first time and each time after that. */
        JOIN,
        /** A POP, or another region's node, is given the records of accounts and tasks. */
        REPLICATE,
        /** A POP, or another region's node, is given code. */
        FETCH_CODE,
        /** A POP, or another region's node, is given the values of tasks' secrets. */
        READ_SECRET,
        /** A region's node is sent calls by a POP; a POP takes calls from users. */
        RECEIVE_TRAFFIC,
        /** Whoever shows it calls a task. */
        INVOKE;

        private final String label = name().toLowerCase(Locale.ROOT).replace('_', '-');

        /** As it stands in topologies. */
        public String label() {
            return label;
        }

        /** Whether it is done with something that an account owns. */
        boolean isForAccounts() {
            return this == FETCH_CODE || this == READ_SECRET || this == INVOKE;
        }
    }

    /** What it is called in a list of changes: {@code policy fetch-code of acme}. */
    String label() {
        Optional<Object> whose = task.<Object>map(ref -> ref).or(() -> account);
        return "policy " + action.label() + whose.map(name -> " of " + name).orElse("");
    }

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if no account, or no task, goes with the action
     */
    public Policy {
        if (account.isPresent() && !action.isForAccounts()) {
            throw new IllegalArgumentException("no account goes with the action " + action.label());
        }
        if (task.isPresent() && (action != Action.INVOKE || account.isPresent())) {
            throw new IllegalArgumentException("a task goes with the action invoke alone");
        }
    }
}
