package io.runnel.cluster.replication;

import io.runnel.attestation.identity.Identity;
import io.runnel.attestation.tls.PeerTrust;
import io.runnel.exec.task.NodeName;
import io.runnel.topology.Address;
import io.runnel.topology.Region;
import io.runnel.topology.RegionNode;
import io.runnel.topology.Topology;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Who is who by the topology, as seen from one of its nodes. Immutable. */
public final class PeerDirectory implements PeerTrust.Listeners {
    private final Topology topology;
    private final Map<Address, Set<NodeName>> listeners = new HashMap<>();

    /**
     * As seen from this POP or region's node: a link may lead it to an address of its own.
     *
     * @throws IllegalArgumentException if there is no such node
     */
    public PeerDirectory(Topology topology, String from) {
        this.topology = topology;
        for (Region region : topology.regions()) {
            region.nodes().forEach(node -> listens(node.internal(), Set.of(node.name())));
            List<Address> direct = region.nodes().stream().map(RegionNode::internal).toList();
            Set<NodeName> all =
                    region.nodes().stream().map(RegionNode::name).collect(Collectors.toSet());
            topology.internalAddresses(from, region.name()).stream()
                    .filter(address -> !direct.contains(address))
                    .forEach(detour -> listens(detour, all));
        }
    }

    private void listens(Address at, Set<NodeName> nodes) {
        listeners.computeIfAbsent(at, first -> new HashSet<>()).addAll(nodes);
    }

    @Override
    public boolean mayListen(String host, int port, Identity who) {
        return host != null
                && who instanceof Identity.RegionNode node
                && isNode(who)
                && listeners.getOrDefault(new Address(host, port), Set.of()).contains(node.node());
    }

    /** Whether there is such a node in the topology. */
    public boolean isNode(Identity who) {
        return switch (who) {
            case Identity.Pop pop -> topology.pop(pop.pop()).isPresent();
            case Identity.RegionNode node ->
                    topology.region(node.region()).stream()
                            .flatMap(region -> region.nodes().stream())
                            .anyMatch(known -> known.name().equals(node.node()));
            case Identity.Root root -> false;
            case Identity.Authority authority -> false;
            case Identity.Supervisor supervisor -> false;
        };
    }
}
