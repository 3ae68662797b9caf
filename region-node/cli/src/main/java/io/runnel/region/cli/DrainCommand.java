package io.runnel.region.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.runnel.exec.task.NodeName;
import io.runnel.region.cli.supervisor.DataFolder;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.time.Duration;
import java.util.concurrent.Callable;

/** Empties one node of calls. */
@Command(
        name = "drain",
        mixinStandardHelpOptions = true,
        description = {
            "Sends calls elsewhere than to a node, and waits until nothing runs there.",
            "It stays up, for runnel stop, or until --undo or runnel start. What comes all the"
                    + " same is answered: a POP forwards it, a region runs it."
        })
final class DrainCommand implements Callable<Integer> {
    private final Shell shell;

    @Mixin private DataOption data;

    @Parameters(paramLabel = "NODE", description = "a node's name, as runnel status shows it")
    private String node = "";

    @Option(names = "--undo", description = "let calls in again")
    private boolean undo;

    @Option(names = "--no-wait", description = "do not wait for what runs there")
    private boolean noWait;

    @Option(
            names = "--within",
            paramLabel = "TIME",
            description = "how long to wait for what runs there; 60s unless given")
    private String within = "60s";

    @Option(names = "--json", description = "print JSON")
    private boolean json;

    DrainCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        NodeName name = StopCommand.name(node);
        Duration patience = patience(within);
        DataFolder folder = data.in(shell);
        Drain drain = new Drain(NodeAdmin.mustBe(folder), new Progress(shell));
        Drain.State state;
        if (undo) {
            state = drain.undo(name);
        } else {
            state = drain.begin(name);
            if (!noWait) {
                state = drain.await(name, patience);
            }
        }
        shell.print(json ? Json.pretty(json(state)) : text(folder, state));
        return undo || noWait || state.isEmpty() ? 0 : CliException.Code.FAILED.exit();
    }

    static Duration patience(String text) {
        try {
            return Durations.parse(text);
        } catch (IllegalArgumentException e) {
            throw CliException.usage("--within: " + e.getMessage());
        }
    }

    private ObjectNode json(Drain.State state) {
        return Json.object()
                .put("node", node)
                .put("state", state.label())
                .put("left", state.left());
    }

    private String text(DataFolder folder, Drain.State state) {
        if (!state.draining()) {
            return "%s takes calls".formatted(node);
        }
        if (!state.isEmpty()) {
            return "%s is draining: %d calls are left there".formatted(node, state.left());
        }
        return "%s is drained; next %s, or %s"
                .formatted(
                        node,
                        shell.command(folder, "stop " + node),
                        shell.command(folder, "start " + node));
    }
}
