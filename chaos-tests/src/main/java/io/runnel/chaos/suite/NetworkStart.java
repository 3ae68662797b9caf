package io.runnel.chaos.suite;

import io.runnel.chaos.proxy.FaultProxy;
import io.runnel.exec.task.RegionId;
import io.runnel.topology.Address;
import io.runnel.topology.Topology;
import io.runnel.topology.TopologyReader;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/** Starts a network on this machine, with a fault proxy in every link. One thread at a time. */
final class NetworkStart {
    private static final long PAUSE_NS = 20_000_000;

    /** Links of this round trip or more are made longer. */
    private static final Duration LONG = Duration.ofMillis(50);

    private static final Duration DISTANCE = Duration.ofMillis(20);

    private final Launcher launcher;
    private final Needs needs;
    private final Deque<AutoCloseable> owned = new ArrayDeque<>();
    private final Map<LinkName, String> links = new LinkedHashMap<>();
    private final Map<LinkName, Integer> ports = new HashMap<>();

    private NetworkStart(Launcher launcher, Needs needs) {
        this.launcher = launcher;
        this.needs = needs;
    }

    /**
     * Starts one.
     *
     * @param proxy a Toxiproxy server's API; empty to start ours
     * @param seed of our proxy
     * @param needs what it must have; packets are lost only where {@link OwnNamespace#isHere}
     */
    static Network network(Launcher launcher, Optional<URI> proxy, long seed, Needs needs) {
        NetworkStart start = new NetworkStart(launcher, needs);
        try {
            return start.network(proxy, seed);
        } catch (IOException e) {
            Network.closeAll(start.owned);
            throw new NetworkException("cannot start a network", e);
        } catch (RuntimeException e) {
            Network.closeAll(start.owned);
            throw e;
        }
    }

    private Network network(Optional<URI> proxy, long seed) throws IOException {
        Toxics toxics = toxics(proxy, seed);
        String text = LedTopology.text(link -> create(toxics, link));
        Path file = launcher.data().resolveSibling("chaos-network.yaml");
        Files.createDirectories(launcher.data().getParent());
        Files.writeString(file, text);
        Disks disks = Disks.under(launcher.data().resolve("nodes"), needs.disks());
        owned.push(disks);
        Clocks clocks = Clocks.of(launcher.data().resolveSibling("clocks"), needs.clocks());
        owned.push(() -> launcher.run(List.of("down")));
        Topology topology = up(file, toxics, clocks);
        Optional<LinkLoss> loss =
                needs.losesPackets()
                        ? Optional.of(new LinkLoss(PacketLoss.start(), ports))
                        : Optional.empty();
        List<Machine> here = List.of(new ThisMachine(launcher));
        HostFaults host = new HostFaults(loss, disks, clocks);
        Network network = new Network(launcher, toxics, links, topology, here, host, owned);
        network.endWithThisProcess();
        return network;
    }

    private Toxics toxics(Optional<URI> proxy, long seed) throws IOException {
        URI api;
        if (proxy.isPresent()) {
            api = proxy.get();
        } else {
            InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
            FaultProxy started = FaultProxy.start(any, seed);
            owned.push(started);
            api = URI.create("http://127.0.0.1:" + started.address().getPort());
        }
        Toxics toxics = new Toxics(api);
        owned.push(toxics);
        return toxics;
    }

    private String create(Toxics toxics, LinkName link) {
        String name = "runnel_" + link.toString().replace('/', '_');
        String listen = toxics.create(name);
        owned.push(() -> toxics.delete(name));
        links.put(link, name);
        ports.put(link, Address.parse(listen).port());
        return listen;
    }

    /** The links are led to the nodes while these start, as soon as their ports are chosen. */
    private Topology up(Path file, Toxics toxics, Clocks clocks) {
        List<Launcher.Said> said = new ArrayList<>();
        Thread up =
                Thread.ofVirtual()
                        .start(
                                () ->
                                        said.add(
                                                launcher.with(clocks.variables())
                                                        .run(
                                                                List.of(
                                                                        "up",
                                                                        "--detach",
                                                                        "-t",
                                                                        file.toString()))));
        Path resolved = launcher.data().resolve("topology.yaml");
        while (!Files.exists(resolved) && up.isAlive()) {
            LockSupport.parkNanos(PAUSE_NS);
        }
        if (Files.exists(resolved)) {
            Topology topology = TopologyReader.read(resolved);
            links.forEach(
                    (link, name) -> {
                        toxics.lead(name, target(topology, link));
                        if (isLong(topology, link)) {
                            toxics.distance(name, DISTANCE);
                        }
                    });
        }
        try {
            up.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new NetworkException("interrupted", e);
        }
        if (said.isEmpty()) {
            throw new NetworkException("up did not end");
        }
        said.getFirst().mustWork("up");
        return TopologyReader.read(resolved);
    }

    /** On one machine all regions are as near; where calls run would be chance. */
    private static boolean isLong(Topology topology, LinkName name) {
        return name.part() == LinkName.Part.INTERNAL
                && topology.links().stream()
                        .filter(l -> l.from().equals(name.from()) && l.to().equals(name.to()))
                        .anyMatch(link -> link.rtt().compareTo(LONG) >= 0);
    }

    private static String target(Topology topology, LinkName link) {
        var node = topology.region(new RegionId(link.to())).orElseThrow().nodes().getFirst();
        return switch (link.part()) {
            case INTERNAL -> node.internal().toString();
            case CLUSTER -> node.cluster().toString();
        };
    }
}
