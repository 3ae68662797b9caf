package io.runnel.region.cli.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.attestation.authority.AuthorityFolder;
import io.runnel.attestation.authority.FileDigests;
import io.runnel.attestation.authority.OwnMeasurement;
import io.runnel.attestation.authority.Software;
import io.runnel.attestation.certificate.ChainVerifier;
import io.runnel.attestation.document.Asked;
import io.runnel.attestation.document.Believed;
import io.runnel.attestation.document.DocumentSigner;
import io.runnel.attestation.document.DocumentVerifier;
import io.runnel.attestation.document.IdentityDocument;
import io.runnel.attestation.document.Kind;
import io.runnel.attestation.identity.Identity;
import io.runnel.attestation.identity.Rejection;
import io.runnel.attestation.identity.Verdict;
import io.runnel.exec.task.NodeName;
import io.runnel.exec.task.PopId;
import io.runnel.exec.task.RegionId;
import io.runnel.topology.Topology;
import io.runnel.topology.TopologyReader;

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

/** What a supervisor signs of the nodes that it starts. */
class MeasurementsTest {
    private static final NodeName AMS = new NodeName("ams");
    private static final NodeName NODE = new NodeName("eu-west-1");
    private static final RegionId WEST = new RegionId("eu-west");
    private static final RegionId OTHER = new RegionId("us-east");
    private static final Identity HOST = new Identity.Supervisor("test", new NodeName("host"));
    private static final String ANOTHER_REGION =
            """
            regions:
              - name: us-east
                location: {lat: 1, lon: 1}
                nodes:
                  - {name: us-east-1, listen: 127.0.0.1:1, internal: 127.0.0.1:2, cluster: 127.0.0.1:3, admin: 127.0.0.1:4, slots: 2, memory: 64MiB}
            """;

    @TempDir Path folder;
    private final SecureRandom random = new SecureRandom();
    private Instant now = Instant.parse("2026-11-28T12:00:00Z");
    private DataFolder data;
    private AuthorityFolder authorities;
    private Path jar;
    private SupervisorIdentity identity;
    private Measurements measurements;

    @BeforeEach
    void write() throws IOException {
        data = new DataFolder(folder.resolve("data"));
        data.create();
        Files.writeString(data.topology(), FakeTopology.TEXT.replace("regions:\n", ANOTHER_REGION));
        authorities = new AuthorityFolder(data.root());
        jar = FakeInstallation.in(folder).nodes(data).classPath(node()).getFirst();
        identity = new SupervisorIdentity(data, new NodeName("host"), random);
        measurements = new Measurements(data, identity, () -> now);
    }

    private Topology topology() {
        return TopologyReader.read(data.topology());
    }

    private LocalNode node() {
        return LocalNode.of(topology(), address -> true).stream()
                .filter(node -> node.name().equals(NODE))
                .findFirst()
                .orElseThrow();
    }

    private void certifyWith(List<RegionId> regions) {
        assertEquals(List.of(), authorities.ensure("test", regions, now, random));
    }

    private String digest() throws IOException {
        return "sha256:" + Software.digest(List.of(jar), new FileDigests());
    }

    private Path file(NodeName name) {
        return OwnMeasurement.file(data.node(name));
    }

    private Believed written(NodeName name) throws IOException {
        var chains = new ChainVerifier(authorities.root().orElseThrow());
        String jwt = Files.readString(file(name));
        return switch (new DocumentVerifier(chains).verify(jwt, List.of(), Asked.NOTHING, now)) {
            case Verdict.Trusted<Believed>(Believed believed) -> believed;
            case Verdict.Rejected<Believed>(List<Rejection> why) ->
                    throw new AssertionError(Rejection.text(why));
        };
    }

    private String measured(NodeName name) throws IOException {
        return written(name).facts().path("digest").asText();
    }

    @Test
    void itIsMadeOfEachNodeThatIsStarted() throws IOException {
        certifyWith(List.of(WEST));
        measurements.begin(NODE, Seat.FIRST, List.of(jar));
        measurements.begin(AMS, Seat.FIRST, List.of(jar));
        Believed ofNode = written(NODE);
        assertEquals(HOST, ofNode.signer());
        assertEquals(Kind.MEASUREMENT, ofNode.document().kind());
        assertEquals(digest(), ofNode.facts().path("digest").asText());
        assertEquals(now.toString(), ofNode.facts().path("startedAt").asText());
        assertEquals(
                new Identity.RegionNode("test", WEST, NODE).uri(),
                ofNode.facts().path("node").asText());
        assertEquals(
                new Identity.Pop("test", new PopId("ams")).uri(),
                written(AMS).facts().path("node").asText());
    }

