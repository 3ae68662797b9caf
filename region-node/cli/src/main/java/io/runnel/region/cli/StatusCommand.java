package io.runnel.region.cli;

import com.fasterxml.jackson.databind.JsonNode;

import io.runnel.region.cli.supervisor.SupervisorClient;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.util.concurrent.Callable;

/** How the nodes are. */
@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        description = "Shows the nodes: their processes, and what they say of their load.")
final class StatusCommand implements Callable<Integer> {
    private final Shell shell;

    @Mixin private DataOption data;

    @Option(names = "--json", description = "print JSON")
    private boolean json;

    StatusCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        SupervisorClient.Status status = data.running(shell).status();
        StatusReport report = new StatusReport(status, load(shell, data));
        shell.print(json ? Json.pretty(report.json()) : report.table());
        return report.allReady() ? 0 : 1;
    }

    /** What a region knows of the load; nothing if none answers, which is no reason to fail. */
    static JsonNode load(Shell shell, DataOption data) {
        try {
            return Account.of(shell, data.in(shell)).api().get("/v1/nodes").path("nodes");
        } catch (ApiException | CliException e) {
            shell.say("runnel: load is unknown: %s".formatted(e.getMessage()));
            return Json.array();
        }
    }
}
