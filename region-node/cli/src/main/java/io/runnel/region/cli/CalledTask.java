package io.runnel.region.cli;

import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.Qualifier;
import io.runnel.exec.task.TaskName;

/**
 * A task as people name one that they call: {@code hello}, {@code acme/charge}, {@code
 * acme/charge@3}, {@code acme/charge@stable}.
 *
 * @param named which of its versions
 */
record CalledTask(AccountId owner, TaskName task, Qualifier named) {
    /**
     * Reads a name.
     *
     * @param caller who owns it if nobody is named
     * @throws CliException if it is none
     */
    static CalledTask parse(String text, AccountId caller) {
        int slash = text.indexOf('/');
        int at = text.indexOf('@');
        String name = text.substring(slash + 1, at < 0 ? text.length() : Math.max(at, slash + 1));
        try {
            return new CalledTask(
                    slash < 0 ? caller : new AccountId(text.substring(0, slash)),
                    new TaskName(name),
                    at < 0 ? Qualifier.NONE : qualifier(text.substring(at + 1)));
        } catch (IllegalArgumentException e) {
            throw CliException.usage(e.getMessage());
        }
    }

    /**
     * Reads the name of a task of one's own.
     *
     * @throws CliException if it is none
     */
    static TaskName name(String text) {
        try {
            return new TaskName(text);
        } catch (IllegalArgumentException e) {
            throw CliException.usage(e.getMessage());
        }
    }

    private static Qualifier qualifier(String text) {
        return Qualifier.parse(text)
                .orElseThrow(
                        () ->
                                CliException.usage(
                                        "version must be a number from 1 on, or an alias: '%s'"
                                                .formatted(text)));
    }
}
