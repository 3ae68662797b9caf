package io.runnel.region.cli;

import io.runnel.region.cli.supervisor.DataFolder;
import io.runnel.region.cli.supervisor.SupervisorClient;

import picocli.CommandLine.Option;

import java.nio.file.Path;
import java.util.Optional;

/** Which network on this machine a command is about. */
final class DataOption {
    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "the network's data folder; .runnel beside the launcher unless given")
    private Optional<Path> folder = Optional.empty();

    DataFolder in(Shell shell) {
        return new DataFolder(folder.orElseGet(shell::defaultData));
    }

    /** The supervisor of this folder. */
    SupervisorClient running(Shell shell) {
        DataFolder data = in(shell);
        return SupervisorClient.find(data)
                .orElseThrow(() -> CliException.failed(noNetwork(shell, data)));
    }

    /** What is said when none runs there. */
    static String noNetwork(Shell shell, DataFolder data) {
        return "no network runs on %s; start one: %s"
                .formatted(data.root(), shell.command(data, "up"));
    }
}
