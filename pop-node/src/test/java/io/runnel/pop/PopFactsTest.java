package io.runnel.pop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.attestation.NetworkToken;
import io.runnel.exec.node.NodeArguments;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;

class PopFactsTest {
    private static final String TOPOLOGY =
            """
            network: test
            regions:
              - name: north
                registry: true
                location: {lat: 1, lon: 1}
                store: sqlite
                nodes:
                  - {name: north-1, zone: a, listen: 127.0.0.1:1, internal: 127.0.0.1:2, cluster: 127.0.0.1:3, admin: 127.0.0.1:4, slots: 1, memory: 1GiB}
              - name: south
                location: {lat: 2, lon: 2}
                store: sqlite
                nodes:
                  - {name: south-1, zone: a, listen: 127.0.0.1:5, internal: 127.0.0.1:6, cluster: 127.0.0.1:7, admin: 127.0.0.1:8, slots: 1, memory: 1GiB}
            pops:
              - name: edge
                location: {lat: 3, lon: 3}
                listen: 127.0.0.1:9
                admin: 127.0.0.1:10
                region: south
                failover: [north]
                slots: 1
                memory: 1GiB
                restrictions: {maxMemory: 256MiB, maxDuration: 30s, runtimes: [wasm]}
            links:
              - {from: edge, to: north, rtt: 5ms, via: {internal: 127.0.0.1:11, cluster: 127.0.0.1:12}}
            """;

    @TempDir Path data;

    @BeforeEach
    void fill() throws IOException {
        Files.writeString(data.resolve("topology.yaml"), TOPOLOGY);
        NetworkToken.readOrCreate(data.resolve("network.token"), new SecureRandom());
    }

    @Test
    void itsOwnRegionComesFirstAndDetoursAreTaken() {
        PopFacts facts = PopFacts.read(arguments("edge"));
        assertEquals("pop/edge", facts.place());
        assertEquals(
                List.of("south (127.0.0.1:6)", "north (127.0.0.1:11)"),
                facts.regions().stream().map(Object::toString).toList());
    }

    @Test
    void aNodeThatIsNoPopIsRefused() {
        var e =
                assertThrows(
                        IllegalArgumentException.class, () -> PopFacts.read(arguments("north-1")));
        assertTrue(e.getMessage().startsWith("north-1 is no POP in "), e.getMessage());
    }

    private NodeArguments arguments(String node) {
        return NodeArguments.parse(List.of("--data", data.toString(), "--node", node));
    }
}
