package io.runnel.chaos.suite;

import io.runnel.chaos.proxy.FaultProxy;
import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.RegionId;
import io.runnel.topology.Address;
import io.runnel.topology.Link;
import io.runnel.topology.Pop;
import io.runnel.topology.Region;
import io.runnel.topology.RegionNode;
import io.runnel.topology.Topology;
import io.runnel.topology.TopologyReader;
import io.runnel.topology.Via;

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
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/** A network of real processes whose links lead through a fault proxy. One thread at a time. */
final class Network implements AutoCloseable {
    private static final long PAUSE_NS = 20_000_000;

    /** Links of this round trip or more are made longer. */
    private static final Duration LONG = Duration.ofMillis(50);

    private static final Duration DISTANCE = Duration.ofMillis(20);

    private final Launcher launcher;
    private final Toxics toxics;
    private final Map<LinkName, String> links;
    private final Nodes nodes;
    private final Topology topology;
    private final Map<String, URI> pops = new HashMap<>();
    private final Set<Guest> deployed = EnumSet.noneOf(Guest.class);
    private final Keys keys;
    private final Deque<AutoCloseable> owned;
    private Optional<LinkLoss> loss = Optional.empty();
    private Optional<Thread> hook = Optional.empty();

    private Network(
            Launcher launcher,
            Toxics toxics,
            Map<LinkName, String> links,
            Topology topology,
            List<? extends Machine> machines,
            Deque<AutoCloseable> owned) {
        this.launcher = launcher;
        this.topology = topology;
        this.toxics = toxics;
        this.links = Map.copyOf(links);
        this.nodes = new Nodes(machines);
        this.owned = owned;
        for (Machine.Node node : nodes.refresh()) {
            if (node.isPop()) {
                pops.put(node.name(), node.url());
            }
        }
        Operator operator = new Operator(nodes.region(), credentials());
        owned.push(operator);
        this.keys = new Keys(operator);
        owned.push(keys);
    }

    /**
     * Starts one on this machine, with a fault proxy in every link.
     *
     * @param proxy a Toxiproxy server's API; empty to start ours
     * @param seed of our proxy
     * @param losesPackets whether packets may be lost on its links: {@link OwnNamespace#isHere}
     */
    static Network start(Launcher launcher, Optional<URI> proxy, long seed, boolean losesPackets) {
        Deque<AutoCloseable> owned = new ArrayDeque<>();
        try {
            Toxics toxics = toxics(proxy, seed, owned);
            Map<LinkName, String> links = new LinkedHashMap<>();
            Map<LinkName, Integer> ports = new HashMap<>();
            String text =
                    LedTopology.text(
                            link -> {
                                String listen = create(toxics, link, links, owned);
                                ports.put(link, Address.parse(listen).port());
                                return listen;
                            });
            Path file = launcher.data().resolveSibling("chaos-network.yaml");
            Files.createDirectories(launcher.data().getParent());
            Files.writeString(file, text);
            owned.push(() -> launcher.run(List.of("down")));
            Topology topology = up(launcher, file, toxics, links);
            List<Machine> here = List.of(new ThisMachine(launcher));
            Network network = new Network(launcher, toxics, links, topology, here, owned);
            network.endWithThisProcess();
            if (losesPackets) {
                network.loss = Optional.of(new LinkLoss(PacketLoss.start(), ports));
            }
            return network;
        } catch (IOException e) {
            closeAll(owned);
            throw new NetworkException("cannot start a network", e);
        } catch (RuntimeException e) {
            closeAll(owned);
            throw e;
        }
    }

