package io.runnel.topology;

import io.runnel.exec.task.ByteSize;
import io.runnel.exec.task.DeviceName;
import io.runnel.exec.task.NodeName;
import io.runnel.exec.task.PopId;
import io.runnel.exec.task.RegionId;
import io.runnel.exec.task.RuntimeKind;
import io.runnel.topology.Fields.Placed;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Makes nodes, a region's or a POP's, of their mappings. */
final class NodeDecoder {
    static final List<String> NODE =
            List.of("name", "zone", "listen", "internal", "cluster", "admin", "slots", "memory");
    static final List<String> POP =
            List.of(
                    "name",
                    "location",
                    "listen",
                    "tls",
                    "admin",
                    "region",
                    "failover",
                    "slots",
                    "memory",
                    "restrictions",
                    "devices");
    private static final List<String> LOCATION = List.of("lat", "lon");
    private static final List<String> RESTRICTIONS =
            List.of("maxMemory", "maxDuration", "runtimes", "outbound");
    private static final List<String> CERTIFICATE = List.of("certificate", "key");
    private static final String DEFAULT_ZONE = "a";

    private final Problems problems;
    private final References references;
    private final AddressBook addresses;

    NodeDecoder(Problems problems, References references, AddressBook addresses) {
        this.problems = problems;
        this.references = references;
        this.addresses = addresses;
    }

    Optional<RegionNode> regionNode(Fields fields) {
        var name = fields.required("name", NodeName::new);
        name.ifPresent(placed -> references.name(References.Kind.NODE, placed));
        var zone = fields.optional("zone", Scalars::label);
        var listen = listener(fields, "listen", false);
        var internal = listener(fields, "internal", true);
        var cluster = listener(fields, "cluster", true);
        var admin = listener(fields, "admin", false);
        var slots = fields.required("slots", Scalars::slots);
        var memory = fields.required("memory", Scalars.positiveSize("memory"));
        if (anyEmpty(name, listen, internal, cluster, admin, slots, memory)) {
            return Optional.empty();
        }
        return Optional.of(
                new RegionNode(
                        name.get().value(),
                        zone.map(Placed::value).orElse(DEFAULT_ZONE),
                        listen.get(),
                        internal.get(),
                        cluster.get(),
                        admin.get(),
                        slots.get().value(),
                        memory.get().value()));
    }

    Optional<Pop> pop(Fields fields) {
        var name = fields.required("name", PopId::new);
        name.ifPresent(placed -> references.name(References.Kind.POP, placed));
        Optional<Location> location = location(fields);
        var listen = listener(fields, "listen", false);
        List<HostCertificate> tls = certificates(fields);
        var admin = listener(fields, "admin", false);
        Optional<Placed<RegionId>> region = fields.required("region", RegionId::new);
        region.ifPresent(references::region);
        List<RegionId> failover = failover(fields, region);
        var slots = fields.required("slots", Scalars::slots);
        var memory = fields.required("memory", Scalars.positiveSize("memory"));
        Restrictions restrictions = restrictions(fields, memory.map(Placed::value));
        Devices devices = devices(fields);
        if (anyEmpty(name, location, listen, admin, region, slots, memory)) {
            return Optional.empty();
        }
        return Optional.of(
                new Pop(
                        name.get().value(),
                        location.get(),
                        listen.get(),
                        tls,
                        admin.get(),
                        region.get().value(),
                        failover,
                        slots.get().value(),
                        memory.get().value(),
                        restrictions,
                        devices));
    }

    Optional<Location> location(Fields owner) {
        return owner.requiredMapping("location", LOCATION).flatMap(this::point);
    }

    private Optional<Location> point(Fields fields) {
        var latitude = fields.required("lat", Scalars.degrees("lat", 90));
        var longitude = fields.required("lon", Scalars.degrees("lon", 180));
        return latitude.flatMap(
                lat -> longitude.map(lon -> new Location(lat.value(), lon.value())));
    }

