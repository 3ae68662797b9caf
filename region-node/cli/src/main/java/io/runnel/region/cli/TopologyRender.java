package io.runnel.region.cli;

import io.runnel.exec.task.NodeName;
import io.runnel.region.cli.supervisor.SupervisorClient;
import io.runnel.topology.NetworkMap;
import io.runnel.topology.Topology;
import io.runnel.topology.TopologyReader;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Draws a network, as it runs if it does. */
record TopologyRender(Shell shell, DataOption data) {
    void render(Topology topology, Optional<Path> to) {
        Map<NodeName, NetworkMap.NodeSaid> said = said(topology);
        String svg = new NetworkMap(topology, said).svg();
        if (to.isEmpty()) {
            shell.print(svg.stripTrailing());
            return;
        }
        write(to.get(), svg);
        shell.print(
                "%s: regions %d, POPs %d, %s"
                        .formatted(
                                to.get(),
                                topology.regions().size(),
                                topology.pops().size(),
                                said.isEmpty()
                                        ? "as the file has them; the network does not run here"
                                        : "as they run now"));
    }

    private static void write(Path to, String svg) {
        try {
            Files.writeString(to, svg);
        } catch (IOException e) {
            throw CliException.failed("%s cannot be written: %s".formatted(to, e));
        }
    }

    /** Of the nodes of a network of this name that runs here. */
    private Map<NodeName, NetworkMap.NodeSaid> said(Topology topology) {
        Optional<SupervisorClient> supervisor = SupervisorClient.find(data.in(shell));
        if (supervisor.isEmpty() || !isThatNetwork(topology)) {
            return Map.of();
        }
        StatusReport report =
                new StatusReport(supervisor.get().status(), StatusCommand.load(shell, data));
        Map<NodeName, NetworkMap.NodeSaid> nodes = new HashMap<>(report.onMap());
        nodes.keySet().retainAll(topology.nodes());
        return nodes;
    }

    private boolean isThatNetwork(Topology topology) {
        Path running = data.in(shell).topology();
        return TopologyReader.read(running).network().equals(topology.network());
    }
}
