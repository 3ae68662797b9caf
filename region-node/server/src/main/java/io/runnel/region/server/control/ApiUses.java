package io.runnel.region.server.control;

import io.runnel.cluster.store.Precondition;
import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.Qualifier;
import io.runnel.exec.task.TaskRef;
import io.runnel.routing.api.Api;
import io.runnel.routing.api.Operation;
import io.runnel.routing.catalog.AccountApis;
import io.runnel.routing.catalog.ApiRecord;
import io.runnel.routing.catalog.ApiRevisionRecord;
import io.runnel.routing.catalog.ApiStage;
import io.runnel.routing.catalog.Catalog;
import io.runnel.routing.catalog.RecordKind;
import io.runnel.routing.catalog.Stamped;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Which stages of an account's APIs lead to a task: what they lead to is not deleted. */
final class ApiUses {
    private final Executor disk;

    ApiUses(Executor disk) {
        this.disk = disk;
    }

    /**
     * A route.
     *
     * @param stage of its API
     */
    private record Use(TaskRef api, String stage, Operation route) {
        RefusedException refused() {
            return new RefusedException(
                    ControlError.USED_BY_API,
                    "%s leads to it: %s".formatted(api.name() + "@" + stage, route.key()));
        }
    }

    /**
     * Deletes something, unless a stage leads to it.
     *
     * @param task what is named: a task, or a name of the account for one
     * @param named whether what is deleted is named so
     */
    CompletionStage<Reply> unlessUsed(
            Call call,
            TaskRef task,
            Predicate<Qualifier> named,
            Supplier<CompletionStage<Reply>> deleting) {
        if (call.catalog().apis(task.account()).all().isEmpty()) {
            return deleting.get();
        }
        return CompletableFuture.runAsync(
                        () ->
                                uses(call.catalog(), task)
                                        .filter(use -> named.test(use.route().version()))
                                        .findFirst()
                                        .ifPresent(
                                                use -> {
                                                    throw use.refused();
                                                }),
                        disk)
                .thenComposeAsync(done -> deleting.get(), call.exchange()::onLoop);
    }

    /** That no API of the account was written since: none that there is, and no new one. */
    static Precondition asKnown(Catalog known, AccountId account) {
        long newest =
                known.apis(account).all().stream()
                        .mapToLong(Stamped::seq)
                        .max()
                        .orElse(Precondition.ABSENT);
        return Precondition.newest(RecordKind.API, account + "/", newest);
    }

    /** The versions of a task that stages lead to by their numbers. Blocks. */
    static Set<Integer> versions(Catalog catalog, TaskRef task) {
        return uses(catalog, task)
                .map(use -> use.route().version().version())
                .collect(Collectors.toUnmodifiableSet());
    }

    private static Stream<Use> uses(Catalog catalog, TaskRef task) {
        AccountApis apis = catalog.apis(task.account());
        return apis.all().stream()
                .map(Stamped::value)
                .flatMap(
                        api ->
                                api.stages().entrySet().stream()
                                        .flatMap(stage -> uses(apis, api, stage, task)));
    }

    private static Stream<Use> uses(
            AccountApis apis, ApiRecord api, Map.Entry<String, ApiStage> stage, TaskRef task) {
        return apis
                .revision(api.name().name(), stage.getValue().revision())
                .filter(revision -> mayName(revision, task))
                .flatMap(ApiDocuments::read)
                .map(Api::operations)
                .stream()
                .flatMap(List::stream)
                .filter(route -> route.task().equals(task))
                .map(route -> new Use(api.name(), stage.getKey(), route));
    }

    /** Names are letters that nothing hides in a document as it is kept: most need no reading. */
    private static boolean mayName(ApiRevisionRecord revision, TaskRef task) {
        try {
            return ApiDocuments.text(revision).contains(task.name().value());
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