    private Optional<Address> listener(Fields fields, String key, boolean dialled) {
        var address = fields.required(key, dialled ? Scalars::dialled : Address::parse);
        address.ifPresent(addresses::listener);
        return address.map(Placed::value);
    }

    private List<HostCertificate> certificates(Fields pop) {
        List<HostCertificate> found = new ArrayList<>();
        for (Fields one : pop.mappings("tls", HostCertificate.MOST, CERTIFICATE)) {
            var certificate = one.required("certificate", HostCertificate::certificateFile);
            var key = one.required("key", HostCertificate::keyFile);
            certificate.ifPresent(
                    c -> key.ifPresent(k -> found.add(new HostCertificate(c.value(), k.value()))));
        }
        if (pop.isEmptyList("tls")) {
            pop.refuse("tls", "tls must have a certificate; without it, leave it out");
        }
        return found;
    }

    private List<RegionId> failover(Fields pop, Optional<Placed<RegionId>> own) {
        var regions = pop.list("failover", TopologyReader.MOST_REGIONS, RegionId::new);
        tellRepeated("failover", regions, RegionId::value);
        for (Placed<RegionId> region : regions) {
            if (own.filter(o -> o.value().equals(region.value())).isPresent()) {
                problems.add(
                        region.at(),
                        region.path(),
                        "failover must be other regions than its own: '%s'"
                                .formatted(region.value()));
            } else {
                references.region(region);
            }
        }
        return regions.stream().map(Placed::value).toList();
    }

    Devices devices(Fields owner) {
        return new Devices(owner.pairs("devices", DeviceName.MOST, DeviceName::new, Devices::file));
    }

    private Restrictions restrictions(Fields pop, Optional<ByteSize> memory) {
        return pop.mapping("restrictions", RESTRICTIONS)
                .map(fields -> restrictionsOf(fields, memory))
                .orElse(Restrictions.NONE);
    }

    private Restrictions restrictionsOf(Fields fields, Optional<ByteSize> memory) {
        var most = fields.optional("maxMemory", Scalars.positiveSize("maxMemory"));
        most.ifPresent(m -> memory.ifPresent(all -> tellIfAbove(m, all)));
        var longest = fields.optional("maxDuration", Scalars::positiveDuration);
        var outbound = fields.optional("outbound", text -> Scalars.yesOrNo("outbound", text));
        Set<RuntimeKind> runtimes = Restrictions.NONE.runtimes();
        if (fields.has("runtimes")) {
            int kinds = RuntimeKind.values().length;
            var listed = fields.list("runtimes", kinds, Scalars::runtime);
            tellRepeated("runtimes", listed, RuntimeKind::label);
            runtimes = new HashSet<>(listed.stream().map(Placed::value).toList());
        }
        return new Restrictions(
                most.map(Placed::value).orElse(Restrictions.NONE.maxMemory()),
                longest.map(Placed<Duration>::value).orElse(Restrictions.NONE.maxDuration()),
                runtimes,
                outbound.map(Placed::value).orElse(Restrictions.NONE.outbound()));
    }

    private void tellIfAbove(Placed<ByteSize> most, ByteSize memory) {
        if (most.value().compareTo(memory) > 0) {
            problems.add(
                    most.at(),
                    most.path(),
                    "maxMemory must be at most the POP's memory, %s: %s"
                            .formatted(memory, most.value()));
        }
    }

    private <T> void tellRepeated(String key, List<Placed<T>> items, Function<T, String> written) {
        Map<T, Mark> seen = new HashMap<>();
        for (Placed<T> item : items) {
            Mark before = seen.putIfAbsent(item.value(), item.at());
            if (before != null) {
                problems.add(
                        item.at(),
                        item.path(),
                        "%s must be given once: '%s' is at %s"
                                .formatted(key, written.apply(item.value()), before));
            }
        }
    }

    private static boolean anyEmpty(Optional<?>... parts) {
        for (Optional<?> part : parts) {
            if (part.isEmpty()) {
                return true;
            }
        }
        return false;
    }
}
