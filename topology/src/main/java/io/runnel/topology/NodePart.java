package io.runnel.topology;

import io.runnel.exec.task.DeviceName;
import io.runnel.exec.task.NodeName;
import io.runnel.exec.task.PopId;
import io.runnel.exec.task.RegionId;

import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What one node reads of a topology when it starts: it has to start again when this differs, and
 * need not when it does not. By what it is, for people.
 *
 * @param read the values, by the names that messages give them
 */
record NodePart(Map<String, Object> read) {

    /**
     * That of this node.
     *
     * @throws IllegalArgumentException if there is no such node
     */
    static NodePart of(Topology topology, NodeName node) {
        Map<String, Object> read = new LinkedHashMap<>();
        String name = node.value();
        topology.pop(new PopId(name))
                .ifPresentOrElse(
                        pop -> pop(read, topology, pop), () -> regionNode(read, topology, node));
        read.put("ways to regions", ways(topology, name));
        read.put("devices of regions", devices(topology));
        read.put("hosts of APIs", Set.copyOf(topology.apiHosts()));
        // No guest may call an address of the network.
        read.put("hosts of the network", Set.copyOf(topology.hosts()));
        return new NodePart(read);
    }

    private static void pop(Map<String, Object> read, Topology topology, Pop pop) {
        read.put("itself", pop);
        read.put("policies", topology.required(Policy.Action.RECEIVE_TRAFFIC));
        read.put(
                "its region's cluster",
                topology.clusterAddresses(pop.name().value(), pop.region()));
    }

    private static void regionNode(Map<String, Object> read, Topology topology, NodeName name) {
        RegionNode node =
                topology.regionNode(name)
                        .orElseThrow(() -> new IllegalArgumentException("no node: " + name));
        Region region = topology.regionOf(name).orElseThrow();
        read.put("itself", node);
        read.put("its region", region);
        read.put("registry", topology.registry().name());
        read.put("policies", topology.policies());
        // A publication is done when all of them have it; and POPs of its own it certifies.
        read.put(
                "nodes of the network",
                topology.nodes().stream()
                        .map(other -> other + " of " + certifiers(topology, other))
                        .collect(Collectors.toSet()));
    }

    private static List<RegionId> certifiers(Topology topology, NodeName node) {
        return Stream.concat(
                        topology.regionOf(node).map(Region::name).stream(),
                        topology.pop(new PopId(node.value())).stream()
                                .flatMap(pop -> pop.regions().stream()))
                .toList();
    }

    private record Way(RegionId to, List<Address> internal, Duration rtt) {}

    private static Set<Way> ways(Topology topology, String from) {
        Set<Way> ways = new HashSet<>();
        for (Region region : topology.regions()) {
            boolean isOwn =
                    region.nodes().stream().anyMatch(node -> node.name().value().equals(from));
            if (!isOwn) {
                ways.add(
                        new Way(
                                region.name(),
                                topology.internalAddresses(from, region.name()),
                                topology.rtt(from, region.name())));
            }
        }
        return ways;
    }

    /** What tasks may need of a region, whatever it is called there. */
    private static Map<RegionId, Set<DeviceName>> devices(Topology topology) {
        return topology.regions().stream()
                .collect(
                        Collectors.toMap(
                                Region::name, region -> region.devices().files().keySet()));
    }

    /** What of it is otherwise there. */
    List<String> changedIn(NodePart other) {
        return read.entrySet().stream()
                .filter(entry -> !entry.getValue().equals(other.read.get(entry.getKey())))
                .map(Map.Entry::getKey)
                .toList();
    }
}
