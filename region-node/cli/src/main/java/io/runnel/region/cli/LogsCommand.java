package io.runnel.region.cli;

import com.fasterxml.jackson.databind.JsonNode;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;

/** What tasks wrote to standard error. */
@Command(
        name = "logs",
        mixinStandardHelpOptions = true,
        description = "Shows what a task wrote to standard error, with the ids of its calls.")
final class LogsCommand implements Callable<Integer> {
    private final Shell shell;

    @Mixin private DataOption data;

    @Parameters(paramLabel = "NAME", description = "the task")
    private String name = "";

    @Option(
            names = {"-f", "--follow"},
            description = "go on as more is written, until Ctrl-C")
    private boolean follow;

    @Option(names = "--json", description = "print a JSON object a line")
    private boolean json;

    LogsCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        String path = "/v1/tasks/%s/logs?after=0%s".formatted(name, follow ? "&follow=1" : "");
        Api api = Account.of(shell, data.in(shell)).api();
        try (BufferedReader lines =
                new BufferedReader(
                        new InputStreamReader(api.stream(path), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                print(line);
            }
        } catch (IOException e) {
            throw CliException.failed("the region broke off: %s".formatted(e.getMessage()));
        }
        return 0;
    }

    private void print(String line) {
        if (line.isBlank()) {
            return;
        }
        shell.print(json ? line : LogsCommand.forPeople(Json.read(line)));
    }

    /** {@code 2026-11-23T15:00:00Z ams 01ABC what it said}. */
    static String forPeople(JsonNode entry) {
        return "%s %s %s %s"
                .formatted(
                        entry.path("at").asText(),
                        entry.path("node").asText(),
                        entry.path("requestId").asText(),
                        entry.path("text").asText().stripTrailing());
    }
}
