package io.runnel.pop;

import io.runnel.attestation.NetworkToken;
import io.runnel.cluster.replication.HttpLogSink;
import io.runnel.cluster.replication.InternalClient;
import io.runnel.cluster.replication.LogSink;
import io.runnel.cluster.replication.Peer;
import io.runnel.exec.node.NodeArguments;
import io.runnel.exec.node.NodeFolder;
import io.runnel.exec.task.NodeName;
import io.runnel.exec.task.PopId;
import io.runnel.exec.task.RegionId;
import io.runnel.topology.Address;
import io.runnel.topology.Pop;
import io.runnel.topology.Region;
import io.runnel.topology.RegionNode;
import io.runnel.topology.Topology;
import io.runnel.topology.TopologyReader;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

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

    /** Where calls go that are moved from here, the best first. */
    List<NodeName> goals() {
        return pop.regions().stream()
                .flatMap(region -> topology.region(region).stream())
                .flatMap(region -> region.nodes().stream())
                .map(RegionNode::name)
                .toList();
    }

    /** Where lines go that tasks have logged, by the home of their accounts. */
    Map<RegionId, LogSink> logSinks(InternalClient client) {
        return topology.regions().stream()
                .map(Region::name)
                .collect(
                        Collectors.toMap(
                                region -> region,
                                region -> new HttpLogSink(client, peers(region))));
    }

    /** A node of a region that this POP turns to; behind a detour whoever stands there. */
    Optional<Peer> peer(NodeName node) {
        Optional<RegionNode> known = topology.regionNode(node);
        Optional<RegionId> region =
                topology.regionOf(node).map(Region::name).filter(pop.regions()::contains);
        if (known.isEmpty() || region.isEmpty()) {
            return Optional.empty();
        }
        List<Peer> peers = peers(region.get());
        Address own = known.get().internal();
        return peers.size() == 1
                ? Optional.of(peers.getFirst())
                : peers.stream()
                        .filter(to -> to.host().equals(own.host()) && to.port() == own.port())
                        .findFirst();
    }

    /** The regions' nodes that this POP turns to, its own region's first. */
    List<Peer> regions() {
        return pop.regions().stream().flatMap(region -> peers(region).stream()).toList();
    }

    /**
     * A region's nodes, as this POP reaches them. Not every POP begins with the same one, so that
     * all of them carry some of what POPs follow and ask for.
     */
    List<Peer> peers(RegionId region) {
        List<Peer> peers =
                new ArrayList<>(
                        topology.internalAddresses(pop.name().value(), region).stream()
                                .map(to -> new Peer(region, to.host(), to.port()))
                                .toList());
        Collections.rotate(peers, Math.floorMod(pop.name().hashCode(), peers.size()));
        return peers;
    }

    /** What {@code Runnel-Ran-At} says. */
    String place() {
        return "pop/" + pop.name();
    }
}
