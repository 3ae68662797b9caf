package io.runnel.region.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.runnel.attestation.NetworkToken;
import io.runnel.cluster.hazelcast.MemberSettings;
import io.runnel.cluster.hazelcast.RegionCluster;
import io.runnel.cluster.store.RegionStore;
import io.runnel.cluster.store.SqliteStore;
import io.runnel.cluster.store.StoreSettings;
import io.runnel.exec.isolate.CodeBringer;
import io.runnel.exec.isolate.ExpectedBurst;
import io.runnel.exec.task.CodeDigest;
import io.runnel.exec.task.HandlerKind;
import io.runnel.exec.task.Limits;
import io.runnel.exec.task.NodeName;
import io.runnel.exec.task.RegionId;
import io.runnel.exec.task.RuntimeKind;
import io.runnel.exec.task.Task;
import io.runnel.exec.task.TaskRef;
import io.runnel.routing.catalog.TestSeals;
import io.runnel.topology.Address;
import io.runnel.topology.BoundPorts;
import io.runnel.topology.Topology;
import io.runnel.topology.TopologyReader;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/** Three nodes of a region, in a real cluster, on one store: who prepares for what is expected. */
class RegionForecastsIT {
    private static final RegionId WEST = new RegionId("west");
    private static final List<String> NAMES = List.of("west-a", "west-b", "west-c");
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir Path folder;
    private RegionStore store;
    private final Map<String, Node> nodes = new TreeMap<>();

    /** A node, and what came to it. */
    private final class Node {
        private final RegionCluster cluster;
        private final Admission admission;
        private final RegionForecasts forecasts;
        private volatile List<ExpectedBurst> expected = List.of();

        Node(
                String name,
                Map<String, Address> addresses,
                NetworkToken token,
                CertifiedRegion certified) {
            NodeName self = new NodeName(name);
            Set<NodeName> mates =
                    NAMES.stream()
                            .map(NodeName::new)
                            .filter(mate -> !mate.equals(self))
                            .collect(Collectors.toSet());
            cluster =
                    RegionCluster.start(
                            new MemberSettings(
                                    self,
                                    WEST,
                                    addresses.get(name),
                                    mates.stream().map(m -> addresses.get(m.value())).toList(),
                                    token,
                                    certified.security(self, topology(addresses)),
                                    MemberSettings.STATUS_LIFE));
            admission =
                    new Admission(
                            self,
                            NAMES.size(),
                            RegionForecastsIT.this::alive,
                            store,
                            System::nanoTime);
            forecasts =
                    new RegionForecasts(
                            mates,
                            16,
                            new PlanCarriers(self, NAMES.size(), store, System::nanoTime),
                            task -> Optional.of(live(task)),
                            CodeBringer.NONE,
                            account -> 1,
                            InstantSource.system());
            forecasts.of(
                    new RegionForecasts.Calls() {
                        @Override
                        public List<ExpectedBurst> expected(int most) {
                            return expected;
                        }

                        @Override
                        public long lastMs(TaskRef task) {
                            return 0;
                        }
                    });
        }

        /** What a node does every second. */
        void tick() {
            admission.look();
            forecasts.look();
            forecasts.exchange(cluster);
        }

        /** Whether it would make isolates for this task, by its own plan or for another. */
        boolean prepares(TaskRef task) {
            boolean wants =
                    expected.stream().anyMatch(burst -> burst.task().equals(task))
                            || forecasts.expected().stream()
                                    .anyMatch(calls -> calls.task().ref().equals(task));
            return wants && forecasts.prepares(task);
        }
    }

    private static Topology topology(Map<String, Address> clusters) {
        StringBuilder nodes = new StringBuilder();
        int port = 1;
        for (Map.Entry<String, Address> node : clusters.entrySet()) {
            nodes.append(
                    """
                          - {name: %s, zone: %1$s, listen: 127.0.0.1:%d, internal: 127.0.0.1:%d, cluster: "%s", admin: 127.0.0.1:%d, slots: 4, memory: 64MiB}
                    """
                            .formatted(node.getKey(), port, port + 1, node.getValue(), port + 2));
            port += 3;
        }
        return TopologyReader.parse(
                """
                network: net
                regions:
                  - name: west
                    registry: true
                    location: {lat: 1, lon: 1}
                    store: postgresql://me@127.0.0.1:20/net
                    nodes:
                """
                        + nodes);
    }

