package io.runnel.region.cli;

import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.TaskName;

import java.util.Optional;

/**
 * A task as people name one that they call: {@code hello}, {@code acme/charge}, {@code
 * acme/charge@3}.
 *
 * @param version empty for the live one
 */
record CalledTask(AccountId owner, TaskName task, Optional<Integer> version) {
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
        String version = at < 0 ? "" : text.substring(at + 1);
        if (at >= 0 && !version.matches("[1-9][0-9]{0,8}")) {
            throw CliException.usage("version must be a number from 1 on: '%s'".formatted(version));
        }
        try {
            return new CalledTask(
                    slash < 0 ? caller : new AccountId(text.substring(0, slash)),
                    new TaskName(name),
                    at < 0 ? Optional.empty() : Optional.of(Integer.parseInt(version)));
        } catch (IllegalArgumentException e) {
            throw CliException.usage(e.getMessage());
        }
    }
}
