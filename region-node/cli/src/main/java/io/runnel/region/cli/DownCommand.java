package io.runnel.region.cli;

import io.runnel.region.cli.supervisor.DataFolder;
import io.runnel.region.cli.supervisor.Leftovers;
import io.runnel.region.cli.supervisor.SupervisorClient;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

import java.util.Optional;
import java.util.concurrent.Callable;

/** Ends a network. */
@Command(
        name = "down",
        mixinStandardHelpOptions = true,
        description =
                "Stops every node of the network on this machine, and waits until they ended.")
final class DownCommand implements Callable<Integer> {
    private final Shell shell;

    @Mixin private DataOption data;

    DownCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        DataFolder folder = data.in(shell);
        Optional<SupervisorClient> client = SupervisorClient.find(folder);
        if (client.isEmpty()) {
            Leftovers.end(folder, shell::say);
            shell.print("no network runs on " + folder.root());
            return 0;
        }
        long pid = client.get().status().pid();
        Progress progress = new Progress(shell);
        client.get().down(progress::tell);
        ProcessHandle.of(pid).ifPresent(Processes::awaitEnd);
        shell.print("network stopped in " + progress.elapsed());
        return 0;
    }
}
