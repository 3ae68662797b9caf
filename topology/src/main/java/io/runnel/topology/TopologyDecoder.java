package io.runnel.topology;

import io.runnel.exec.task.RegionId;
import io.runnel.exec.task.TaskRef;
import io.runnel.topology.Fields.Placed;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes a topology of a file's tree, or tells all that is in the way. Used once. */
final class TopologyDecoder {
    private static final List<String> ROOT =
            List.of(
                    "network",
                    "chaos",
                    "supervisors",
                    "policies",
                    "hosts",
                    "regions",
                    "pops",
                    "links");
    private static final List<String> REGION =
            List.of("name", "registry", "location", "store", "devices", "nodes");
    private static final List<String> HOST = List.of("name", "api");
    private static final List<String> LINK = List.of("from", "to", "rtt", "via");
    private static final List<String> VIA = List.of("internal", "cluster");

    private final Problems problems;
    private final References references;
    private final AddressBook addresses;
    private final NodeDecoder nodes;
    private final Map<String, Mark> linksSeen = new HashMap<>();
    private Optional<Placed<Boolean>> registry = Optional.empty();
    private boolean registryUnknown;

    TopologyDecoder(Problems problems) {
        this.problems = problems;
        this.references = new References(problems);
        this.addresses = new AddressBook(problems);
        this.nodes = new NodeDecoder(problems, references, addresses);
    }

    Topology topology(YamlNode root) {
        if (root instanceof YamlNode.Entries map) {
            return topology(new Fields(map, "", problems, ROOT));
        }
        if (!(root instanceof YamlNode.Broken)) {
            String message = "a topology is a mapping with network, regions, pops: it is ";
            problems.add(root.at(), "", message + root.kind());
        }
        throw problems.exception();
    }

    private Topology topology(Fields root) {
        Optional<Placed<String>> network = root.required("network", Scalars::label);
        Optional<Placed<Boolean>> chaos = root.optional("chaos", Scalars::chaos);
        boolean chaosAllowed = chaos.map(Placed::value).orElse(false);
        List<Address> supervisors = supervisors(root, chaosAllowed);
        List<Policy> policies = new PolicyDecoder(problems).policies(root);
        List<ApiHost> hosts = hosts(root);
        List<Region> regions = regions(root);
        List<Pop> pops =
                root.mappings("pops", TopologyReader.MOST_POPS, NodeDecoder.POP).stream()
                        .flatMap(fields -> nodes.pop(fields).stream())
                        .toList();
        List<Link> links =
                root.mappings("links", TopologyReader.MOST_LINKS, LINK).stream()
                        .flatMap(fields -> link(fields).stream())
                        .toList();
        references.check();
        if (!problems.isEmpty()) {
            throw problems.exception();
        }
        return new Topology(
                network.orElseThrow().value(),
                regions,
                pops,
                links,
                chaosAllowed,
                supervisors,
                policies,
                hosts);
    }

    private List<ApiHost> hosts(Fields root) {
        Map<String, Mark> seen = new HashMap<>();
        return root.mappings("hosts", ApiHost.MOST, HOST).stream()
                .flatMap(fields -> host(fields, seen).stream())
                .toList();
    }

    private Optional<ApiHost> host(Fields fields, Map<String, Mark> seen) {
        Optional<Placed<String>> name = fields.required("name", ApiHost::host);
        Optional<Placed<TaskRef>> api = fields.required("api", ApiHost::api);
        name.ifPresent(
                placed -> {
                    Mark before = seen.putIfAbsent(placed.value(), placed.at());
                    if (before != null) {
                        problems.add(
                                placed.at(),
                                placed.path(),
                                "a host must be given once: '%s' is at %s"
                                        .formatted(placed.value(), before));
                    }
                });
        return name.flatMap(host -> api.map(its -> new ApiHost(host.value(), its.value())));
    }

    private List<Address> supervisors(Fields root, boolean chaosAllowed) {
        List<Placed<Address>> written =
                root.list("supervisors", TopologyReader.MOST_SUPERVISORS, Scalars::dialled);
        written.forEach(addresses::listener);
        if (root.has("supervisors") && !chaosAllowed) {
            root.refuse("supervisors", "supervisors listen only where 'chaos: allowed' stands");
        }
        return written.stream().map(Placed::value).toList();
    }

    private List<Region> regions(Fields root) {
        root.tellIfMissing("regions");
        List<Fields> written = root.mappings("regions", TopologyReader.MOST_REGIONS, REGION);
        List<Region> regions = written.stream().flatMap(f -> region(f).stream()).toList();
        if (written.isEmpty()) {
            references.missRegions();
            if (root.isEmptyList("regions")) {
                root.refuse("regions", "regions must have at least one");
            }
        } else if (registry.isEmpty() && !registryUnknown) {
            root.refuse("regions", "one region must have 'registry: true': none has");
        }
        return regions;
    }

