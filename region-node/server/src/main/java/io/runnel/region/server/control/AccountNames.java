package io.runnel.region.server.control;

import io.runnel.cluster.store.Precondition;
import io.runnel.exec.task.TaskRef;
import io.runnel.routing.catalog.Catalog;
import io.runnel.routing.catalog.RecordKind;

import java.util.List;
import java.util.Optional;

/** What an account calls, or has called, by one name: a task, an alias of its own, or an API. */
final class AccountNames {
    /** As each is said after the account has one. */
    private enum Named {
        TASK(RecordKind.TASK, "a task"),
        ALIAS(RecordKind.CALLER_ALIAS, "an alias"),
        API(RecordKind.API, "an API");

        private final RecordKind kind;
        private final String words;

        Named(RecordKind kind, String words) {
            this.kind = kind;
            this.words = words;
        }

        boolean isThere(Catalog catalog, TaskRef name) {
            return switch (this) {
                case TASK -> catalog.stampedTask(name).isPresent();
                case ALIAS -> catalog.callerAlias(name).isPresent();
                case API -> isApi(catalog, name);
            };
        }
    }

    private AccountNames() {}

    /** Refuses a name that something of another kind has. */
    static void requireFree(Catalog catalog, TaskRef name, RecordKind kind) {
        for (Named other : others(kind)) {
            if (other.isThere(catalog, name)) {
                throw new RefusedException(
                        ControlError.NAME_TAKEN,
                        "the account has %s %s".formatted(other.words, name.name()));
            }
        }
    }

    /** That it stays so until it is written: of two who take a name at once, one does. */
    static List<Precondition> free(TaskRef name, RecordKind kind) {
        return others(kind).stream()
                .map(other -> Precondition.absent(other.kind, name.toString()))
                .toList();
    }

    private static List<Named> others(RecordKind kind) {
        return List.of(Named.values()).stream().filter(named -> named.kind != kind).toList();
    }

    static boolean isApi(Catalog catalog, TaskRef name) {
        return catalog.apis(name.account()).api(name.name()).isPresent();
    }

    /** What of the account others may be let call: the task or the API that the path names. */
    static TaskRef granted(Call call) {
        return Optional.of(call.task())
                .filter(
                        name ->
                                call.catalog().stampedTask(name).isPresent()
                                        || isApi(call.catalog(), name))
                .orElseThrow(TaskOperations::notFound);
    }
}
