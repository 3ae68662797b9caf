package io.runnel.region.cli;

import com.fasterxml.jackson.databind.JsonNode;

import io.runnel.exec.task.TaskName;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.util.concurrent.Callable;

/** What tasks wrote to standard error. */
@Command(
        name = "logs",
        mixinStandardHelpOptions = true,
        description = "Shows what a task wrote to standard error, with the ids of its calls.")
final class LogsCommand implements Callable<Integer> {
    private static final int MOST_LINES = 1000;

    private final Shell shell;

    @Mixin private DataOption data;

    @Parameters(paramLabel = "NAME", description = "the task")
    private String name = "";

    @Option(
            names = {"-f", "--follow"},
            description = "go on as more is written, until Ctrl-C")
    private boolean follow;

    @Option(
            names = {"-n", "--lines"},
            paramLabel = "COUNT",
            description = "how many of the last lines; 100 unless given")
    private int lines = 100;

    @Option(names = "--json", description = "print a JSON object a line")
    private boolean json;

    LogsCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        String path = "/v1/tasks/%s/logs?limit=%d".formatted(task(), lines());
        Api api = Account.of(shell, data.in(shell)).api();
        if (follow) {
            new FollowedLog(api, path, this::print, shell).follow();
        } else {
            JsonNode page = api.get(path);
            page.path("lines").forEach(this::print);
            FollowedLog.tellDropped(page.path("dropped").asLong(), shell);
        }
        return 0;
    }

    private TaskName task() {
        try {
            return new TaskName(name);
        } catch (IllegalArgumentException e) {
            throw CliException.usage(e.getMessage());
        }
    }

    private int lines() {
        if (lines < 1 || lines > MOST_LINES) {
            throw CliException.usage("-n must be 1 to %d: %d".formatted(MOST_LINES, lines));
        }
        return lines;
    }

    private void print(JsonNode entry) {
        shell.print(json ? entry.toString() : forPeople(entry));
    }

    /** {@code 2026-11-23T15:00:00Z ams 01ABC what it said}. */
    static String forPeople(JsonNode entry) {
        return "%s %s %s %s"
                .formatted(
                        entry.path("at").asText(),
                        entry.path("node").asText(),
                        entry.path("request").asText(),
                        entry.path("text").asText().stripTrailing());
    }
}
