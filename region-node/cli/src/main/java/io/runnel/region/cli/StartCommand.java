package io.runnel.region.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

import java.util.concurrent.Callable;

/** Starts one node again. */
@Command(
        name = "start",
        mixinStandardHelpOptions = true,
        description = "Starts a node that was stopped, and waits until it is ready.")
final class StartCommand implements Callable<Integer> {
    private final Shell shell;

    @Mixin private DataOption data;

    @Parameters(paramLabel = "NODE", description = "a node's name, as runnel status shows it")
    private String node = "";

    StartCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        Progress progress = new Progress(shell);
        data.running(shell).start(StopCommand.name(node), progress::tell);
        shell.print("%s is ready".formatted(node));
        return 0;
    }
}
