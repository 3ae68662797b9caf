package io.runnel.pop;

import io.runnel.attestation.NetworkToken;
import io.runnel.cluster.replication.Peer;
import io.runnel.exec.node.NodeArguments;
import io.runnel.exec.node.NodeFolder;
import io.runnel.exec.task.PopId;
import io.runnel.exec.task.RegionId;
import io.runnel.topology.Address;
import io.runnel.topology.Pop;
import io.runnel.topology.Topology;
import io.runnel.topology.TopologyReader;

import java.util.List;
import java.util.stream.Stream;

/** What a POP knows before it starts: the topology, its place in it, the token. */
record PopFacts(NodeFolder folder, Topology topology, Pop pop, NetworkToken token) {

    /**
     * Reads the data folder.
     *
     * @throws IllegalArgumentException if the node is no POP in this topology
     */
    static PopFacts read(NodeArguments arguments) {
        NodeFolder folder = arguments.folder();
        Topology topology = TopologyReader.read(folder.topology());
        Pop pop =
                topology.pop(new PopId(arguments.node().value()))
                        .orElseThrow(
                                () ->
                                        new IllegalArgumentException(
                                                "%s is no POP in %s"
                                                        .formatted(
                                                                arguments.node(),
                                                                folder.topology())));
        return new PopFacts(folder, topology, pop, NetworkToken.read(folder.networkToken()));
    }

    /** The regions that this POP turns to, its own first. */
    List<Peer> regions() {
        return Stream.concat(Stream.of(pop.region()), pop.failover().stream())
                .map(this::peer)
                .toList();
    }

    /** Every region, as this POP reaches it. */
    List<Peer> allRegions() {
        return topology.regions().stream().map(region -> peer(region.name())).toList();
    }

    private Peer peer(RegionId region) {
        Address address = topology.internalAddress(pop.name().value(), region);
        return new Peer(region, address.host(), address.port());
    }

    /** What {@code Runnel-Ran-At} says. */
    String place() {
        return "pop/" + pop.name();
    }
}
