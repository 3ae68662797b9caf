package io.runnel.region.cli.supervisor;

import io.runnel.exec.task.NodeName;
import io.runnel.topology.BoundPorts;
import io.runnel.topology.Topology;
import io.runnel.topology.TopologyReader;
import io.runnel.topology.TopologyWriter;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * A data folder whose topology's nodes are {@link FakeNode}s.
 *
 * @param nodes a region's and a POP's
 * @param variables of the folder around it
 */
record FakeNetwork(
        DataFolder data, List<LocalNode> nodes, NodeCommand command, NodeVariables variables) {
    static FakeNetwork in(Path folder) throws IOException {
        DataFolder data = new DataFolder(folder.resolve("data"));
        data.create();
        try (BoundPorts ports = new BoundPorts()) {
            Topology topology = TopologyReader.parse(FakeTopology.TEXT).withFreePorts(ports);
            Files.writeString(data.topology(), TopologyWriter.write(topology));
            return new FakeNetwork(
                    data,
                    LocalNode.of(topology, LocalAddresses::contain),
                    FakeInstallation.in(folder).nodes(data),
                    new NodeVariables(Optional.of(folder)));
        }
    }

    /** Of this node alone. */
    FakeNetwork only(NodeName name) {
        return new FakeNetwork(
                data,
                nodes.stream().filter(node -> node.name().equals(name)).toList(),
                command,
                variables);
    }

    /** A supervisor of these nodes, which does nothing yet. */
    Supervisor supervisor(boolean restarts, Patience patience) {
        return new Supervisor(
                nodes,
                new NodeProcesses(command, variables),
                restarts,
                patience,
                () -> "token",
                InstantSource.system(),
                System::nanoTime);
    }
}
