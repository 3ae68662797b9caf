package io.runnel.region.server.control;

import io.runnel.cluster.store.Precondition;
import io.runnel.exec.http.ErrorCode;
import io.runnel.exec.task.Qualifier;
import io.runnel.exec.task.TaskRef;
import io.runnel.routing.api.Api;
import io.runnel.routing.api.Operation;
import io.runnel.routing.api.WebhookRule;
import io.runnel.routing.catalog.AliasRecord;
import io.runnel.routing.catalog.CallerAliasRecord;
import io.runnel.routing.catalog.Catalog;
import io.runnel.routing.catalog.RecordKind;
import io.runnel.routing.catalog.Stamped;
import io.runnel.routing.catalog.TaskRecord;
import io.runnel.routing.catalog.VersionRecord;
import io.runnel.routing.placement.CalledName;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * The tasks that an API's routes lead to: each must be one that the API's account may call at the
 * time of writing. Pure.
 */
final class ApiMembers {
    private final Catalog catalog;
    private final TaskRef api;
    private final Set<Precondition> asKnown = new LinkedHashSet<>();

    private ApiMembers(Catalog catalog, TaskRef api) {
        this.catalog = catalog;
        this.api = api;
    }

    /**
     * Checks all routes.
     *
     * @return that what of the account itself they lead to is as the catalog has it
     * @throws RefusedException if one leads to nothing that the account may call; with the route
     */
    static List<Precondition> require(Catalog catalog, TaskRef name, Api api) {
        ApiMembers members = new ApiMembers(catalog, name);
        api.operations().forEach(members::requireNamed);
        return List.copyOf(members.asKnown);
    }

    private void requireNamed(Operation route) {
        try {
            require(route);
        } catch (RefusedException e) {
            String why = e.problem().detail().orElse(e.problem().code().title());
            throw new RefusedException(e.problem().code(), route.key() + ": " + why);
        }
    }

    private void require(Operation route) {
        TaskRef task = route.task();
        boolean isOwn = task.account().equals(api.account());
        Optional<Stamped<TaskRecord>> found = catalog.stampedTask(task);
        if (isOwn && found.isEmpty()) {
            requireAlias(task, route.version());
        } else {
            CallableTask.require(catalog, api.account(), task, route.version());
        }
        if (isOwn && found.isPresent()) {
            asKnown.add(new Precondition(RecordKind.TASK, task.toString(), found.get().seq()));
            requireOwn(task, route.version());
        }
        route.webhook().ifPresent(webhook -> requireSecret(route, webhook));
    }

    private void requireAlias(TaskRef name, Qualifier version) {
        Stamped<CallerAliasRecord> alias =
                catalog.callerAlias(name)
                        .filter(held -> version.equals(Qualifier.NONE))
                        .orElseThrow(
                                () ->
                                        new RefusedException(
                                                ErrorCode.TASK_NOT_FOUND,
                                                "the account may call no task " + name));
        try {
            CalledName called = CalledName.followed(catalog, alias.value());
            CallableTask.require(catalog, api.account(), called.task(), called.version());
        } catch (CalledName.LostException e) {
            throw RefusedException.invalid(name.name().value(), e.getMessage());
        }
        asKnown.add(new Precondition(RecordKind.CALLER_ALIAS, name.toString(), alias.seq()));
    }

    private void requireOwn(TaskRef task, Qualifier version) {
        if (!version.alias().isEmpty() && !version.alias().equals(AliasRecord.LIVE)) {
            Stamped<AliasRecord> alias =
                    catalog.alias(task, version.alias())
                            .orElseThrow(
                                    () ->
                                            new RefusedException(
                                                    ControlError.ALIAS_NOT_FOUND,
                                                    task + " has no " + version));
            asKnown.add(new Precondition(RecordKind.ALIAS, alias.value().key(), alias.seq()));
        }
    }

    /** In whatever version a call may come to. */
    private void requireSecret(Operation route, WebhookRule webhook) {
        TaskRef task = route.task();
        boolean isSecret =
                task.account().equals(api.account())
                        && versions(task, route.version())
                                .mapToObj(number -> catalog.version(task, number))
                                .allMatch(
                                        version ->
                                                version.filter(it -> has(it, webhook.secret()))
                                                        .isPresent());
        if (!isSecret) {
            throw RefusedException.invalid(
                    "x-runnel-webhook",
                    "%s is no secret variable of %s%s"
                            .formatted(webhook.secret(), task, route.version()));
        }
    }

    private static boolean has(VersionRecord version, String secret) {
        return version.task()
                .options()
                .secrets()
                .filter(bundle -> bundle.names().contains(secret))
                .isPresent();
    }

    private IntStream versions(TaskRef task, Qualifier named) {
        if (named.version() > 0) {
            return IntStream.of(named.version());
        }
        String alias = named.alias().isEmpty() ? AliasRecord.LIVE : named.alias();
        int live = catalog.task(task).map(TaskRecord::live).orElse(0);
        return catalog.alias(task, alias)
                .map(Stamped::value)
                .map(
                        it ->
                                IntStream.concat(
                                        IntStream.of(it.version()),
                                        it.canary().stream().mapToInt(other -> other.version())))
                .orElseGet(() -> IntStream.of(live));
    }
}
