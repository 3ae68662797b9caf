package io.runnel.region.cli;

import io.runnel.topology.Topology;
import io.runnel.topology.TopologyException;
import io.runnel.topology.TopologyReader;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

import java.nio.file.Path;
import java.util.List;

/** Topology files. */
@Command(name = "topology", mixinStandardHelpOptions = true, description = "Checks topology files.")
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

    /** A line for each problem: {@code FILE:LINE:COLUMN: what}. */
    static List<String> problems(Path file, TopologyException e) {
        return e.problems().stream()
                .map(p -> (p.line() > 0 ? "%s:%s" : "%s: %s").formatted(file, p))
                .toList();
    }
}