    private Optional<Region> region(Fields fields) {
        Optional<Placed<RegionId>> name = fields.required("name", RegionId::new);
        name.ifPresentOrElse(
                placed -> references.name(References.Kind.REGION, placed), references::missRegions);
        Optional<Placed<Boolean>> isRegistry = fields.optional("registry", Scalars::registry);
        registryUnknown |= fields.has("registry") && isRegistry.isEmpty();
        isRegistry.filter(Placed::value).ifPresent(this::takeRegistry);
        Optional<Location> location = nodes.location(fields);
        Optional<Placed<StoreSetting>> store = fields.optional("store", Scalars::store);
        Devices devices = nodes.devices(fields);
        List<RegionNode> members = members(fields, store);
        if (name.isEmpty() || location.isEmpty() || members.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                new Region(
                        name.get().value(),
                        isRegistry.map(Placed::value).orElse(false),
                        location.get(),
                        store.map(Placed::value).orElse(StoreSetting.DEFAULT),
                        members,
                        devices));
    }

    private void takeRegistry(Placed<Boolean> placed) {
        registry.ifPresent(
                first ->
                        problems.add(
                                placed.at(),
                                placed.path(),
                                "only one region may have 'registry: true': the first is at "
                                        + first.at()));
        registry = registry.or(() -> Optional.of(placed));
    }

    private List<RegionNode> members(Fields region, Optional<Placed<StoreSetting>> store) {
        region.tellIfMissing("nodes");
        if (region.isEmptyList("nodes")) {
            region.refuse("nodes", "nodes must have at least one");
        }
        List<Fields> written =
                region.mappings("nodes", TopologyReader.MOST_REGION_NODES, NodeDecoder.NODE);
        boolean alone =
                store.map(Placed::value).orElse(StoreSetting.DEFAULT)
                        instanceof StoreSetting.Sqlite;
        boolean unknown = region.has("store") && store.isEmpty();
        if (written.size() > 1 && alone && !unknown) {
            Fields second = written.get(1);
            problems.add(
                    second.at(),
                    second.path(),
                    "a region of several nodes needs 'store: postgresql://...': it has %d"
                            .formatted(written.size()));
        }
        return written.stream().flatMap(f -> nodes.regionNode(f).stream()).toList();
    }

    private Optional<Link> link(Fields fields) {
        Optional<Placed<String>> from = fields.required("from", Scalars::label);
        Optional<Placed<String>> to = fields.required("to", Scalars::label);
        from.ifPresent(references::linkStart);
        to.filter(t -> !isItself(from, t)).ifPresent(references::linkEnd);
        var rtt = fields.required("rtt", Scalars::roundTrip);
        String target = to.map(Placed::value).orElse("");
        Optional<Via> via = fields.mapping("via", VIA).flatMap(f -> via(f, target));
        if (from.isEmpty() || to.isEmpty()) {
            return Optional.empty();
        }
        checkLink(from.get(), to.get());
        return rtt.map(r -> new Link(from.get().value(), target, r.value(), via));
    }

    private static boolean isItself(Optional<Placed<String>> from, Placed<String> to) {
        return from.filter(f -> f.value().equals(to.value())).isPresent();
    }

    private void checkLink(Placed<String> from, Placed<String> to) {
        if (from.value().equals(to.value())) {
            problems.add(
                    to.at(),
                    to.path(),
                    "a link must not lead to itself: '%s'".formatted(to.value()));
            return;
        }
        Mark before = linksSeen.putIfAbsent(from.value() + " " + to.value(), to.at());
        if (before != null) {
            problems.add(
                    to.at(),
                    to.path(),
                    "a link must be given once: '%s' to '%s' is at %s"
                            .formatted(from.value(), to.value(), before));
        }
    }

    private Optional<Via> via(Fields fields, String target) {
        if (!fields.has("internal") && !fields.has("cluster")) {
            problems.add(fields.at(), fields.path(), "via must give internal or cluster");
            return Optional.empty();
        }
        Optional<Address> internal = proxy(fields, "internal", target);
        Optional<Address> cluster = proxy(fields, "cluster", target);
        return internal.or(() -> cluster).map(_ -> new Via(internal, cluster));
    }

    private Optional<Address> proxy(Fields fields, String key, String target) {
        Optional<Placed<Address>> address = fields.optional(key, Scalars::dialled);
        address.ifPresent(a -> addresses.proxy(a, key + " of " + target));
        return address.map(Placed::value);
    }
}
