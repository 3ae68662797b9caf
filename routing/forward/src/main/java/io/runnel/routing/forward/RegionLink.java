package io.runnel.routing.forward;

import io.runnel.exec.task.NodeName;
import io.runnel.exec.task.RegionId;
import io.runnel.topology.Address;
import io.runnel.topology.RegionNode;
import io.runnel.topology.Topology;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The way to a region, to one of its nodes where it has several.
 *
 * @param internal what is dialled
 * @param zone of the node, or empty
 * @param node which one it leads to; empty behind a detour
 * @param roundTrip a first guess
 */
public record RegionLink(
        RegionId region,
        Address internal,
        String zone,
        Optional<NodeName> node,
        Duration roundTrip) {
    /** The way to a node of no name. */
    public RegionLink(RegionId region, Address internal, String zone, Duration roundTrip) {
        this(region, internal, zone, Optional.empty(), roundTrip);
    }

    /** The way to a node of no zone. */
    public RegionLink(RegionId region, Address internal, Duration roundTrip) {
        this(region, internal, "", roundTrip);
    }

    /** The ways from a POP, region or region's node to every region's nodes, detours honoured. */
    public static List<RegionLink> from(String start, Topology topology) {
        return topology.regions().stream()
                .map(region -> region.name())
                .flatMap(
                        name ->
                                topology.internalAddresses(start, name).stream()
                                        .map(to -> link(start, topology, name, to)))
                .toList();
    }

    private static RegionLink link(String start, Topology topology, RegionId name, Address to) {
        Optional<RegionNode> node = node(topology, name, to);
        return new RegionLink(
                name,
                to,
                node.map(RegionNode::zone).orElse(""),
                node.map(RegionNode::name),
                topology.rtt(start, name));
    }

    /** Behind a detour stands whoever stands there. */
    private static Optional<RegionNode> node(Topology topology, RegionId name, Address internal) {
        return topology.region(name).stream()
                .flatMap(region -> region.nodes().stream())
                .filter(node -> node.internal().equals(internal))
                .findFirst();
    }
}
