package io.runnel.region.cli;

import io.runnel.exec.task.NodeName;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

import java.util.concurrent.Callable;

/** Starts one node again. */
@Command(
        name = "start",
        mixinStandardHelpOptions = true,
        description = {
            "Starts a node that was stopped, and waits until it is ready.",
            "One that was drained takes calls again."
        })
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
        NodeName name = StopCommand.name(node);
        data.running(shell).start(name, progress::tell);
        Drain drain = new Drain(NodeAdmin.mustBe(data.in(shell)), progress);
        if (drain.state(name).map(Drain.State::draining).orElse(false)) {
            Drain.State unused = drain.undo(name);
        }
        shell.print("%s is ready".formatted(node));
        return 0;
    }
}
