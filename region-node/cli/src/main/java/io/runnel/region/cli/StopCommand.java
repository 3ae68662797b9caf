package io.runnel.region.cli;

import io.runnel.exec.task.NodeName;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

import java.util.concurrent.Callable;

/** Ends one node. */
@Command(
        name = "stop",
        mixinStandardHelpOptions = true,
        description =
                "Stops one node, which stays stopped until runnel start, and waits for its end.")
final class StopCommand implements Callable<Integer> {
    private final Shell shell;

    @Mixin private DataOption data;

    @Parameters(paramLabel = "NODE", description = "a node's name, as runnel status shows it")
    private String node = "";

    StopCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        Progress progress = new Progress(shell);
        data.running(shell).stop(name(node), progress::tell);
        shell.print("%s is stopped".formatted(node));
        return 0;
    }

    /** The name of a node as a person typed it. */
    static NodeName name(String typed) {
        if (!NodeName.isValid(typed)) {
            throw CliException.usage(
                    "'%s' is no node's name; runnel status shows them".formatted(typed));
        }
        return new NodeName(typed);
    }
}
