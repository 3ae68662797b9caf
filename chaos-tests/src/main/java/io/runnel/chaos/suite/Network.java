package io.runnel.chaos.suite;

import io.runnel.exec.task.AccountId;
import io.runnel.topology.Address;
import io.runnel.topology.Link;
import io.runnel.topology.Pop;
import io.runnel.topology.Region;
import io.runnel.topology.RegionNode;
import io.runnel.topology.Topology;
import io.runnel.topology.Via;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
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
import java.util.function.LongSupplier;

/** A network of real processes whose links lead through a fault proxy. One thread at a time. */
final class Network implements AutoCloseable {
    private final Launcher launcher;
    private final Toxics toxics;
    private final Map<LinkName, String> links;
    private final Nodes nodes;
    private final Topology topology;
    private final Map<String, URI> pops = new HashMap<>();
    private final Set<Guest> deployed = EnumSet.noneOf(Guest.class);
    private final Keys keys;
    private final HostFaults host;
    private final Certificates certificates;
    private final Deque<AutoCloseable> owned;
    private Optional<Thread> hook = Optional.empty();

    /**
     * Takes over one that runs.
     *
     * @param links the names of their proxies
     * @param owned is closed with it, the last first
     */
    Network(
            Launcher launcher,
            Toxics toxics,
            Map<LinkName, String> links,
            Topology topology,
            List<? extends Machine> machines,
            HostFaults host,
            Deque<AutoCloseable> owned) {
        this.launcher = launcher;
        this.topology = topology;
        this.host = host;
        this.certificates = new Certificates(launcher);
        this.toxics = toxics;
        this.links = Map.copyOf(links);
        this.nodes = new Nodes(machines, RootTrust.file(launcher.data()));
        this.owned = owned;
        for (Machine.Node node : nodes.refresh()) {
            if (node.isPop()) {
                pops.put(node.name(), node.url());
            }
        }
        Operator operator = new Operator(nodes.region(), launcher.data());
        owned.push(operator);
        this.keys = new Keys(operator);
        owned.push(keys);
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
                launcher,
                toxics,
                links,
                topology,
                machines(launcher, topology, owned),
                HostFaults.none(),
                owned);
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
                        case Action.OnCertificate certificate ->
                                certificates.isHere(certificate.node());
                        case Action.Forget forget -> certificates.isHere(forget.node());
                        case Action.OnDisk onDisk -> host.disks().has(onDisk.node());
                        case Action.Jump jump -> host.clocks().has(jump.node());
                        case Action.Reset reset -> host.clocks().has(reset.node());
                    };
            if (!there) {
                missing.add(step.action().subject());
            }
        }
        return missing.stream().distinct().toList();
    }

    private boolean losesOn(LinkName link) {
        return host.loss().isPresent() && links.containsKey(link);
    }

    /** Does what a step says. */
    void apply(Action action) {
        switch (action) {
            case Action.Add add -> toxics.add(links.get(add.link()), add);
            case Action.Remove remove -> toxics.remove(links.get(remove.link()), remove.type());
            case Action.OnLink whole ->
                    toxics.enable(links.get(whole.link()), whole.kind() == Action.LinkKind.MEND);
            case Action.OnNode onNode -> nodes.apply(onNode);
            case Action.Lose lose -> host.loss().orElseThrow().lose(lose);
            case Action.Deliver deliver -> host.loss().orElseThrow().deliver(deliver.link());
            // The load comes by itself; the step says when.
            case Action.OnCalls onCalls -> {}
            case Action.OnDisk onDisk -> host.disks().apply(onDisk);
            case Action.OnCertificate certificate -> certificates.apply(certificate);
            case Action.Forget forget -> certificates.forget(forget.node());
            case Action.Jump jump -> host.clocks().jump(jump);
            case Action.Reset reset -> host.clocks().reset(reset.node());
        }
    }

    /** What the proxy did to the links so far. */
    ProxyActs acts() {
        Map<String, Map<String, Long>> said = toxics.acts().orElse(Map.of());
        if (said.isEmpty()) {
            return ProxyActs.unknown();
        }
        Map<LinkName, Map<String, Long>> counts = new HashMap<>();
        Map<LinkName, Long> lost = host.loss().map(LinkLoss::lost).orElse(Map.of());
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
        host.heal();
        links.values().forEach(toxics::heal);
        nodes.heal();
        certificates.heal();
    }

    /** Sees by whom a node is certified. */
    Watch certified(String node, long startNs, LongSupplier nanoClock) {
        return certificates.certified(node, startNs, nanoClock);
    }

    /** Somebody who has read a node's key by now. */
    Thief thief(String node, long startNs, LongSupplier nanoClock) {
        return certificates.thief(node, startNs, nanoClock);
    }

    /** Who may write, by way of this node, or of a region's if it is none. */
    Operator operator(String node) {
        return new Operator(pops.containsKey(node) ? nodes.region() : url(node), launcher.data());
    }

    /** The certificate of the network's root. */
    Path root() {
        return RootTrust.file(launcher.data());
    }

    /** Where a node answers users. */
    URI url(String node) {
        return nodes.url(node);
    }

    /** So that Ctrl-C leaves no network behind. */
    void endWithThisProcess() {
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

    /** Closes all of them, the last first, whatever one says. */
    static void closeAll(Deque<AutoCloseable> owned) {
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
