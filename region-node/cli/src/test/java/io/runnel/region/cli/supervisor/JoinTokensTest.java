package io.runnel.region.cli.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.attestation.authority.AuthorityFolder;
import io.runnel.attestation.certificate.CertificateAuthority;
import io.runnel.attestation.identity.Identity;
import io.runnel.attestation.identity.Verdict;
import io.runnel.attestation.join.IdentityFile;
import io.runnel.attestation.join.JoinToken;
import io.runnel.attestation.join.JoinTokenFile;
import io.runnel.exec.task.NodeName;
import io.runnel.exec.task.PopId;
import io.runnel.exec.task.RegionId;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What a machine's POPs join with. */
class JoinTokensTest {
    private static final RegionId WEST = new RegionId("west");
    private static final RegionId EAST = new RegionId("east");
    private static final RegionId FAR = new RegionId("far");
    private static final PopId EDGE = new PopId("edge");
    private static final String TOPOLOGY =
            """
            network: net
            regions:
              - name: west
                registry: true
                location: {lat: 1, lon: 1}
                nodes:
                  - {name: west-1, listen: 127.0.0.1:1, internal: 127.0.0.1:2, cluster: 127.0.0.1:3, admin: 127.0.0.1:4, slots: 4, memory: 256MiB}
              - name: east
                location: {lat: 1, lon: 90}
                nodes:
                  - {name: east-1, listen: 127.0.0.1:5, internal: 127.0.0.1:6, cluster: 127.0.0.1:7, admin: 127.0.0.1:8, slots: 4, memory: 256MiB}
              - name: far
                location: {lat: 1, lon: 9}
                nodes:
                  - {name: far-1, listen: 127.0.0.1:15, internal: 127.0.0.1:16, cluster: 127.0.0.1:17, admin: 127.0.0.1:18, slots: 4, memory: 256MiB}
            pops:
              - {name: edge, location: {lat: 3, lon: 3}, listen: 127.0.0.1:9, admin: 127.0.0.1:10, region: west, failover: [east], slots: 4, memory: 256MiB}
            """;

    @TempDir Path folder;
    private final SecureRandom random = new SecureRandom();
    private Instant now = Instant.parse("2026-11-28T12:00:00Z");
    private DataFolder data;
    private AuthorityFolder authorities;
    private JoinTokenFile file;
    private IdentityFile identity;

    @BeforeEach
    void write() throws IOException {
        data = new DataFolder(folder);
        Files.writeString(data.topology(), TOPOLOGY);
        authorities = new AuthorityFolder(folder);
        Path own = data.node(new NodeName("edge"));
        file = new JoinTokenFile(own);
        identity = new IdentityFile(own);
    }

    private void ensure() {
        new JoinTokens(data, random, () -> now).ensure(EDGE);
    }

    private void begin(List<RegionId> regions) {
        assertEquals(List.of(), authorities.ensure("net", regions, now, random));
    }

    private CertificateAuthority authority(RegionId region) {
        return authorities.authority(region, random).orElseThrow();
    }

    @Test
    void thereIsOneForEachRegionThatMayCertifyItAndIsHere() {
        begin(List.of(WEST, EAST, FAR));
        ensure();
        for (RegionId region : List.of(WEST, EAST)) {
            String text = file.of(region).orElseThrow();
            var key = authority(region).certificate().getPublicKey();
            assertTrue(
                    JoinToken.read(text, key) instanceof Verdict.Trusted<JoinToken>(JoinToken token)
                            && token.node().equals(new Identity.Pop("net", EDGE))
                            && token.authority().region().equals(region)
                            && token.notAfter().equals(now.plus(JoinToken.LIFE)));
        }
        assertEquals(Optional.empty(), file.of(FAR));
    }

    @Test
    void withoutAnAuthorityThereIsNoneAndWhatWasBroughtStays() {
        ensure();
        assertFalse(Files.exists(file.path()));
        begin(List.of(WEST));
        String brought =
                JoinToken.create(
                                new Identity.Authority("net", WEST),
                                new Identity.Pop("net", EDGE),
                                now,
                                JoinToken.LIFE,
                                random)
                        .signed(authority(WEST).key());
        file.write(List.of(brought));
        data = new DataFolder(folder.resolve("other"));
        ensure();
        assertEquals(Optional.of(brought), file.of(WEST));
    }

    @Test
    void whoIsSomebodyNeedsNone() {
        begin(List.of(WEST));
        identity.write(
                authority(WEST).create(new Identity.Pop("net", EDGE), now, Duration.ofHours(24)));
        ensure();
        assertEquals(Optional.empty(), file.of(WEST));
        now = now.plus(Duration.ofHours(24));
        ensure();
        String first = file.of(WEST).orElseThrow();
        ensure();
        assertNotEquals(first, file.of(WEST).orElseThrow());
    }

    @Test
    void whatDoesNotReadStopsNoPop() throws IOException {
        begin(List.of(WEST));
        Path own = Files.createDirectories(data.node(new NodeName("edge")));
        identity.write(authority(WEST).key());
        Files.writeString(own.resolve("identity.pem"), "x");
        ensure();
        assertTrue(file.of(WEST).isPresent());
        assertTrue(file.delete());
        Files.writeString(data.topology(), "x: [");
        ensure();
        new JoinTokens(data, random, () -> now).ensure(new PopId("nowhere"));
        assertEquals(Optional.empty(), file.of(WEST));
    }
}
