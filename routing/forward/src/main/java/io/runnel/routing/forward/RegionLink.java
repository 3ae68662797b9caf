package io.runnel.routing.forward;

import io.runnel.exec.task.RegionId;
import io.runnel.topology.Address;
import io.runnel.topology.RegionNode;
import io.runnel.topology.Topology;

import java.time.Duration;
import java.util.List;

/**
 * The way to a region, to one of its nodes where it has several.
 *
 * @param internal what is dialled
 * @param zone of the node, or empty
 * @param roundTrip a first guess
 */
public record RegionLink(RegionId region, Address internal, String zone, Duration roundTrip) {
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
        return new RegionLink(name, to, zone(topology, name, to), topology.rtt(start, name));
    }

    /** Behind a detour stands whoever stands there. */
    private static String zone(Topology topology, RegionId name, Address internal) {
        return topology.region(name).stream()
                .flatMap(region -> region.nodes().stream())
                .filter(node -> node.internal().equals(internal))
                .map(RegionNode::zone)
                .findFirst()
                .orElse("");
    }
}
