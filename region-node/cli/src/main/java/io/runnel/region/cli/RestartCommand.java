package io.runnel.region.cli;

import io.runnel.exec.task.NodeName;
import io.runnel.region.cli.supervisor.DataFolder;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.util.List;
import java.util.concurrent.Callable;

/** Restarts nodes one after the other. */
@Command(
        name = "restart",
        mixinStandardHelpOptions = true,
        description = {
            "Restarts nodes, one after the other, while the network serves.",
            "A POP's next process takes its port over; a region's node is drained first, so that"
                    + " POPs turn to others meanwhile."
        })
final class RestartCommand implements Callable<Integer> {
    private final Shell shell;

    @Mixin private DataOption data;

    @Option(names = "--rolling", description = "all nodes of this machine, unless some are named")
    private boolean rolling;

    @Parameters(paramLabel = "NODE", arity = "0..*", description = "only these, in this order")
    private List<String> nodes = List.of();

    @Option(
            names = "--within",
            paramLabel = "TIME",
            description = "how long to wait for what runs in a region; 60s unless given")
    private String within = "60s";

    RestartCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        if (!rolling && nodes.isEmpty()) {
            throw CliException.usage("name nodes, or say --rolling for all of them");
        }
        DataFolder folder = data.in(shell);
        Progress progress = new Progress(shell);
        RollingRestart restart =
                new RollingRestart(
                        data.running(shell),
                        NodeAdmin.mustBe(folder),
                        progress,
                        DrainCommand.patience(within));
        List<NodeName> wanted = nodes.stream().map(StopCommand::name).toList();
        int count = restart.run(wanted);
        shell.print("restarted %d nodes in %s".formatted(count, progress.elapsed()));
        return 0;
    }
}
