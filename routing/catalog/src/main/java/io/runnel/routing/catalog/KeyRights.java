package io.runnel.routing.catalog;

import io.runnel.exec.task.TaskRef;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What an access key may be used for.
 *
 * @param scopes for what
 * @param tasks for which tasks it may be used to call or deploy, as {@code acme/charge}, {@code
 *     acme/pay-*} or {@code *}; empty for all
 * @param expires before when
 */
public record KeyRights(Set<KeyScope> scopes, List<String> tasks, Optional<Instant> expires) {
    /** Everything that its account may, for ever. */
    public static final KeyRights ALL =
            new KeyRights(Set.of(KeyScope.values()), List.of(), Optional.empty());

    /** The most patterns of tasks. */
    public static final int MOST_TASKS = 32;

    private static final Pattern TASKS =
            Pattern.compile("\\*|[a-z0-9-]{1,63}/(?:\\*|[a-z0-9-]{1,63}\\*?)");

    /**
     * Checks the value.
     *
     * @throws IllegalArgumentException if there is no scope, or a pattern is none
     */
    public KeyRights {
        scopes = Set.copyOf(scopes);
        tasks = List.copyOf(tasks);
        if (scopes.isEmpty()) {
            throw new IllegalArgumentException("scopes must be one or more");
        }
        if (tasks.size() > MOST_TASKS) {
            throw new IllegalArgumentException("tasks must be at most " + MOST_TASKS);
        }
        if (!tasks.stream().allMatch(one -> TASKS.matcher(one).matches())) {
            throw new IllegalArgumentException(
                    "tasks must each be ACCOUNT/TASK, ACCOUNT/BEGIN* or *");
        }
    }

    /** Whether it still holds. */
    public boolean holdAt(long epochMillis) {
        return expires.map(end -> epochMillis < end.toEpochMilli()).orElse(true);
    }

    /** Whether it may be used for this, with some task at least. */
    public boolean allow(KeyScope scope) {
        return scopes.contains(scope);
    }

    /** Whether it may be used for this with this task. */
    public boolean allow(KeyScope scope, TaskRef task) {
        return allow(scope) && (tasks.isEmpty() || names(task.toString()));
    }

    private boolean names(String task) {
        return tasks.stream()
                .anyMatch(
                        one ->
                                one.endsWith("*")
                                        ? task.startsWith(one.substring(0, one.length() - 1))
                                        : task.equals(one));
    }
}
