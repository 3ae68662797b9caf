package io.runnel.region.cli;

import com.fasterxml.jackson.databind.JsonNode;

import io.runnel.exec.task.TaskName;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

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
        return list();
    }

    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "Lists the account's tasks.")
    Integer list(
            @Mixin DataOption where,
            @Option(names = "--json", description = "print JSON") boolean asJson) {
        data = where;
        json = asJson;
        return list();
    }

    private int list() {
        JsonNode answer = api().get("/v1/tasks");
        TaskReports reports = new TaskReports(shell, json);
        reports.list(answer);
        return 0;
    }

    @Command(
            name = "show",
            mixinStandardHelpOptions = true,
            description = "Shows a task and its versions.")
    Integer show(
            @Parameters(paramLabel = "NAME") String name,
            @Mixin DataOption where,
            @Option(names = "--json", description = "print JSON") boolean asJson) {
        data = where;
        new TaskReports(shell, asJson).show(api().get("/v1/tasks/" + task(name)));
        return 0;
    }

    @Command(
            name = "rollback",
            mixinStandardHelpOptions = true,
            description = "Makes an earlier version live: the one before unless --to names one.")
    Integer rollback(
            @Parameters(paramLabel = "NAME") String name,
            @Option(names = "--to", paramLabel = "VERSION", description = "which version")
                    Optional<Integer> to,
            @Option(names = "--no-wait", description = "do not wait until every node has it")
                    boolean noWait,
            @Mixin DataOption where) {
        data = where;
        Api api = api();
        TaskName task = task(name);
        int version = to.orElseGet(() -> versionBefore(api, task));
        Progress progress = new Progress(shell);
        api.send("PUT", "/v1/tasks/" + task + "/live", Json.object().put("version", version));
        JsonNode nodes =
                noWait
                        ? Json.array()
                        : new Publisher(api)
                                .awaitRollout(
                                        task, version, n -> shell.print("  " + Publisher.line(n)));
        shell.print("%s is at version %d, after %s".formatted(task, version, progress.elapsed()));
        return Publisher.isDone(nodes) ? 0 : 1;
    }

    private static int versionBefore(Api api, TaskName task) {
        JsonNode shown = api.get("/v1/tasks/" + task);
        int live = shown.path("live").asInt();
        int before = 0;
        for (JsonNode version : shown.path("versions")) {
            int number = version.path("version").asInt();
            before = number < live ? Math.max(before, number) : before;
        }
        if (before == 0) {
            throw CliException.failed("%s has no version before %d".formatted(task, live));
        }
        return before;
    }

    @Command(
            name = "delete",
            mixinStandardHelpOptions = true,
            description = "Deletes a task: its URL answers 404 from then on.")
    Integer delete(@Parameters(paramLabel = "NAME") String name, @Mixin DataOption where) {
        data = where;
        api().delete("/v1/tasks/" + task(name));
        shell.print("%s is deleted".formatted(name));
        return 0;
    }

    private Api api() {
        return Account.of(shell, data.in(shell)).api();
    }

    private static TaskName task(String name) {
        try {
            return new TaskName(name);
        } catch (IllegalArgumentException e) {
            throw CliException.usage(e.getMessage());
        }
    }
}
