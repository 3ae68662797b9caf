package io.runnel.region.cli.supervisor;

import io.runnel.attestation.AttestationException;
import io.runnel.attestation.SecretFile;
import io.runnel.attestation.authority.FileDigests;
import io.runnel.attestation.authority.OwnMeasurement;
import io.runnel.attestation.authority.Software;
import io.runnel.attestation.document.DocumentSigner;
import io.runnel.attestation.document.IdentityDocument;
import io.runnel.attestation.identity.Identity;
import io.runnel.exec.task.NodeName;
import io.runnel.exec.task.RegionId;
import io.runnel.topology.Region;
import io.runnel.topology.Topology;
import io.runnel.topology.TopologyException;
import io.runnel.topology.TopologyReader;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.Stream;

/**
 * What this supervisor signs of the software of the nodes that it starts, and keeps signing while
 * their processes live: what they were started with, whatever has become of the jars since. Nothing
 * that goes wrong here keeps a node from starting: it says then that it measured itself. Blocks;
 * safe for any thread.
 */
final class Measurements {
    /** How often each is made anew: it counts for twice as long. */
    static final Duration EVERY = IdentityDocument.LIFE.dividedBy(2);

    private static final Logger LOG = System.getLogger(Measurements.class.getName());

    private final DataFolder data;
    private final SupervisorIdentity identity;
    private final InstantSource clock;
    private final FileDigests files;

    /** What was started of each node, in that order: two seats while one takes over. */
    private final Map<NodeName, SequencedMap<Seat, Measured>> running = new LinkedHashMap<>();

    private record Measured(Identity node, RegionId region, String digest, Instant startedAt) {}

    Measurements(DataFolder data, SupervisorIdentity identity, InstantSource clock) {
        this.data = data;
        this.identity = identity;
        this.clock = clock;
        this.files = new FileDigests(new SecretFile(data.measuredFiles()));
    }

    /** A process of a node is about to be started in this seat, with this class path. */
    synchronized void begin(NodeName name, Seat seat, List<Path> classPath) {
        SequencedMap<Seat, Measured> its =
                running.computeIfAbsent(name, node -> new LinkedHashMap<>());
        its.remove(seat);
        try {
            Topology topology = TopologyReader.read(data.topology());
            String digest = "sha256:" + Software.digest(classPath, files);
            measured(topology, name, digest)
                    .ifPresent(
                            measured -> {
                                its.putLast(seat, measured);
                                write(topology, name, measured);
                            });
        } catch (IOException | TopologyException | AttestationException e) {
            LOG.log(Level.WARNING, () -> "%s is not measured: %s".formatted(name, e));
        }
    }

    private Optional<Measured> measured(Topology topology, NodeName name, String digest) {
        String network = topology.network();
        Instant now = clock.instant();
        return Stream.concat(
                        topology.regions().stream()
                                .filter(region -> has(region, name))
                                .map(
                                        region ->
                                                new Measured(
                                                        new Identity.RegionNode(
                                                                network, region.name(), name),
                                                        region.name(),
                                                        digest,
                                                        now)),
                        topology.pops().stream()
                                .filter(pop -> pop.node().equals(name))
                                .map(
                                        pop ->
                                                new Measured(
                                                        new Identity.Pop(network, pop.name()),
                                                        pop.region(),
                                                        digest,
                                                        now)))
                .findFirst();
    }

    private static boolean has(Region region, NodeName name) {
        return region.nodes().stream().anyMatch(node -> node.name().equals(name));
    }

    /** The process in this seat has ended: what is said now is of the one in the other, if any. */
    synchronized void end(NodeName name, Seat seat) {
        SequencedMap<Seat, Measured> its = running.getOrDefault(name, new LinkedHashMap<>());
        boolean wasLast = !its.isEmpty() && its.lastEntry().getKey() == seat;
        its.remove(seat);
        if (its.isEmpty()) {
            running.remove(name);
        }
        if (wasLast) {
            writeAnew(name);
        }
    }

    /** Signs anew what is said of all that run; to be called with each {@link #EVERY}. */
    synchronized void renew() {
        running.keySet().forEach(this::writeAnew);
    }

    private void writeAnew(NodeName name) {
        try {
            SequencedMap<Seat, Measured> its = running.get(name);
            if (its == null || its.isEmpty()) {
                boolean unused = file(name).delete();
            } else {
                write(TopologyReader.read(data.topology()), name, its.lastEntry().getValue());
            }
        } catch (TopologyException | AttestationException e) {
            LOG.log(Level.WARNING, () -> "%s is not measured anew: %s".formatted(name, e));
        }
    }

    private void write(Topology topology, NodeName name, Measured measured) {
        Instant now = clock.instant();
        Optional<String> jwt =
                identity.signer(topology, measured.region(), now)
                        .map(signer -> sign(signer, measured, now));
        if (jwt.isPresent()) {
            file(name).write(jwt.get());
        } else {
            // What is left of another day would only be warned of.
            boolean unused = file(name).delete();
        }
    }

    private static String sign(DocumentSigner signer, Measured measured, Instant now) {
        return signer.signAsJwt(
                signer.measurement(measured.node(), measured.digest(), measured.startedAt(), now));
    }

    private SecretFile file(NodeName name) {
        return new SecretFile(OwnMeasurement.file(data.node(name)));
    }
}
