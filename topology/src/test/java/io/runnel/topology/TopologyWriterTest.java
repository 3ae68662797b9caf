package io.runnel.topology;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.ByteSize;
import io.runnel.exec.task.DeviceName;
import io.runnel.exec.task.NodeName;
import io.runnel.exec.task.PopId;
import io.runnel.exec.task.RegionId;
import io.runnel.exec.task.Requirements;
import io.runnel.exec.task.RuntimeKind;
import io.runnel.exec.task.TaskRef;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;

final class TopologyWriterTest {
    @Test
    void writesNamesThatOtherToolsWouldMisread() {
        Topology small = Samples.small();
        for (String name : List.of("no", "null", "1e3", "0x10", "12", "true", "9-11")) {
            Topology odd = new Topology(name, small.regions(), small.pops(), small.links());
            String text = TopologyWriter.write(odd);
            assertEquals("network: \"" + name + "\"", text.lines().findFirst().orElseThrow());
            assertEquals(odd, TopologyReader.parse(text));
        }
    }

    @Test
    void anyTopologySurvivesARoundTrip() {
        long seed = System.nanoTime();
        for (int i = 0; i < 200; i++) {
            Topology topology = new Arbitrary(new Random(seed + i)).topology();
            String text = TopologyWriter.write(topology);
            assertEquals(topology, TopologyReader.parse(text), () -> "seed " + seed + "\n" + text);
        }
    }

    /** Random topologies that are right. */
    private static final class Arbitrary {
        private final Random random;
        private int names;
        private int ports = 1;

        Arbitrary(Random random) {
            this.random = random;
        }

        Topology topology() {
            List<Region> regions = new ArrayList<>();
            for (int i = random.nextInt(3); i >= 0; i--) {
                regions.add(region(regions.isEmpty()));
            }
            List<Pop> pops = new ArrayList<>();
            for (int i = random.nextInt(4); i > 0; i--) {
                pops.add(pop(regions));
            }
            List<Link> links = new ArrayList<>();
            pops.forEach(p -> links.add(link(p.name().value(), p.region())));
            List<Address> supervisors = new ArrayList<>();
            boolean chaos = random.nextBoolean();
            for (int i = chaos ? random.nextInt(3) : 0; i > 0; i--) {
                supervisors.add(address());
            }
            return new Topology(
                    name(), regions, pops, links, chaos, supervisors, policies(), apiHosts());
        }

        private List<ApiHost> apiHosts() {
            return IntStream.range(0, random.nextInt(3))
                    .mapToObj(
                            n ->
                                    new ApiHost(
                                            "h%d.example.com".formatted(n),
                                            TaskRef.of(name(), name())))
                    .toList();
        }

        private List<Policy> policies() {
            if (random.nextBoolean()) {
                return List.of();
            }
            Map<String, List<String>> facts = new LinkedHashMap<>();
            for (int i = random.nextInt(3); i > 0; i--) {
                facts.put("fact.f" + i, List.of("sha256:" + random.nextInt(), "[x],#'&*!{}:"));
            }
            Requirements asked = new Requirements(facts);
            return List.of(
                    new Policy(Policy.Action.JOIN, Optional.empty(), Optional.empty(), asked),
                    new Policy(
                            Policy.Action.FETCH_CODE,
                            Optional.of(new AccountId("a" + random.nextInt(9))),
                            Optional.empty(),
                            asked),
                    new Policy(
                            Policy.Action.INVOKE,
                            Optional.empty(),
                            Optional.of(TaskRef.of("a" + random.nextInt(9), "pay")),
                            asked));
        }

        private Region region(boolean registry) {
            StoreSetting store = random.nextBoolean() ? new StoreSetting.Sqlite() : shared();
            boolean several = store instanceof StoreSetting.Postgresql && random.nextBoolean();
            List<RegionNode> nodes = several ? List.of(node(), node()) : List.of(node());
            return new Region(new RegionId(name()), registry, location(), store, nodes, devices());
        }

