package io.runnel.topology;

import io.runnel.exec.task.DeviceName;
import io.runnel.exec.task.NodeName;
import io.runnel.exec.task.RegionId;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What has to be done to a running network so that it becomes as another topology says. Pure; any
 * thread.
 *
 * @param after what is to be: its ports 0 are those of the running network where the same listener
 *     of the same node has one, else free ones
 * @param differences what differs, in the order of the files, for people
 * @param starts nodes that are new: regions' first, then POPs
 * @param restarts nodes that stay and have read something that differs, with what that is: regions'
 *     first, then POPs
 * @param stops nodes that go: POPs first, then regions'
 */
public record TopologyChange(
        Topology before,
        Topology after,
        List<Difference> differences,
        List<NodeName> starts,
        Map<NodeName, String> restarts,
        List<NodeName> stops) {

    /** What happens to something. */
    public enum Kind {
        ADDED,
        CHANGED,
        REMOVED
    }

    /**
     * One thing that differs.
     *
     * @param what what it is, and which: {@code POP ams}
     * @param how in which respect, for what stays; else empty
     */
    public record Difference(Kind kind, String what, String how) {}

    /**
     * What a network keeps that has a place.
     *
     * @param homes how many accounts each region is the home of
     * @param tasks that do not run everywhere, by their names
     */
    public record Holdings(Map<RegionId, Integer> homes, Map<String, Needs> tasks) {
        public Holdings {
            homes = Map.copyOf(homes);
            tasks = Map.copyOf(tasks);
        }
    }

    /**
     * Where a task runs alone.
     *
     * @param regions those that it is bound to; empty for all
     * @param devices what it uses
     */
    public record Needs(List<RegionId> regions, List<DeviceName> devices) {
        public Needs {
            regions = List.copyOf(regions);
            devices = List.copyOf(devices);
        }

        private boolean canRunIn(Topology topology) {
            return !topology.regionsFor(regions, devices).isEmpty();
        }

        @Override
        public String toString() {
            Stream<String> bound =
                    regions.isEmpty() ? Stream.of() : Stream.of("is bound to " + all(regions));
            Stream<String> uses =
                    devices.isEmpty() ? Stream.of() : Stream.of("uses " + all(devices));
            return Stream.concat(bound, uses).collect(Collectors.joining(" and "));
        }

        private static String all(List<?> names) {
            return names.stream().map(Object::toString).collect(Collectors.joining(", "));
        }
    }

    public TopologyChange {
        differences = List.copyOf(differences);
        starts = List.copyOf(starts);
        restarts = Collections.unmodifiableMap(new LinkedHashMap<>(restarts));
        stops = List.copyOf(stops);
    }

    /**
     * From the network as it runs to what a file says.
     *
     * @param running its ports are known
     * @param ports finds ports for what is new and names none
     */
    public static TopologyChange between(Topology running, Topology wanted, PortFinder ports) {
        Topology after = new CarriedPorts(running).into(wanted).withFreePorts(ports);
        return new TopologyChange(
                running,
                after,
                differences(running, after),
                missing(after.nodes(), running.nodes()),
                restarts(running, after),
                missing(running.nodes(), after.nodes()).reversed());
    }

    private static List<NodeName> missing(List<NodeName> all, List<NodeName> there) {
        return all.stream().filter(node -> !there.contains(node)).toList();
    }

    private static Map<NodeName, String> restarts(Topology before, Topology after) {
        Map<NodeName, String> restarts = new LinkedHashMap<>();
        for (NodeName node : after.nodes()) {
            if (before.nodes().contains(node)) {
                List<String> changed =
                        NodePart.of(before, node).changedIn(NodePart.of(after, node));
                if (!changed.isEmpty()) {
                    restarts.put(node, String.join(", ", changed));
                }
            }
        }
        return restarts;
    }

    private static List<Difference> differences(Topology before, Topology after) {
        List<Difference> all = new ArrayList<>();
        compare(all, before.regions(), after.regions(), r -> "region " + r.name(), Fields::region);
        compare(all, nodes(before), nodes(after), n -> "node " + n.name(), Fields::node);
        compare(all, before.pops(), after.pops(), p -> "POP " + p.name(), Fields::pop);
        compare(
                all,
                before.policies(),
                after.policies(),
                Policy::label,
                (was, is) -> List.of("require"));
        compare(
                all,
                before.apiHosts(),
                after.apiHosts(),
                host -> "host " + host.name(),
                (was, is) -> List.of("api"));
        compare(
                all,
                before.links(),
                after.links(),
                l -> "link %s to %s".formatted(l.from(), l.to()),
                Fields::link);
        return all;
    }

    private static List<RegionNode> nodes(Topology topology) {
        return topology.regions().stream().flatMap(region -> region.nodes().stream()).toList();
    }

    private static <T> void compare(
            List<Difference> all,
            List<T> before,
            List<T> after,
            Function<T, String> name,
            BiFunction<T, T, List<String>> changed) {
        Map<String, T> old = new LinkedHashMap<>();
        before.forEach(thing -> old.put(name.apply(thing), thing));
        for (T thing : after) {
            T was = old.remove(name.apply(thing));
            if (was == null) {
                all.add(new Difference(Kind.ADDED, name.apply(thing), ""));
            } else if (!was.equals(thing)) {
                List<String> how = changed.apply(was, thing);
                if (!how.isEmpty()) {
                    String text = String.join(", ", how);
                    all.add(new Difference(Kind.CHANGED, name.apply(thing), text));
                }
            }
        }
        old.keySet().forEach(gone -> all.add(new Difference(Kind.REMOVED, gone, "")));
    }

    /** Which fields of what stays differ. */
    private static final class Fields {
        private Fields() {}

        static List<String> region(Region was, Region is) {
            return Stream.of(
                            named("registry", was.registry(), is.registry()),
                            named("location", was.location(), is.location()),
                            named("store", was.store(), is.store()),
                            named("devices", was.devices(), is.devices()))
                    .flatMap(List::stream)
                    .toList();
        }

        static List<String> node(RegionNode was, RegionNode is) {
            return Stream.of(
                            named("zone", was.zone(), is.zone()),
                            named("listen", was.listen(), is.listen()),
                            named("internal", was.internal(), is.internal()),
                            named("cluster", was.cluster(), is.cluster()),
                            named("admin", was.admin(), is.admin()),
                            named("slots", was.slots(), is.slots()),
                            named("memory", was.memory(), is.memory()))
                    .flatMap(List::stream)
                    .toList();
        }

        static List<String> pop(Pop was, Pop is) {
            return Stream.of(
                            named("location", was.location(), is.location()),
                            named("listen", was.listen(), is.listen()),
                            named("tls", was.tls(), is.tls()),
                            named("admin", was.admin(), is.admin()),
                            named("region", was.region(), is.region()),
                            named("failover", was.failover(), is.failover()),
                            named("slots", was.slots(), is.slots()),
                            named("memory", was.memory(), is.memory()),
                            named("restrictions", was.restrictions(), is.restrictions()),
                            named("devices", was.devices(), is.devices()))
                    .flatMap(List::stream)
                    .toList();
        }

        static List<String> link(Link was, Link is) {
            return Stream.of(named("rtt", was.rtt(), is.rtt()), named("via", was.via(), is.via()))
                    .flatMap(List::stream)
                    .toList();
        }

        private static List<String> named(String name, Object was, Object is) {
            return was.equals(is) ? List.of() : List.of(name);
        }
    }

    /** Whether there is nothing to be done. */
    public boolean isEmpty() {
        return differences.isEmpty() && starts.isEmpty() && restarts.isEmpty() && stops.isEmpty();
    }

    /** Why it must not be done; empty if it may. */
    public List<String> refusals(Holdings holdings) {
        return Stream.of(identities(), addresses(), supervisors(), stores(), stranded(holdings))
                .flatMap(refused -> refused)
                .toList();
    }

    private Stream<String> identities() {
        List<String> found = new ArrayList<>();
        if (!before.network().equals(after.network())) {
            found.add(
                    "network must stay '%s': '%s' is another network"
                            .formatted(before.network(), after.network()));
        }
        if (!before.registry().name().equals(after.registry().name())) {
            found.add(
                    "registry must stay region %s, which alone knows all account names: %s"
                            .formatted(before.registry().name(), after.registry().name()));
        }
        Set<NodeName> pops = new HashSet<>(before.pops().stream().map(Pop::node).toList());
        Set<NodeName> popsAfter = new HashSet<>(after.pops().stream().map(Pop::node).toList());
        before.nodes().stream()
                .filter(after.nodes()::contains)
                .filter(node -> pops.contains(node) != popsAfter.contains(node))
                .forEach(
                        node ->
                                found.add(
                                        "%s must stay %s: give the other a name of its own"
                                                .formatted(
                                                        node,
                                                        pops.contains(node)
                                                                ? "a POP"
                                                                : "a region's node")));
        return found.stream();
    }

    /** What others dial has to stay while they run: not all of them start again at once. */
    private Stream<String> addresses() {
        Stream<String> ofNodes =
                nodes(before).stream()
                        .flatMap(
                                was ->
                                        after.regionNode(was.name()).stream()
                                                .flatMap(is -> addresses(was, is)));
        Stream<String> ofPops =
                before.pops().stream()
                        .flatMap(
                                was ->
                                        after.pop(was.name()).stream()
                                                .flatMap(
                                                        is ->
                                                                kept(
                                                                        was.name(),
                                                                        "admin",
                                                                        was.admin(),
                                                                        is.admin())));
        return Stream.concat(ofNodes, ofPops);
    }

    private static Stream<String> addresses(RegionNode was, RegionNode is) {
        return Stream.of(
                        kept(was.name(), "internal", was.internal(), is.internal()),
                        kept(was.name(), "cluster", was.cluster(), is.cluster()),
                        kept(was.name(), "admin", was.admin(), is.admin()))
                .flatMap(refused -> refused);
    }

    private static Stream<String> kept(Object node, String what, Address was, Address is) {
        return was.equals(is)
                ? Stream.empty()
                : Stream.of(
                        "%s of %s must stay %s while the network runs: %s"
                                .formatted(what, node, was, is));
    }

    /** They listen from their start. */
    private Stream<String> supervisors() {
        return before.supervisors().equals(after.supervisors())
                ? Stream.empty()
                : Stream.of(
                        "supervisors must stay %s while the network runs: %s"
                                .formatted(before.supervisors(), after.supervisors()));
    }

    /** A region's records are in its node's folder: a node of another name would begin empty. */
    private Stream<String> stores() {
        return before.regions().stream()
                .flatMap(was -> after.region(was.name()).stream().flatMap(is -> store(was, is)));
    }

    private static Stream<String> store(Region was, Region is) {
        if (!was.store().equals(is.store())) {
            return Stream.of("region %s must keep its store".formatted(was.name()));
        }
        Set<NodeName> nodes = is.nodes().stream().map(RegionNode::name).collect(Collectors.toSet());
        boolean kept = was.nodes().stream().map(RegionNode::name).anyMatch(nodes::contains);
        return kept
                ? Stream.empty()
                : Stream.of(
                        "region %s must keep a node: %s has its records"
                                .formatted(was.name(), was.nodes().getFirst().name()));
    }

    private Stream<String> stranded(Holdings holdings) {
        Set<RegionId> there =
                after.regions().stream().map(Region::name).collect(Collectors.toSet());
        Stream<String> homeless =
                before.regions().stream()
                        .map(Region::name)
                        .filter(region -> !there.contains(region))
                        .filter(region -> holdings.homes().getOrDefault(region, 0) > 0)
                        .map(
                                region ->
                                        "region %s must stay: it is the home of %d accounts"
                                                .formatted(region, holdings.homes().get(region)));
        Stream<String> placeless =
                holdings.tasks().entrySet().stream()
                        .filter(task -> !task.getValue().canRunIn(after))
                        .sorted(Map.Entry.comparingByKey())
                        .map(
                                task ->
                                        "task %s could run nowhere: it %s"
                                                .formatted(task.getKey(), task.getValue()));
        return Stream.concat(homeless, placeless);
    }
}
