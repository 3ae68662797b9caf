package io.runnel.region.cli;

import io.runnel.region.cli.supervisor.DataFolder;
import io.runnel.topology.BoundPorts;
import io.runnel.topology.Topology;
import io.runnel.topology.TopologyChange;
import io.runnel.topology.TopologyException;
import io.runnel.topology.TopologyReader;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Topology files. */
@Command(
        name = "topology",
        mixinStandardHelpOptions = true,
        description = "Checks and draws topology files, and applies them to a running network.")
final class TopologyCommand {
    private final Shell shell;

    TopologyCommand(Shell shell) {
        this.shell = shell;
    }

    @Command(
            name = "check",
            mixinStandardHelpOptions = true,
            description = "Names every mistake of a topology file, with line and column.")
    Integer check(@Parameters(paramLabel = "FILE") Path file) {
        try {
            Topology topology = TopologyReader.read(file);
            shell.print(
                    "%s is right: network '%s', regions %d, POPs %d, links %d"
                            .formatted(
                                    file,
                                    topology.network(),
                                    topology.regions().size(),
                                    topology.pops().size(),
                                    topology.links().size()));
            return 0;
        } catch (TopologyException e) {
            if (e.code() != TopologyException.Code.INVALID) {
                throw e;
            }
            problems(file, e).forEach(shell::say);
            return CliException.Code.FAILED.exit();
        }
    }

    @Command(
            name = "apply",
            mixinStandardHelpOptions = true,
            description = {
                "Makes the running network as a topology file says: starts what is new, drains"
                        + " and stops what is gone, restarts what differs, node by node.",
                "Shows first what it would do, and does it only with --yes. What would strand"
                        + " accounts or tasks is refused, and nothing is done."
            })
    Integer apply(
            @Mixin DataOption data,
            @Parameters(paramLabel = "FILE") Path file,
            @Option(names = "--yes", description = "do it") boolean yes,
            @Option(names = "--json", description = "print the plan as JSON") boolean json,
            @Option(
                            names = "--within",
                            paramLabel = "TIME",
                            defaultValue = "60s",
                            description =
                                    "how long to wait for what runs on a node that is drained;"
                                            + " 60s unless given")
                    String within) {
        DataFolder folder = data.in(shell);
        Progress progress = new Progress(shell);
        TopologyApply apply =
                new TopologyApply(
                        folder, data.running(shell), progress, DrainCommand.patience(within));
        Topology running = TopologyReader.read(folder.topology());
        Optional<Topology> wanted = readOrTell(file);
        if (wanted.isEmpty()) {
            return CliException.Code.FAILED.exit();
        }
        TopologyChange change = change(running, wanted.get());
        List<String> refusals = new ArrayList<>(change.refusals(apply.holdings(running)));
        refusals.addAll(apply.obstacles(change));
        if (json) {
            shell.print(Json.pretty(TopologyApply.json(change, refusals)));
        } else {
            TopologyApply.lines(change).forEach(shell::print);
        }
        return refusals.isEmpty() ? apply(apply, change, yes) : refuse(refusals);
    }

    @Command(
            name = "render",
            mixinStandardHelpOptions = true,
            description = {
                "Draws a topology file as a map (SVG).",
                "If that network runs here, with the state and load of its nodes."
            })
    Integer render(
            @Mixin DataOption data,
            @Parameters(paramLabel = "FILE") Path file,
            @Option(
                            names = "-o",
                            paramLabel = "SVG",
                            description = "where to; standard output unless given")
                    Optional<Path> to) {
        Optional<Topology> topology = readOrTell(file);
        if (topology.isEmpty()) {
            return CliException.Code.FAILED.exit();
        }
        new TopologyRender(shell, data).render(topology.get(), to);
        return 0;
    }

    /** The ports that it finds are free when it returns. */
    private static TopologyChange change(Topology running, Topology wanted) {
        try (BoundPorts ports = new BoundPorts()) {
            return TopologyChange.between(running, wanted, ports);
        }
    }

    private Optional<Topology> readOrTell(Path file) {
        try {
            return Optional.of(TopologyReader.read(file));
        } catch (TopologyException e) {
            if (e.code() != TopologyException.Code.INVALID) {
                throw e;
            }
            problems(file, e).forEach(shell::say);
            return Optional.empty();
        }
    }

    private int refuse(List<String> refusals) {
        refusals.forEach(refusal -> shell.say("runnel: refused: " + refusal));
        shell.say("runnel: nothing was changed");
        return CliException.Code.FAILED.exit();
    }

    private int apply(TopologyApply apply, TopologyChange change, boolean yes) {
        if (change.isEmpty()) {
            shell.say("the network is so already");
        } else if (yes) {
            apply.apply(change);
            shell.say("applied");
        } else {
            shell.say("nothing was changed; to do it: --yes");
        }
        return 0;
    }

    /** A line for each problem: {@code FILE:LINE:COLUMN: what}. */
    static List<String> problems(Path file, TopologyException e) {
        return e.problems().stream()
                .map(p -> (p.line() > 0 ? "%s:%s" : "%s: %s").formatted(file, p))
                .toList();
    }
}
