package io.runnel.chaos.suite;

import eu.rekawek.toxiproxy.Proxy;
import eu.rekawek.toxiproxy.ToxiproxyClient;
import eu.rekawek.toxiproxy.model.ToxicDirection;

import io.runnel.attestation.BearerToken;
import io.runnel.attestation.CredentialsFile;
import io.runnel.attestation.NetworkToken;
import io.runnel.attestation.Profile;
import io.runnel.attestation.authority.AuthorityFolder;
import io.runnel.chaos.proxy.FaultProxy;
import io.runnel.exec.task.RegionId;
import io.runnel.topology.Region;
import io.runnel.topology.RegionNode;
import io.runnel.topology.Topology;
import io.runnel.topology.TopologyReader;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;

/**
 * The network of the suite on two machines, each a network namespace with a data folder and a
 * supervisor of its own; a bridge connects them. A third, this process's, has the fault proxy that
 * stands in all links.
 */
final class TwoMachines implements AutoCloseable {
    private static final long SEED = 20_261_127L;
    private static final long DISTANCE_MS = 20;
    private static final String NOWHERE = "127.0.0.1:1";
    private static final int SUPERVISOR = 7700;
    private static final Pattern OPEN = Pattern.compile("127\\.0\\.0\\.1:0");
    private static final Path TOP = Path.of("..").toAbsolutePath().normalize();
    private static final Path DIST = Path.of("target", "checked", "dist").toAbsolutePath();

    private final Deque<AutoCloseable> owned = new ArrayDeque<>();
    private final Path folder;
    private final FaultProxy faults;

    /** Ports are each machine's own, and nobody else is there: any will do. */
    private int port = 9000;

    final Launcher first;
    final Launcher second;
    final Path topology;

    private TwoMachines(Path folder, Bridge bridge) throws IOException {
        this.folder = folder;
        owned.push(bridge);
        InetAddress here = InetAddress.getByName(bridge.address(Bridge.HERE));
        faults = FaultProxy.start(new InetSocketAddress(here, 0), SEED);
        owned.push(faults);
        topology = Files.writeString(folder.resolve("network.yaml"), led(bridge));
        first = machine("a", bridge.machine(1));
        second = machine("b", bridge.machine(2));
    }

    /**
     * Starts them.
     *
     * @throws NetworkException if one does not come up
     */
    static TwoMachines start(Path folder, Bridge bridge) throws IOException {
        TwoMachines machines = new TwoMachines(folder, bridge);
        try {
            machines.shareSecrets();
            machines.up();
            return machines;
        } catch (IOException | RuntimeException e) {
            machines.close();
            throw e;
        }
    }

    /** Where the fault proxy's API is. */
    private String proxy() {
        InetSocketAddress address = faults.address();
        return "http://%s:%d".formatted(address.getAddress().getHostAddress(), address.getPort());
    }

    /** The launcher as somebody on that machine runs it. */
    private Launcher machine(String name, List<String> enter) throws IOException {
        Path top = Files.createDirectories(folder.resolve(name));
        String script =
                "#!/bin/sh\nexec %s %s \"$@\"\n"
                        .formatted(String.join(" ", enter), TOP.resolve("runnel"));
        Path file = Files.writeString(top.resolve("runnel"), script);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
        Map<String, String> environment =
                Map.of("RUNNEL_DIST", DIST.toString(), "TOXIPROXY_URL", proxy());
        return new Launcher(top, environment, top.resolve("data"));
    }

    /** What an operator copies from one machine to the others. */
    private void shareSecrets() throws IOException {
        SecureRandom random = new SecureRandom();
        Path data = Files.createDirectories(first.data());
        NetworkToken.readOrCreate(data.resolve("network.token"), random);
        new CredentialsFile(data.resolve("credentials"))
                .put(new Profile("admin", BearerToken.generate(random), Optional.empty()));
        Topology read = TopologyReader.read(topology);
        List<RegionId> regions = read.regions().stream().map(Region::name).toList();
        List<RegionId> missing =
                new AuthorityFolder(data).ensure(read.network(), regions, Instant.now(), random);
        if (!missing.isEmpty()) {
            throw new NetworkException("no authorities of " + missing);
        }
        Files.createDirectories(second.data().resolve("authority"));
        for (String secret :
                List.of("network.token", "credentials", "ca.pem", "authority/region-us-east.pem")) {
            Path copy = Files.copy(data.resolve(secret), second.data().resolve(secret));
            Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString("rw-------"));
        }
    }

    private void up() {
        owned.push(() -> first.run(List.of("down")));
        owned.push(() -> second.run(List.of("down")));
        List<String> up = List.of("up", "--detach", "-t", topology.toString());
        CompletableFuture<Launcher.Said> other = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> other.complete(second.run(up)));
        first.run(up).mustWork("up of the first");
        other.join().mustWork("up of the second");
    }

    private String led(Bridge bridge) throws IOException {
        ToxiproxyClient client =
                new ToxiproxyClient(
                        faults.address().getAddress().getHostAddress(), faults.address().getPort());
        Map<LinkName, Proxy> links = new LinkedHashMap<>();
        String open = LedTopology.text(link -> listen(client, links, bridge, link));
        StringBuilder text = new StringBuilder();
        String host = "";
        for (String line : open.lines().toList()) {
            if (line.contains("name: eu-west-1") || line.contains("name: ams")) {
                host = bridge.address(1);
            } else if (line.contains("name: us-east-1") || line.contains("name: iad")) {
                host = bridge.address(2);
            }
            String at = host;
            text.append(OPEN.matcher(line).replaceAll(found -> at + ":" + port++)).append('\n');
            if (line.startsWith("chaos:")) {
                text.append(
                        "supervisors: [%s:%d, %s:%d]%n"
                                .formatted(
                                        bridge.address(1),
                                        SUPERVISOR,
                                        bridge.address(2),
                                        SUPERVISOR));
            }
        }
        lead(TopologyReader.parse(text.toString()), links);
        return text.toString();
    }

    private static String listen(
            ToxiproxyClient client, Map<LinkName, Proxy> links, Bridge bridge, LinkName link) {
        try {
            String name = link.toString().replace('/', '_');
            Proxy proxy = client.createProxy(name, bridge.address(Bridge.HERE) + ":0", NOWHERE);
            links.put(link, proxy);
            return proxy.getListen();
        } catch (IOException e) {
            throw new NetworkException("no proxy for " + link, e);
        }
    }

    /** Each link to its region; POPs are far from the regions of others. */
    private static void lead(Topology topology, Map<LinkName, Proxy> links) throws IOException {
        for (Map.Entry<LinkName, Proxy> link : links.entrySet()) {
            LinkName name = link.getKey();
            RegionId region = new RegionId(name.to());
            RegionNode node = topology.region(region).orElseThrow().nodes().getFirst();
            boolean internal = name.part() == LinkName.Part.INTERNAL;
            link.getValue().setUpstream((internal ? node.internal() : node.cluster()).toString());
            boolean own =
                    topology.pops().stream()
                            .anyMatch(
                                    pop ->
                                            pop.name().value().equals(name.from())
                                                    && pop.region().equals(region));
            if (internal && !own) {
                link.getValue()
                        .toxics()
                        .latency("distance", ToxicDirection.DOWNSTREAM, DISTANCE_MS);
            }
        }
    }

    @Override
    public void close() {
        while (!owned.isEmpty()) {
            try {
                owned.pop().close();
            } catch (Exception e) {
                throw new NetworkException("while ending two machines", e);
            }
        }
    }
}