        private StoreSetting shared() {
            Optional<String> file = Optional.of("/etc/" + name());
            return new StoreSetting.Postgresql(
                    "me_" + names,
                    new Address("db.example", 1 + random.nextInt(65_535)),
                    "db-" + names,
                    random.nextBoolean() ? file : Optional.empty(),
                    random.nextBoolean() ? file : Optional.empty());
        }

        private RegionNode node() {
            return new RegionNode(
                    new NodeName(name()),
                    name(),
                    address(),
                    address(),
                    address(),
                    address(),
                    1 + random.nextInt(64),
                    size());
        }

        private Pop pop(List<Region> regions) {
            RegionId own = regions.get(random.nextInt(regions.size())).name();
            List<RegionId> others =
                    regions.stream().map(Region::name).filter(r -> !r.equals(own)).toList();
            ByteSize memory = size();
            return new Pop(
                    new PopId(name()),
                    location(),
                    address(),
                    certificates(),
                    address(),
                    own,
                    others.subList(0, random.nextInt(others.size() + 1)),
                    1 + random.nextInt(64),
                    memory,
                    random.nextBoolean() ? Restrictions.NONE : restrictions(memory),
                    devices());
        }

        private List<HostCertificate> certificates() {
            return IntStream.range(0, random.nextInt(3))
                    .mapToObj(i -> new HostCertificate("/etc/" + name(), "/etc/keys/" + name()))
                    .toList();
        }

        private Devices devices() {
            Map<DeviceName, String> files = new HashMap<>();
            for (int i = random.nextInt(4); i > 0; i--) {
                files.put(
                        new DeviceName(name()),
                        random.nextBoolean() ? "/dev/" + name() : "/dev/serial/by-id/usb-1:0.0");
            }
            return new Devices(files);
        }

        private Restrictions restrictions(ByteSize memory) {
            Set<RuntimeKind> runtimes = new HashSet<>();
            for (RuntimeKind kind : RuntimeKind.values()) {
                if (random.nextBoolean()) {
                    runtimes.add(kind);
                }
            }
            long most = 1 + random.nextLong(memory.bytes());
            return new Restrictions(
                    new ByteSize(most), duration().plusNanos(1), runtimes, random.nextBoolean());
        }

        private Link link(String from, RegionId to) {
            Optional<Via> via =
                    switch (random.nextInt(4)) {
                        case 0 -> Optional.of(new Via(Optional.of(address()), Optional.empty()));
                        case 1 -> Optional.of(new Via(Optional.empty(), Optional.of(address())));
                        case 2 ->
                                Optional.of(
                                        new Via(Optional.of(address()), Optional.of(address())));
                        default -> Optional.empty();
                    };
            return new Link(from, to.value(), duration(), via);
        }

        private Duration duration() {
            return switch (random.nextInt(4)) {
                case 0 -> Duration.ZERO;
                case 1 -> Duration.ofNanos(random.nextInt(60_000_000));
                case 2 -> Duration.ofMillis(random.nextInt(60_000));
                default -> Duration.ofSeconds(random.nextInt(60));
            };
        }

        private Address address() {
            String[] hosts = {"127.0.0.1", "::1", "edge.example", "host", "7", "fe80::1:2"};
            return new Address(
                    hosts[random.nextInt(hosts.length)], random.nextBoolean() ? 0 : ports++);
        }

        private ByteSize size() {
            return new ByteSize(1 + random.nextLong(1L << (1 + random.nextInt(40))));
        }

        private Location location() {
            return new Location(random.nextDouble(-90, 90), random.nextDouble(-180, 180));
        }

        private String name() {
            String[] beginnings = {"a", "no", "1", "x-y", "null", "e"};
            return beginnings[random.nextInt(beginnings.length)] + "-" + names++;
        }
    }
}
