package io.runnel.region.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.TaskName;

import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

/** What is deployed. */
@Command(
        name = "tasks",
        mixinStandardHelpOptions = true,
        description = "Lists the account's tasks, shows one, goes back to a version, deletes one.")
final class TasksCommand implements Callable<Integer> {
    private final Shell shell;

    @Mixin private DataOption data;

    @Option(names = "--json", description = "print JSON")
    private boolean json;

    TasksCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        return list(data, json);
    }

    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "Lists the account's tasks.")
    Integer list(
            @Mixin DataOption where,
            @Option(names = "--json", description = "print JSON") boolean asJson) {
        new TaskReports(shell, asJson).list(api(where).list("/v1/tasks", "tasks"));
        return 0;
    }

    @Command(
            name = "show",
            mixinStandardHelpOptions = true,
            description = "Shows a task, its versions, and what each node holds ready for it.")
    Integer show(
            @Parameters(paramLabel = "NAME", description = "the task") String name,
            @Mixin DataOption where,
            @Option(names = "--json", description = "print JSON") boolean asJson) {
        Api api = api(where);
        String path = "/v1/tasks/" + CalledTask.name(name);
        JsonNode task = api.get(path);
        new TaskReports(shell, asJson)
                .show(task, versions(api, CalledTask.name(name)), pools(where, task));
        return 0;
    }

    /** None if the network that is asked is not the data folder's. */
    private List<NodeAdmin.Answer> pools(DataOption where, JsonNode task) {
        String account = task.path("account").asText();
        return shell.variable("RUNNEL_ENDPOINT").isPresent() || !AccountId.isValid(account)
                ? List.of()
                : NodeAdmin.of(where.in(shell))
                        .map(
                                p ->
                                        p.pools(
                                                new AccountId(account),
                                                CalledTask.name(task.path("name").asText())))
                        .orElse(List.of());
    }

    private static JsonNode versions(Api api, TaskName task) {
        return api.get("/v1/tasks/" + task + "/versions").path("versions");
    }

    @Command(
            name = "rollback",
            mixinStandardHelpOptions = true,
            description = "Makes an earlier version live: the one before unless one is named.")
    Integer rollback(
            @Parameters(paramLabel = "NAME", description = "the task") String name,
            @Parameters(paramLabel = "VERSION", arity = "0..1", description = "which one")
                    Optional<Integer> to,
            @Option(names = "--no-wait", description = "do not wait until every node has it")
                    boolean noWait,
            @Option(names = "--json", description = "print JSON") boolean asJson,
            @Mixin DataOption where) {
        Api api = api(where);
        TaskName task = CalledTask.name(name);
        int version = to.orElseGet(() -> versionBefore(api, task));
        TaskReports report = new TaskReports(shell, asJson);
        Progress progress = new Progress(shell);
        api.send("PUT", "/v1/tasks/" + task + "/live", Json.object().put("version", version));
        Rollout rollout =
                noWait
                        ? Rollout.NOT_WAITED_FOR
                        : new Publisher(api).awaitRollout(task, version, report::reached);
        report.rolledBack(task, version, rollout, progress.elapsed());
        return rollout.isSettled() ? 0 : 1;
    }

    private static int versionBefore(Api api, TaskName task) {
        int live = api.get("/v1/tasks/" + task).path("live").asInt();
        int before = 0;
        for (JsonNode version : versions(api, task)) {
            int number = version.path("version").asInt();
            before = number < live ? Math.max(before, number) : before;
        }
        if (before == 0) {
            throw CliException.failed(
                    "%s has no version before %d, which is live".formatted(task, live));
        }
        return before;
    }

    @Command(
            name = "limit",
            mixinStandardHelpOptions = true,
            description = {
                "Says how many calls of a task may be under way at once at each node that users"
                        + " call; what goes beyond is answered 429.",
                "With --concurrent 0 nobody may call it."
            })
    Integer limit(
            @Parameters(paramLabel = "NAME", description = "the task") String name,
            @ArgGroup(multiplicity = "1") Concurrency most,
            @Mixin WaitOption patience,
            @Mixin DataOption where) {
        Api api = api(where);
        Api.Change change =
                api.change(
                        "PUT", "/v1/tasks/" + CalledTask.name(name) + "/concurrency", most.body());
        int end = patience.await(shell, api, change);
        JsonNode task = change.answer();
        shell.print(
                task.has("concurrent")
                        ? "%s: %s calls may be under way at once at each node"
                                .formatted(name, task.path("concurrent").asText())
                        : name + ": calls are not limited");
        return end;
    }

    /** How many calls at once. */
    static final class Concurrency {
        @Option(names = "--concurrent", required = true, paramLabel = "N", description = "so many")
        private Optional<Integer> calls = Optional.empty();

        @Option(names = "--none", required = true, description = "any number")
        private boolean none;

        ObjectNode body() {
            ObjectNode body = Json.object();
            return none ? body : body.put("concurrent", calls.orElseThrow());
        }
    }

    @Command(
            name = "events",
            mixinStandardHelpOptions = true,
            description = {
                "Shows, or says, what becomes of a task's events: calls that nobody waits for.",
                "What is not said is as usual. An event that was given up, or that succeeded, is"
                        + " told to another task of the account by an event."
            })
    Integer events(
            @Parameters(paramLabel = "NAME", description = "the task") String name,
            @Mixin EventRuleOptions rule,
            @Option(names = "--json", description = "print JSON") boolean asJson,
            @Mixin WaitOption patience,
            @Mixin DataOption where) {
        Api api = api(where);
        String path = "/v1/tasks/" + CalledTask.name(name) + "/events";
        int end = 0;
        if (rule.changes()) {
            end = patience.await(shell, api, api.change(rule.method(), path, rule.body()));
        }
        JsonNode now = api.get(path);
        shell.print(asJson ? now.toPrettyString() : EventRuleOptions.sentence(name, now));
        return end;
    }

    @Command(
            name = "delete",
            mixinStandardHelpOptions = true,
            description = "Deletes a task: its URL answers 404 from then on.")
    Integer delete(
            @Parameters(paramLabel = "NAME", description = "the task") String name,
            @Mixin WaitOption patience,
            @Mixin DataOption where) {
        Api api = api(where);
        Api.Change change =
                api.change("DELETE", "/v1/tasks/" + CalledTask.name(name), Json.object());
        int end = patience.await(shell, api, change);
        shell.print("%s is deleted".formatted(name));
        return end;
    }

    private Api api(DataOption where) {
        return Account.of(shell, where.in(shell)).api();
    }
}
