package io.runnel.routing.placement;

import io.runnel.exec.task.Qualifier;
import io.runnel.exec.task.TaskRef;
import io.runnel.routing.catalog.CallerAliasRecord;
import io.runnel.routing.catalog.Catalog;
import io.runnel.routing.catalog.Stamped;

import java.util.Optional;

/**
 * What an account's name for a call leads to: from a caller's alias to the task that it stands for,
 * over other such aliases of the same account. A task of the account is never hidden by one. Pure.
 *
 * @param task which task
 * @param version which of its versions
 * @param parameters what the aliases set: the one next to the task has the last word
 * @param by their names, from the first to the last, as {@code pay>charge-eu}
 */
public record CalledName(TaskRef task, Qualifier version, CallParameters parameters, String by) {
    /**
     * Follows a name.
     *
     * @param named which version the call names; an alias has none
     * @return empty if the name is no caller's alias
     * @throws LostException if it leads in a circle, or over more than {@link
     *     CallerAliasRecord#MOST_DEEP}
     */
    public static Optional<CalledName> of(Catalog catalog, TaskRef name, Qualifier named)
            throws LostException {
        Optional<Stamped<CallerAliasRecord>> first = alias(catalog, name);
        return first.isEmpty() || !named.equals(Qualifier.NONE)
                ? Optional.empty()
                : Optional.of(followed(catalog, first.get().value()));
    }

    /**
     * Follows an alias that is in the catalog or is to be there.
     *
     * @throws LostException if it leads in a circle, or over more than {@link
     *     CallerAliasRecord#MOST_DEEP}
     */
    public static CalledName followed(Catalog catalog, CallerAliasRecord first)
            throws LostException {
        CallerAliasRecord alias = first;
        CallParameters parameters = CallParameters.NONE.and(first);
        String by = first.name().name().value();
        for (int deep = 1; ; deep++) {
            Optional<Stamped<CallerAliasRecord>> next =
                    alias.version().equals(Qualifier.NONE)
                                    && alias.of().account().equals(first.name().account())
                            ? alias(catalog, alias.of())
                            : Optional.empty();
            if (next.isEmpty()) {
                return new CalledName(alias.of(), alias.version(), parameters, by);
            }
            alias = next.get().value();
            if (alias.name().equals(first.name())) {
                throw new LostException("the alias leads back to itself");
            }
            if (deep == CallerAliasRecord.MOST_DEEP) {
                throw new LostException(
                        "the alias leads over more than %d aliases"
                                .formatted(CallerAliasRecord.MOST_DEEP));
            }
            parameters = parameters.and(alias);
            by = by + ">" + alias.name().name();
        }
    }

    private static Optional<Stamped<CallerAliasRecord>> alias(Catalog catalog, TaskRef name) {
        return catalog.stampedTask(name).isPresent() ? Optional.empty() : catalog.callerAlias(name);
    }

    /** An alias that leads to no task. */
    public static final class LostException extends Exception {
        private static final long serialVersionUID = 1;

        LostException(String why) {
            super(why);
        }
    }
}
