package io.runnel.chaos.suite;

import io.runnel.exec.task.NodeName;
import io.runnel.topology.Region;
import io.runnel.topology.RegionNode;
import io.runnel.topology.TopologyException;
import io.runnel.topology.TopologyReader;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * What was certified of POPs whose folders are on this machine, in the hands of an operator. One
 * thread at a time.
 */
final class Certificates {
    private final Launcher launcher;
    private final Set<String> revoked = new HashSet<>();

    /** Those of the network of this data folder. */
    Certificates(Launcher launcher) {
        this.launcher = launcher;
    }

    private Path file(String node) {
        return launcher.data().resolve("nodes").resolve(node).resolve("identity.pem");
    }

    /** Whether a POP of this name keeps its key on this machine. */
    boolean isHere(String node) {
        return NodeName.isValid(node) && Files.exists(file(node));
    }

    void apply(Action.OnCertificate action) {
        String node = action.node();
        launcher.run(List.of("attest", action.kind().label(), node)).mustWork(action.text());
        switch (action.kind()) {
            case REVOKE -> revoked.add(node);
            case READMIT -> revoked.remove(node);
        }
    }

    void forget(String node) {
        try {
            Files.deleteIfExists(file(node).resolveSibling("identity.next.pem"));
            Files.deleteIfExists(file(node));
        } catch (IOException e) {
            throw new NetworkException("the key of %s cannot be deleted".formatted(node), e);
        }
    }

    /** Sees by whom a POP is certified. */
    Watch certified(String node, long startNs, LongSupplier nanoClock) {
        return CertifiedWatch.begin(node, file(node), startNs, nanoClock);
    }

    /** Readmits whoever is revoked still. */
    void heal() {
        for (String node : List.copyOf(revoked)) {
            apply(new Action.OnCertificate(Action.CertificateKind.READMIT, node));
        }
    }

    /** Somebody who has read the POP's key by now. */
    Thief thief(String node, long startNs, LongSupplier nanoClock) {
        NodeKey stolen =
                NodeKey.read(file(node))
                        .orElseThrow(() -> new NetworkException("has no key: " + node));
        return Thief.begin(
                node,
                RootTrust.context(RootTrust.file(launcher.data()), stolen),
                regions(),
                startNs,
                nanoClock);
    }

    /** Where regions' nodes listen to nodes. */
    private List<URI> regions() {
        try {
            return TopologyReader.read(launcher.data().resolve("topology.yaml")).regions().stream()
                    .map(Region::nodes)
                    .flatMap(List::stream)
                    .map(RegionNode::internal)
                    .map(internal -> URI.create("https://" + internal))
                    .toList();
        } catch (TopologyException e) {
            throw new NetworkException("cannot read the network's topology", e);
        }
    }
}
