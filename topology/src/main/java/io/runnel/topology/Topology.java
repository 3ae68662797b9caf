package io.runnel.topology;

import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.DeviceName;
import io.runnel.exec.task.NodeName;
import io.runnel.exec.task.PopId;
import io.runnel.exec.task.RegionId;
import io.runnel.exec.task.Requirements;
import io.runnel.exec.task.TaskRef;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What the network is meant to look like: one topology file, checked. Names of regions, nodes and
 * POPs are unique among all of them; what refers to a region names one that is there.
 *
 * @param network its name, for people
 * @param regions at least one; one of them is the registry
 * @param pops possibly none
 * @param links what is known of the ways between them, at most one for each pair and direction
 * @param chaosAllowed whether tests may hurt it while it runs
 * @param supervisors where supervisors listen to such tests, each at those that are its machine's;
 *     none unless that is allowed
 * @param policies at most one for each action, or for each account with it
 * @param apiHosts whose names are APIs', each once
 */
public record Topology(
        String network,
        List<Region> regions,
        List<Pop> pops,
        List<Link> links,
        boolean chaosAllowed,
        List<Address> supervisors,
        List<Policy> policies,
        List<ApiHost> apiHosts) {

    public Topology {
        regions = List.copyOf(regions);
        pops = List.copyOf(pops);
        links = List.copyOf(links);
        supervisors = List.copyOf(supervisors);
        policies = List.copyOf(policies);
        apiHosts = List.copyOf(apiHosts);
    }

    /** One that no test may hurt. */
    public Topology(String network, List<Region> regions, List<Pop> pops, List<Link> links) {
        this(network, regions, pops, links, false, List.of(), List.of(), List.of());
    }

    /** The API that users call by this host, as they say it. */
    public Optional<TaskRef> apiOf(String host) {
        if (apiHosts.isEmpty()) {
            // Asked with each call.
            return Optional.empty();
        }
        String key = ApiHost.key(host);
        return apiHosts.stream().filter(it -> it.name().equals(key)).map(ApiHost::api).findFirst();
    }

    /**
     * The one region where account names are made.
     *
     * @throws IllegalStateException if none is marked, which no reader lets through
     */
    public Region registry() {
        return regions.stream()
                .filter(Region::registry)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no registry in " + network));
    }

    /** What is asked of somebody before this is done for it. */
    public Requirements required(Policy.Action action) {
        return required(action, Optional.empty()).orElse(Requirements.NONE);
    }

    /** What is asked for this with the things of one account: its own policy, else that for all. */
    public Requirements required(Policy.Action action, AccountId account) {
        return required(action, Optional.of(account)).orElseGet(() -> required(action));
    }

    /** What is asked of who calls a task: by the policy for it, else its account's, else all's. */
    public Requirements requiredOfCallers(TaskRef task) {
        if (policies.isEmpty()) {
            // Asked with each call.
            return Requirements.NONE;
        }
        return policies.stream()
                .filter(policy -> policy.task().equals(Optional.of(task)))
                .map(Policy::requirements)
                .findFirst()
                .orElseGet(() -> required(Policy.Action.INVOKE, task.account()));
    }

    private Optional<Requirements> required(Policy.Action action, Optional<AccountId> account) {
        return policies.stream()
                .filter(policy -> policy.action() == action && policy.task().isEmpty())
                .filter(policy -> policy.account().equals(account))
                .map(Policy::requirements)
                .findFirst();
    }

    /** The region of this name. */
    public Optional<Region> region(RegionId name) {
        return regions.stream().filter(r -> r.name().equals(name)).findFirst();
    }

    /**
     * The regions in which something may run that is bound to some and uses devices.
     *
     * @param bound empty for all
     */
    public List<RegionId> regionsFor(List<RegionId> bound, List<DeviceName> devices) {
        return regions.stream()
                .filter(region -> region.devices().have(devices))
                .map(Region::name)
                .filter(region -> bound.isEmpty() || bound.contains(region))
                .toList();
    }

    /** The POP of this name. */
    public Optional<Pop> pop(PopId name) {
        return pops.stream().filter(p -> p.name().equals(name)).findFirst();
    }

    /** The node of a region with this name. */
    public Optional<RegionNode> regionNode(NodeName name) {
        return regions.stream()
                .flatMap(r -> r.nodes().stream())
                .filter(n -> n.name().equals(name))
                .findFirst();
    }

    /** The region that this node, a region's or a POP's, belongs to. */
    public Optional<Region> regionOf(NodeName node) {
        return Stream.concat(
                        regions.stream().filter(r -> hasNode(r, node)),
                        pops.stream()
                                .filter(p -> p.node().equals(node))
                                .flatMap(p -> region(p.region()).stream()))
                .findFirst();
    }

    /** Every node's name: the regions' in the order of the file, then the POPs'. */
    public List<NodeName> nodes() {
        return Stream.concat(
                        regions.stream().flatMap(r -> r.nodes().stream()).map(RegionNode::name),
                        pops.stream().map(Pop::node))
                .toList();
    }

    /** Where its nodes are: every host that an address here names, once. */
    public List<String> hosts() {
        Stream<Address> ofRegions =
                regions.stream()
                        .flatMap(region -> region.nodes().stream())
                        .flatMap(n -> Stream.of(n.listen(), n.internal(), n.cluster(), n.admin()));
        Stream<Address> ofPops = pops.stream().flatMap(p -> Stream.of(p.listen(), p.admin()));
        Stream<Address> ofDetours =
                links.stream()
                        .flatMap(link -> link.via().stream())
                        .flatMap(v -> Stream.concat(v.internal().stream(), v.cluster().stream()));
        return Stream.of(ofRegions, ofPops, ofDetours, supervisors.stream())
                .flatMap(addresses -> addresses)
                .map(Address::host)
                .distinct()
                .toList();
    }

    /** What is said of the way in this direction. */
    public Optional<Link> link(String from, String to) {
        return links.stream().filter(l -> l.from().equals(from) && l.to().equals(to)).findFirst();
    }

    /**
     * A first guess of the round trip from a POP, region or region's node to a region: what a link
     * in either direction says, else what the distance allows.
     *
     * @throws IllegalArgumentException if there is no such POP, region or node
     */
    public Duration rtt(String from, RegionId to) {
        String start = linkEnd(from);
        return link(start, to.value())
                .or(() -> link(to.value(), start))
                .map(Link::rtt)
                .orElseGet(() -> RoundTripGuess.between(locationOf(start), require(to).location()));
    }

    /**
     * What {@code from}, a POP, region or region's node, may dial to reach this region's {@code
     * internal}: each of its nodes, or the link's detour if there is one.
     *
     * @throws IllegalArgumentException if there is no such region
     */
    public List<Address> internalAddresses(String from, RegionId to) {
        return detour(from, to)
                .flatMap(Via::internal)
                .map(address -> List.of(address))
                .orElseGet(() -> require(to).nodes().stream().map(RegionNode::internal).toList());
    }

    /**
     * What {@code from}, a POP, region or region's node, may dial to reach this region's {@code
     * cluster}: each of its nodes, or the link's detour if there is one.
     *
     * @throws IllegalArgumentException if there is no such region
     */
    public List<Address> clusterAddresses(String from, RegionId to) {
        return detour(from, to)
                .flatMap(Via::cluster)
                .map(address -> List.of(address))
                .orElseGet(() -> require(to).nodes().stream().map(RegionNode::cluster).toList());
    }

    /**
     * This topology with a free port in place of each port 0, no two alike and none that stands in
     * the file. Equal to this one if it has no port 0.
     *
     * @throws TopologyException with code {@code NO_PORT} if the finder finds none
     */
    public Topology withFreePorts(PortFinder finder) {
        return new PortResolution(this, finder).resolved();
    }

    private Optional<Via> detour(String from, RegionId to) {
        return link(linkEnd(from), to.value()).flatMap(Link::via);
    }

    /** Links end at regions, not at their nodes. */
    private String linkEnd(String name) {
        return regions.stream()
                .filter(r -> r.nodes().stream().anyMatch(n -> n.name().value().equals(name)))
                .map(r -> r.name().value())
                .findFirst()
                .orElse(name);
    }

    private Location locationOf(String end) {
        return Stream.concat(
                        regions.stream()
                                .filter(r -> r.name().value().equals(end))
                                .map(Region::location),
                        pops.stream().filter(p -> p.name().value().equals(end)).map(Pop::location))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no POP or region: " + end));
    }

    private Region require(RegionId name) {
        return region(name).orElseThrow(() -> new IllegalArgumentException("no region: " + name));
    }

    private static boolean hasNode(Region region, NodeName name) {
        return region.nodes().stream().anyMatch(n -> n.name().equals(name));
    }
}
