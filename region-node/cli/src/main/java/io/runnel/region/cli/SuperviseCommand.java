package io.runnel.region.cli;

import io.runnel.region.cli.supervisor.NodeCommand;
import io.runnel.region.cli.supervisor.Patience;
import io.runnel.region.cli.supervisor.SupervisorProcess;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.util.concurrent.Callable;

/** The supervisor's process; {@code up} starts it, people do not. */
@Command(name = "supervise", hidden = true, description = "Runs the nodes of a data folder.")
final class SuperviseCommand implements Callable<Integer> {
    private final Shell shell;

    @Mixin private DataOption data;

    @Option(names = "--no-restart")
    private boolean noRestart;

    SuperviseCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        NodeCommand nodes = shell.installation().nodes(data.in(shell));
        boolean wasReady = SupervisorProcess.run(nodes, !noRestart, Patience.DEFAULT, shell.in());
        return wasReady ? 0 : 1;
    }
}
