package io.runnel.region.server;

import io.runnel.attestation.NetworkToken;
import io.runnel.cluster.replication.Peer;
import io.runnel.exec.node.NodeArguments;
import io.runnel.exec.node.NodeFolder;
import io.runnel.topology.Address;
import io.runnel.topology.Region;
import io.runnel.topology.RegionNode;
import io.runnel.topology.Topology;
import io.runnel.topology.TopologyReader;

import java.util.List;

/** What a region's node knows before it starts: the topology, its place in it, the token. */
record RegionFacts(
        NodeFolder folder, Topology topology, Region region, RegionNode node, NetworkToken token) {

    /**
     * Reads the data folder.
     *
     * @throws IllegalArgumentException if the node is no region's in this topology
     */
    static RegionFacts read(NodeArguments arguments) {
        NodeFolder folder = arguments.folder();
        Topology topology = TopologyReader.read(folder.topology());
        RegionNode node =
                topology.regionNode(arguments.node())
                        .orElseThrow(
                                () ->
                                        new IllegalArgumentException(
                                                "%s is no region's node in %s"
                                                        .formatted(
                                                                arguments.node(),
                                                                folder.topology())));
        Region region = topology.regionOf(node.name()).orElseThrow();
        return new RegionFacts(
                folder, topology, region, node, NetworkToken.read(folder.networkToken()));
    }

    /** Every other region, as this one reaches it. */
    List<Peer> others() {
        return topology.regions().stream()
                .filter(other -> !other.name().equals(region.name()))
                .map(this::peer)
                .toList();
    }

    private Peer peer(Region other) {
        Address address = topology.internalAddress(region.name().value(), other.name());
        return new Peer(other.name(), address.host(), address.port());
    }

    /** What {@code Runnel-Ran-At} says. */
    String place() {
        return "region/%s/%s".formatted(region.name(), node.name());
    }
}
