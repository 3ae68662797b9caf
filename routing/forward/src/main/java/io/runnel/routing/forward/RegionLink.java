package io.runnel.routing.forward;

import io.runnel.exec.task.RegionId;
import io.runnel.topology.Address;
import io.runnel.topology.Topology;

import java.time.Duration;
import java.util.List;

/**
 * The way to one region.
 *
 * @param internal what is dialled
 * @param roundTrip a first guess
 */
public record RegionLink(RegionId region, Address internal, Duration roundTrip) {
    /** The ways from a POP, region or region's node to every region, detours honoured. */
    public static List<RegionLink> from(String start, Topology topology) {
        return topology.regions().stream()
                .map(region -> region.name())
                .map(
                        name ->
                                new RegionLink(
                                        name,
                                        topology.internalAddress(start, name),
                                        topology.rtt(start, name)))
                .toList();
    }
}