    /**
     * Uses one that runs, with its links' detours through the proxy.
     *
     * @throws NetworkException if it may not be hurt, or does not run
     */
    static Network running(Launcher launcher, Topology topology, URI proxy) {
        if (!topology.chaosAllowed()) {
            throw new NetworkException(
                    "network '%s' may not be hurt: its topology does not say 'chaos: allowed'"
                            .formatted(topology.network()));
        }
        Deque<AutoCloseable> owned = new ArrayDeque<>();
        Toxics toxics = new Toxics(proxy);
        owned.push(toxics);
        Map<String, String> byListen = toxics.byListen();
        Map<LinkName, String> links = new LinkedHashMap<>();
        for (Link link : topology.links()) {
            for (LinkName.Part part : LinkName.Part.values()) {
                link.via()
                        .flatMap(via -> address(via, part))
                        .map(address -> byListen.get(address.toString()))
                        .ifPresent(
                                name ->
                                        links.put(
                                                new LinkName(link.from(), link.to(), part), name));
            }
        }
        return new Network(
                launcher, toxics, links, topology, machines(launcher, topology, owned), owned);
    }

    /** Those whose supervisors listen; where none does, this one. */
    private static List<? extends Machine> machines(
            Launcher launcher, Topology topology, Deque<AutoCloseable> owned) {
        if (topology.supervisors().isEmpty()) {
            return List.of(new ThisMachine(launcher));
        }
        Path file = launcher.data().resolve("network.token");
        try {
            String token = Files.readString(file).strip();
            List<FarMachine> machines =
                    topology.supervisors().stream().map(at -> new FarMachine(at, token)).toList();
            owned.addAll(machines);
            return machines;
        } catch (IOException e) {
            throw new NetworkException("cannot read " + file, e);
        }
    }

    private static Optional<Address> address(Via via, LinkName.Part part) {
        return switch (part) {
            case INTERNAL -> via.internal();
            case CLUSTER -> via.cluster();
        };
    }