    private static Task live(TaskRef ref) {
        return new Task(
                ref,
                1,
                RuntimeKind.WASM,
                HandlerKind.HTTP,
                CodeDigest.of("code".getBytes(UTF_8)),
                Limits.DEFAULT,
                Map.of());
    }

    @BeforeEach
    void start() throws Exception {
        store =
                SqliteStore.open(
                        StoreSettings.of(folder.resolve("store.db"), WEST),
                        TestSeals.ALL,
                        InstantSource.system(),
                        new SecureRandom());
        NetworkToken token =
                NetworkToken.readOrCreate(folder.resolve("network.token"), new SecureRandom());
        Map<String, Address> addresses = new TreeMap<>();
        try (BoundPorts ports = new BoundPorts()) {
            for (String name : NAMES) {
                addresses.put(name, new Address("127.0.0.1", ports.freePort("127.0.0.1")));
            }
        }
        CertifiedRegion certified = new CertifiedRegion(WEST);
        for (String name : NAMES) {
            nodes.put(name, new Node(name, addresses, token, certified));
        }
        for (Node node : nodes.values()) {
            node.cluster.ready().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }
    }

    @AfterEach
    void stop() {
        nodes.values().forEach(node -> node.cluster.close());
        store.close();
    }

    private Set<NodeName> alive() {
        return nodes.keySet().stream().map(NodeName::new).collect(Collectors.toSet());
    }

    /** A task that falls to this node. */
    private static TaskRef taskOf(String node) {
        for (int i = 0; ; i++) {
            TaskRef task = TaskRef.of("demo", "nightly" + i);
            if (Rendezvous.of(task, NAMES).orElseThrow().equals(node)) {
                return task;
            }
        }
    }

    private List<String> preparing(TaskRef task) {
        List<String> found = new ArrayList<>();
        nodes.forEach(
                (name, node) -> {
                    if (node.prepares(task)) {
                        found.add(name);
                    }
                });
        return found;
    }

    /** Has every node do its work until it is so; never do two prepare for the same. */
    private void await(TaskRef task, BooleanSupplier isSo) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!isSo.getAsBoolean()) {
            List<String> now = preparing(task);
            assertTrue(now.size() <= 1, now::toString);
            assertTrue(System.nanoTime() - deadline < 0, () -> "not so; preparing: " + now);
            nodes.values().forEach(Node::tick);
            LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
        }
    }

    private static ExpectedBurst hourly(TaskRef task) {
        return new ExpectedBurst(task, HOUR.toMillis(), 0, HOUR.toMillis(), 0, 4);
    }

    @Test
    void oneNodePreparesAndAnotherTakesOverWhenItDies() {
        TaskRef task = taskOf("west-b");
        nodes.get("west-a").expected = List.of(hourly(task));
        nodes.get("west-c").expected = List.of(hourly(task));
        await(task, () -> preparing(task).equals(List.of("west-b")));
        assertEquals(4, nodes.get("west-b").forecasts.expected().getFirst().isolates());
        nodes.remove("west-b").cluster.close();
        String next = Rendezvous.of(task, List.of("west-a", "west-c")).orElseThrow();
        await(task, () -> preparing(task).equals(List.of(next)));
    }

    @Test
    void whatADeadNodeLearnedIsPreparedByOneOfTheOthers() {
        TaskRef task = taskOf("west-b");
        nodes.get("west-b").expected = List.of(hourly(task));
        await(task, () -> preparing(task).equals(List.of("west-b")));
        nodes.remove("west-b").cluster.close();
        String next = Rendezvous.of(task, List.of("west-a", "west-c")).orElseThrow();
        await(task, () -> preparing(task).equals(List.of(next)));
    }
}
