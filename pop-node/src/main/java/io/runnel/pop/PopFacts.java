package io.runnel.pop;

import io.runnel.attestation.NetworkToken;
import io.runnel.cluster.replication.Peer;
import io.runnel.exec.node.NodeArguments;
import io.runnel.exec.node.NodeFolder;
import io.runnel.exec.task.PopId;
import io.runnel.exec.task.RegionId;
import io.runnel.topology.Pop;
import io.runnel.topology.Topology;
import io.runnel.topology.TopologyReader;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

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
