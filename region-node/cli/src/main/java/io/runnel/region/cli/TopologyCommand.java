package io.runnel.region.cli;

import io.runnel.topology.Topology;
import io.runnel.topology.TopologyException;
import io.runnel.topology.TopologyReader;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

import java.nio.file.Path;

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
            e.problems().forEach(p -> shell.say("%s:%s".formatted(file, p)));
            return CliException.Code.FAILED.exit();
        }
    }
}
