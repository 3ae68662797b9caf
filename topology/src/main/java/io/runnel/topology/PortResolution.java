package io.runnel.topology;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** One run of {@link Topology#withFreePorts}. */
final class PortResolution {
    /** A finder that keeps naming ports that are taken gives up here. */
    private static final int MOST_TRIES = 100;

    private final Topology topology;
    private final PortFinder finder;
    private final Set<Integer> taken = new HashSet<>();

    PortResolution(Topology topology, PortFinder finder) {
        this.topology = topology;
        this.finder = finder;
    }

    Topology resolved() {
        addresses(topology).map(Address::port).forEach(taken::add);
        return mapped(topology, this::resolve);
    }

    private Address resolve(Address address) {
        if (address.port() != 0) {
            return address;
        }
        for (int i = 0; i < MOST_TRIES; i++) {
            int port = finder.freePort(address.host());
            if (taken.add(port)) {
                return address.withPort(port);
            }
        }
        throw new TopologyException(
                TopologyException.Code.NO_PORT,
                List.of(new Problem(0, 0, "", "no free port at " + address.host())));
    }

    /** Every address of the topology, in the order of the file. */
    static Stream<Address> addresses(Topology topology) {
        List<Address> found = new ArrayList<>();
        mapped(
                topology,
                address -> {
                    found.add(address);
                    return address;
                });
        return found.stream();
    }

    private static Topology mapped(Topology topology, UnaryOperator<Address> change) {
        return mapped(topology, (what, address) -> change.apply(address));
    }

    /** Changes an address, knowing whose it is: a text that names it in its topology. */
    @FunctionalInterface
    interface Change {
        Address apply(String what, Address address);
    }

    static Topology mapped(Topology topology, Change change) {
        return new Topology(
                topology.network(),
                topology.regions().stream().map(r -> mapped(r, change)).toList(),
                topology.pops().stream().map(p -> mapped(p, change)).toList(),
                topology.links().stream().map(l -> mapped(l, change)).toList(),
                topology.chaosAllowed(),
                supervisors(topology.supervisors(), change),
                topology.policies(),
                topology.apiHosts());
    }

    private static List<Address> supervisors(List<Address> addresses, Change change) {
        return IntStream.range(0, addresses.size())
                .mapToObj(i -> change.apply("supervisor " + i, addresses.get(i)))
                .toList();
    }

    private static Region mapped(Region region, Change change) {
        return new Region(
                region.name(),
                region.registry(),
                region.location(),
                region.store(),
                region.nodes().stream().map(n -> mapped(n, change)).toList(),
                region.devices());
    }

    private static RegionNode mapped(RegionNode node, Change change) {
        String whose = "node %s ".formatted(node.name());
        return new RegionNode(
                node.name(),
                node.zone(),
                change.apply(whose + "listen", node.listen()),
                change.apply(whose + "internal", node.internal()),
                change.apply(whose + "cluster", node.cluster()),
                change.apply(whose + "admin", node.admin()),
                node.slots(),
                node.memory());
    }

    private static Pop mapped(Pop pop, Change change) {
        String whose = "POP %s ".formatted(pop.name());
        return new Pop(
                pop.name(),
                pop.location(),
                change.apply(whose + "listen", pop.listen()),
                pop.tls(),
                change.apply(whose + "admin", pop.admin()),
                pop.region(),
                pop.failover(),
                pop.slots(),
                pop.memory(),
                pop.restrictions(),
                pop.devices());
    }

    private static Link mapped(Link link, Change change) {
        String whose = "link %s %s ".formatted(link.from(), link.to());
        Optional<Via> via =
                link.via()
                        .map(
                                v ->
                                        new Via(
                                                v.internal()
                                                        .map(
                                                                a ->
                                                                        change.apply(
                                                                                whose + "internal",
                                                                                a)),
                                                v.cluster()
                                                        .map(
                                                                a ->
                                                                        change.apply(
                                                                                whose + "cluster",
                                                                                a))));
        return new Link(link.from(), link.to(), link.rtt(), via);
    }
}