    private static Toxics toxics(Optional<URI> proxy, long seed, Deque<AutoCloseable> owned)
            throws IOException {
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

    private static String create(
            Toxics toxics, LinkName link, Map<LinkName, String> links, Deque<AutoCloseable> owned) {
        String name = "runnel_" + link.toString().replace('/', '_');
        String listen = toxics.create(name);
        owned.push(() -> toxics.delete(name));
        links.put(link, name);
        return listen;
    }

    /** The links are led to the nodes while these start, as soon as their ports are chosen. */
    private static Topology up(
            Launcher launcher, Path file, Toxics toxics, Map<LinkName, String> links) {
        List<Launcher.Said> said = new ArrayList<>();
        Thread up =
                Thread.ofVirtual()
                        .start(
                                () ->
                                        said.add(
                                                launcher.run(
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

    private Path credentials() {
        return launcher.data().resolve("credentials");
    }

    /** Deploys what a scenario calls and is not deployed yet. */
    void prepare(Scenario scenario) {
        scenario.guests().stream().sorted().filter(deployed::add).forEach(this::deploy);
    }

    private void deploy(Guest guest) {
        try {
            Path module = Files.createTempFile(guest.task(), ".wasm");
            try {
                Files.write(module, guest.module(launcher.top()));
                List<String> command =
                        new ArrayList<>(
                                List.of("deploy", guest.task(), module.toString(), "--public"));
                command.addAll(guest.options());
                launcher.run(command).mustWork("deploy " + guest.task());
            } finally {
                Files.delete(module);
            }
        } catch (IOException e) {
            throw new NetworkException("no module of " + guest.task(), e);
        }
    }

    /** A key of each account that a scenario calls with. */
    Map<AccountId, String> keys(Scenario scenario) {
        return keys.of(scenario.accounts());
    }

    /** The slots of a POP or a region. */
    int slots(String place) {
        Optional<Region> region =
                topology.regions().stream().filter(r -> r.name().value().equals(place)).findFirst();
        if (region.isPresent()) {
            return region.get().nodes().stream().mapToInt(RegionNode::slots).sum();
        }
        return topology.pops().stream()
                .filter(pop -> pop.name().value().equals(place))
                .mapToInt(Pop::slots)
                .findFirst()
                .orElseThrow(() -> new NetworkException("no POP or region: " + place));
    }

    /** The ids of the nodes' processes. */
    Map<String, Long> processes() {
        return nodes.processes();
    }

    /** Where its POPs are. */
    Map<String, URI> pops() {
        return Map.copyOf(pops);
    }

    /** What a scenario needs and this network has not; empty if it can be run here. */
    List<String> missing(Scenario scenario) {
        List<String> missing = new ArrayList<>();
        for (CallStream stream : scenario.steady().streams()) {
            if (!pops.containsKey(stream.pop())) {
                missing.add("POP " + stream.pop());
            }
        }
        for (FaultStep step : scenario.fault().steps()) {
            boolean there =
                    switch (step.action()) {
                        case Action.OnNode onNode -> nodes.has(onNode.node());
                        case Action.Add add -> links.containsKey(add.link());
                        case Action.Remove remove -> links.containsKey(remove.link());
                        case Action.OnLink whole -> links.containsKey(whole.link());
                        case Action.Lose lose -> losesOn(lose.link());
                        case Action.Deliver deliver -> losesOn(deliver.link());
                        case Action.OnCalls onCalls -> true;
                    };
            if (!there) {
                missing.add(step.action().subject());
            }
        }
        return missing.stream().distinct().toList();
    }

    private boolean losesOn(LinkName link) {
        return loss.isPresent() && links.containsKey(link);
    }

    /** Does what a step says. */
    void apply(Action action) {
        switch (action) {
            case Action.Add add -> toxics.add(links.get(add.link()), add);
            case Action.Remove remove -> toxics.remove(links.get(remove.link()), remove.type());
            case Action.OnLink whole ->
                    toxics.enable(links.get(whole.link()), whole.kind() == Action.LinkKind.MEND);
            case Action.OnNode onNode -> nodes.apply(onNode);
            case Action.Lose lose -> loss.orElseThrow().lose(lose);
            case Action.Deliver deliver -> loss.orElseThrow().deliver(deliver.link());
            // The load comes by itself; the step says when.
            case Action.OnCalls onCalls -> {}
        }
    }

    /** What the proxy did to the links so far. */
    ProxyActs acts() {
        Map<String, Map<String, Long>> said = toxics.acts().orElse(Map.of());
        if (said.isEmpty()) {
            return ProxyActs.unknown();
        }
        Map<LinkName, Map<String, Long>> counts = new HashMap<>();
        Map<LinkName, Long> lost = loss.map(LinkLoss::lost).orElse(Map.of());
        links.forEach(
                (link, name) -> {
                    Map<String, Long> kinds = new HashMap<>(said.getOrDefault(name, Map.of()));
                    kinds.put(LinkLoss.LOSS, lost.getOrDefault(link, 0L));
                    counts.put(link, Map.copyOf(kinds));
                });
        return new ProxyActs(true, counts);
    }

    /** Undoes whatever is broken, and waits until every node is ready. */
    void heal() {
        loss.ifPresent(LinkLoss::heal);
        links.values().forEach(toxics::heal);
        nodes.heal();
    }

    /** So that Ctrl-C leaves no network behind. */
    private void endWithThisProcess() {
        Thread ends = new Thread(() -> closeAll(owned), "end of the network");
        Runtime.getRuntime().addShutdownHook(ends);
        hook = Optional.of(ends);
    }

    @Override
    public void close() {
        try {
            hook.ifPresent(Runtime.getRuntime()::removeShutdownHook);
        } catch (IllegalStateException e) {
            // The process ends: the hook ends the network.
            return;
        }
        closeAll(owned);
    }

    private static void closeAll(Deque<AutoCloseable> owned) {
        while (!owned.isEmpty()) {
            try {
                owned.pop().close();
            } catch (Exception e) {
                System.getLogger(Network.class.getName())
                        .log(System.Logger.Level.WARNING, "while ending a network", e);
            }
        }
    }
}
