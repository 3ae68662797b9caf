package io.runnel.routing.forward;

import io.runnel.exec.task.RegionId;
import io.runnel.topology.Address;
import io.runnel.topology.Topology;

import java.time.Duration;
import java.util.List;

/**
 * The way to a region, to one of its nodes where it has several.
 *
 * @param internal what is dialled
 * @param roundTrip a first guess
 */
public record RegionLink(RegionId region, Address internal, Duration roundTrip) {
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
        return new RegionLink(name, to, topology.rtt(start, name));
    }
}