    /** What runs is what was there when it was started. */
    @Test
    void itIsMadeAnewOfWhatWasStarted() throws IOException {
        certifyWith(List.of(WEST));
        String before = digest();
        Instant start = now;
        measurements.begin(NODE, Seat.FIRST, List.of(jar));
        Files.writeString(jar.resolveSibling("runnel-pop-node.jar"), "other");
        Files.delete(jar);
        now = now.plus(IdentityDocument.LIFE).plusSeconds(1);
        measurements.renew();
        assertEquals(now, written(NODE).document().issuedAt());
        assertEquals(before, measured(NODE));
        assertEquals(start.toString(), written(NODE).facts().path("startedAt").asText());
        measurements.end(NODE, Seat.FIRST);
        assertFalse(Files.exists(file(NODE)));
        measurements.renew();
        assertFalse(Files.exists(file(NODE)));
    }

    @Test
    void whoeverTakesOverIsMeasuredAndWhoGoesOnAgain() throws IOException {
        certifyWith(List.of(WEST));
        String before = digest();
        measurements.begin(NODE, Seat.FIRST, List.of(jar));
        Path next = Files.copy(jar, folder.resolve("next.jar"));
        measurements.begin(NODE, Seat.SECOND, List.of(next));
        assertNotEquals(before, measured(NODE));
        measurements.renew();
        assertNotEquals(before, measured(NODE));
        measurements.end(NODE, Seat.SECOND);
        assertEquals(before, measured(NODE));
        measurements.begin(NODE, Seat.SECOND, List.of(next));
        measurements.end(NODE, Seat.FIRST);
        assertNotEquals(before, measured(NODE));
        measurements.end(NODE, Seat.FIRST);
        assertNotEquals(before, measured(NODE));
    }

    @Test
    void withoutAnAuthorityThereIsNone() throws IOException {
        Files.createDirectories(data.node(NODE));
        Files.writeString(file(NODE), "of another day");
        measurements.begin(NODE, Seat.FIRST, List.of(jar));
        assertFalse(Files.exists(file(NODE)));
        // It was brought meanwhile.
        certifyWith(List.of(WEST));
        measurements.renew();
        assertEquals(digest(), measured(NODE));
    }

    @Test
    void whatCannotBeMeasuredKeepsNobodyFromStarting() throws IOException {
        certifyWith(List.of(WEST));
        measurements.begin(new NodeName("nowhere"), Seat.FIRST, List.of(jar));
        assertFalse(Files.exists(file(new NodeName("nowhere"))));
        Files.writeString(jar, "no jar");
        measurements.begin(NODE, Seat.FIRST, List.of(jar));
        assertFalse(Files.exists(file(NODE)));
        Files.writeString(data.topology(), "x: [");
        measurements.begin(AMS, Seat.FIRST, List.of(jar));
        assertFalse(Files.exists(file(AMS)));
    }

    @Test
    void itIsWhoeverARegionsAuthoritySaysFirstThatOfTheNodes() throws IOException {
        certifyWith(List.of(OTHER));
        assertEquals(List.of(issuer(OTHER)), issuers(WEST));
        certifyWith(List.of(WEST, OTHER));
        assertEquals(List.of(issuer(WEST)), issuers(WEST));
        assertEquals(List.of(issuer(OTHER)), issuers(OTHER));
        Files.writeString(authorities.regionKey(WEST), "x");
        identity = new SupervisorIdentity(data, new NodeName("host"), random);
        assertEquals(List.of(issuer(OTHER)), issuers(WEST));
    }

    private String issuer(RegionId region) {
        return authorities
                .authority(region, random)
                .orElseThrow()
                .certificate()
                .getSubjectX500Principal()
                .getName();
    }

    private List<String> issuers(RegionId preferred) {
        return signer(preferred).stream()
                .map(signer -> signer.key().certificate().getIssuerX500Principal().getName())
                .toList();
    }

    private Optional<DocumentSigner> signer(RegionId preferred) {
        return identity.signer(topology(), preferred, now);
    }

    @Test
    void itsKeyIsRenewedInTime() {
        certifyWith(List.of(WEST));
        DocumentSigner first = signer(WEST).orElseThrow();
        assertEquals(
                now.plus(Duration.ofHours(24)),
                first.key().certificate().getNotAfter().toInstant());
        now = now.plus(Duration.ofHours(14));
        assertSame(first, signer(WEST).orElseThrow());
        now = now.plus(Duration.ofHours(2));
        DocumentSigner second = signer(WEST).orElseThrow();
        assertNotEquals(
                first.key().certificate().getPublicKey(),
                second.key().certificate().getPublicKey());
        // Somebody took the authority away: what was certified counts until it ends.
        assertTrue(authorities.regionKey(WEST).toFile().delete());
        now = now.plus(Duration.ofHours(20));
        assertSame(second, signer(WEST).orElseThrow());
        now = now.plus(Duration.ofHours(4));
        assertEquals(Optional.empty(), signer(WEST));
    }

    @Test
    void aMachineHasANameInAnyCase() {
        assertEquals("host-1", MachineName.of("Host_1.example.com\n").value());
        assertEquals("a", MachineName.of("--a--").value());
        assertEquals("machine", MachineName.of("").value());
        assertEquals("machine", MachineName.of("...").value());
        assertEquals(63, MachineName.of("x".repeat(300)).value().length());
        assertTrue(NodeName.isValid(MachineName.ofThis().value()));
    }
}
