package io.runnel.region.server;

import io.runnel.attestation.NetworkToken;
import io.runnel.cluster.replication.Peer;
import io.runnel.exec.node.NodeArguments;
import io.runnel.exec.node.NodeFolder;
import io.runnel.exec.task.NodeName;
import io.runnel.exec.task.RegionId;
import io.runnel.exec.task.TaskRef;
import io.runnel.topology.Address;
import io.runnel.topology.Region;
import io.runnel.topology.RegionNode;
import io.runnel.topology.Topology;
import io.runnel.topology.TopologyReader;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

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

    /** Every other region. */
    List<RegionId> others() {
        return topology.regions().stream()
                .map(Region::name)
                .filter(other -> !other.equals(region.name()))
                .toList();
    }

    /**
     * Another region's nodes, as this one reaches them. Not every node begins with the same one.
     */
    List<Peer> peers(RegionId other) {
        List<Peer> peers =
                new ArrayList<>(
                        topology.internalAddresses(region.name().value(), other).stream()
                                .map(to -> new Peer(other, to.host(), to.port()))
                                .toList());
        Collections.rotate(peers, region.nodes().indexOf(node) % peers.size());
        return peers;
    }

    /** Whether of all nodes of this region it is this one that a task falls to. */
    boolean fallsHere(TaskRef task) {
        List<String> names = region.nodes().stream().map(each -> each.name().value()).toList();
        return Rendezvous.of(task, names).equals(Optional.of(node.name().value()));
    }

    /** The other nodes of this region. */
    List<RegionNode> siblings() {
        return region.nodes().stream().filter(other -> !other.equals(node)).toList();
    }

    /** The same, as they are reached; in the topology's order. */
    Map<NodeName, Peer> mates() {
        Map<NodeName, Peer> mates = new LinkedHashMap<>();
        siblings().forEach(other -> mates.put(other.name(), reached(other.internal())));
        return mates;
    }

    private Peer reached(Address to) {
        return new Peer(region.name(), to.host(), to.port());
    }

    /** Who may have code that is not here: this region's other nodes, then the other regions'. */
    List<Peer> codeSources() {
        Stream<Peer> far = others().stream().flatMap(other -> peers(other).stream());
        return Stream.concat(mates().values().stream(), far).toList();
    }

    /** What {@code Runnel-Ran-At} says. */
    String place() {
        return "region/%s/%s".formatted(region.name(), node.name());
    }
}
