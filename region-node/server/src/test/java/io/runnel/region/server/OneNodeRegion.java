package io.runnel.region.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.runnel.attestation.NetworkToken;
import io.runnel.attestation.authority.AuthorityFolder;
import io.runnel.attestation.tls.NodeTrust;
import io.runnel.exec.node.NodeArguments;
import io.runnel.exec.task.RegionId;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;

/** What one node of one region has on its disk, without the node. */
record OneNodeRegion(Path data, SecureRandom random) {
    static final RegionId WEST = new RegionId("eu-west");

    private static final String TOPOLOGY =
            """
            network: demo
            regions:
              - name: eu-west
                registry: true
                location: {lat: 53.35, lon: -6.26}
                store: sqlite
                nodes:
                  - {name: eu-west-1, zone: a, listen: 127.0.0.1:1, internal: 127.0.0.1:2, cluster: 127.0.0.1:3, admin: 127.0.0.1:4, slots: 4, memory: 256MiB}
            """;

    /** Makes it in a folder. */
    static OneNodeRegion in(Path data) throws IOException {
        SecureRandom random = new SecureRandom();
        Files.writeString(data.resolve("topology.yaml"), TOPOLOGY);
        NetworkToken unused = NetworkToken.readOrCreate(data.resolve("network.token"), random);
        List<RegionId> missing =
                new AuthorityFolder(data).ensure("demo", List.of(WEST), Instant.now(), random);
        assertEquals(List.of(), missing);
        return new OneNodeRegion(data, random);
    }

    RegionFacts facts() {
        return RegionFacts.read(
                NodeArguments.parse(List.of("--data", data.toString(), "--node", "eu-west-1")));
    }

    /** Opens what the region keeps, as its node does. */
    RegionState open() throws IOException {
        RegionFacts facts = facts();
        facts.folder().create();
        NodeTrust trust = NodeTrust.of(new AuthorityFolder(data));
        RegionSeals seals = RegionSeals.of(facts, trust, random);
        return RegionState.open(facts, seals, System::nanoTime, random);
    }
}
