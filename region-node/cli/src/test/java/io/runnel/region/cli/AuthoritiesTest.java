package io.runnel.region.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.region.cli.supervisor.DataFolder;
import io.runnel.topology.Topology;
import io.runnel.topology.TopologyReader;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Stream;

/** What a machine needs before nodes are started on it. 192.0.2.1 is nobody's (RFC 5737). */
class AuthoritiesTest {
    private static final String TOPOLOGY =
            """
            network: net
            regions:
              - name: west
                registry: true
                location: {lat: 1, lon: 1}
                nodes:
                  - {name: west-1, listen: %1$s:1, internal: %1$s:2, cluster: %1$s:3, admin: 127.0.0.1:4, slots: 4, memory: 256MiB}
              - name: east
                location: {lat: 1, lon: 90}
                nodes:
                  - {name: east-1, listen: %2$s:5, internal: %2$s:6, cluster: %2$s:7, admin: 127.0.0.1:8, slots: 4, memory: 256MiB}
            """;

    @TempDir private Path folder;

    private Topology topology(String west, String east) {
        return TopologyReader.parse(TOPOLOGY.formatted(west, east));
    }

    private void ensure(Topology topology) {
        new Authorities(
                        new DataFolder(folder),
                        new SecureRandom(),
                        InstantSource.fixed(Instant.parse("2026-11-28T12:00:00Z")))
                .ensure(topology);
    }

    private List<String> files() throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile)
                    .map(file -> folder.relativize(file).toString())
                    .filter(name -> name.endsWith(".pem"))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void whereTheRegistryIsTheNetworkBegins() throws IOException {
        ensure(topology("127.0.0.1", "192.0.2.1"));
        assertEquals(List.of("authority/region-west.pem", "authority/root.pem", "ca.pem"), files());
    }

    @Test
    void elsewhereNothingIsMadeAndWhatIsMissingIsNamed() throws IOException {
        CliException missing =
                assertThrows(CliException.class, () -> ensure(topology("192.0.2.1", "127.0.0.1")));
        assertTrue(missing.getMessage().contains("ca.pem is missing"), missing.getMessage());
        assertEquals(List.of(), files());
    }

    @Test
    void aRegionWhoseAuthorityWasNotBroughtIsNamed() throws IOException {
        ensure(topology("127.0.0.1", "192.0.2.1"));
        Files.delete(folder.resolve("authority/root.pem"));
        CliException missing =
                assertThrows(CliException.class, () -> ensure(topology("192.0.2.1", "127.0.0.1")));
        assertTrue(
                missing.getMessage().contains("runnel attest root certify east"),
                missing.getMessage());
    }
}
