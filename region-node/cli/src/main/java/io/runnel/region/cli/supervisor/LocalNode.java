package io.runnel.region.cli.supervisor;

import io.runnel.exec.task.ByteSize;
import io.runnel.exec.task.NodeName;
import io.runnel.topology.Address;
import io.runnel.topology.NodeStatus.Role;
import io.runnel.topology.Pop;
import io.runnel.topology.RegionNode;
import io.runnel.topology.Topology;

import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * A node that this machine is to run.
 *
 * @param section where the topology file speaks of it, for messages: {@code pops ams}
 * @param listeners what it listens on; the first is where users come to, the last where operators
 * @param secured whether users' address speaks TLS
 * @param slots tasks at once
 * @param memory for isolates
 */
public record LocalNode(
        NodeName name,
        Role role,
        String section,
        List<Listener> listeners,
        boolean secured,
        int slots,
        ByteSize memory) {

    /** An address that a node will open. */
    public record Listener(String what, Address address) {}

    public LocalNode {
        listeners = List.copyOf(listeners);
    }

    /** Where users, and readiness probes, come to. */
    public Address listen() {
        return listeners.getFirst().address();
    }

    /** Where operators come to. */
    Address admin() {
        return listeners.getLast().address();
    }

    /** The nodes whose users' address is on this machine: regions first, then POPs. */
    public static List<LocalNode> of(Topology topology, Predicate<Address> isLocal) {
        return Stream.concat(
                        topology.regions().stream()
                                .flatMap(r -> r.nodes().stream())
                                .map(LocalNode::of),
                        topology.pops().stream().map(LocalNode::of))
                .filter(n -> isLocal.test(n.listen()))
                .toList();
    }

    private static LocalNode of(RegionNode node) {
        return new LocalNode(
                node.name(),
                Role.REGION,
                "regions " + node.name(),
                List.of(
                        new Listener("listen", node.listen()),
                        new Listener("internal", node.internal()),
                        new Listener("cluster", node.cluster()),
                        new Listener("admin", node.admin())),
                true,
                node.slots(),
                node.memory());
    }

    private static LocalNode of(Pop pop) {
        return new LocalNode(
                pop.node(),
                Role.POP,
                "pops " + pop.name(),
                List.of(new Listener("listen", pop.listen()), new Listener("admin", pop.admin())),
                pop.isSecured(),
                pop.slots(),
                pop.memory());
    }
}
