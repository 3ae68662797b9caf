package io.runnel.region.server.authority;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.attestation.audit.AuditCheck;
import io.runnel.attestation.audit.AuditEntry;
import io.runnel.attestation.audit.AuditFact;
import io.runnel.attestation.certificate.CertificateAuthority;
import io.runnel.attestation.certificate.CertifiedKey;
import io.runnel.attestation.certificate.ChainVerifier;
import io.runnel.attestation.certificate.KeyPairs;
import io.runnel.attestation.certificate.KnownRevocations;
import io.runnel.attestation.certificate.RevocationList;
import io.runnel.attestation.certificate.RevocationLists;
import io.runnel.attestation.identity.Identity;
import io.runnel.attestation.identity.Reason;
import io.runnel.attestation.identity.Rejection;
import io.runnel.attestation.identity.Verdict;
import io.runnel.attestation.join.JoinToken;
import io.runnel.attestation.tls.NodeTrust;
import io.runnel.cluster.store.RegionStore;
import io.runnel.cluster.store.SqliteStore;
import io.runnel.cluster.store.StoreException;
import io.runnel.cluster.store.StoreSettings;
import io.runnel.exec.task.NodeName;
import io.runnel.exec.task.PopId;
import io.runnel.exec.task.RegionId;
import io.runnel.routing.catalog.TestSeals;
import io.runnel.topology.Topology;
import io.runnel.topology.TopologyReader;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;

/** What a region's authority does, and what stands in its log of it. */
class RegionAuthorityTest {
    private static final Instant NOW = Instant.parse("2026-11-28T12:00:00Z");
    private static final RegionId EU = new RegionId("eu-west");
    private static final PopId AMS = new PopId("ams");
    private static final NodeName AMS_NODE = new NodeName("ams");
    private static final NodeName EU_1 = new NodeName("eu-west-1");
    private static final Topology TOPOLOGY =
            TopologyReader.read(Path.of("../../topology/examples/two-regions.yaml"));

    @TempDir Path folder;
    private final SecureRandom random = new SecureRandom();
    private final InstantSource clock = InstantSource.fixed(NOW);
    private final CertifiedKey root = CertificateAuthority.root(TOPOLOGY.network(), NOW, random);
    private final CertificateAuthority key =
            new CertificateAuthority(
                    new CertificateAuthority(root, random)
                            .create(
                                    new Identity.Authority(TOPOLOGY.network(), EU),
                                    NOW,
                                    CertificateAuthority.AUTHORITY_LIFE),
                    random);
    private RegionStore store;
    private RegionAuthority authority;

    @BeforeEach
    void open() {
        store =
                SqliteStore.open(
                        StoreSettings.of(folder.resolve("store.db"), EU),
                        TestSeals.ALL,
                        clock,
                        random);
        authority = node();
    }

    @AfterEach
    void close() {
        store.close();
    }

    /** Another node of the region: the same key, the same store. */
    private RegionAuthority node() {
        return node(clock);
    }

    private RegionAuthority node(InstantSource time) {
        var trust = Optional.of(new ChainVerifier(root.certificate()));
        return new RegionAuthority(
                key,
                EU,
                TOPOLOGY,
                new NodeTrust(trust, new KnownRevocations(trust)).ofNow(),
                store,
                random,
                time);
    }

    /** As a POP that has the authority's own word for it. */
    private Optional<List<X509Certificate>> certify(RegionAuthority at, PopId pop) {
        return certify(at, pop, clock);
    }

    private Optional<List<X509Certificate>> certify(
            RegionAuthority at, PopId pop, InstantSource time) {
        String token = token(pop, time.instant().plusMillis(1));
        return new Joiner(pop, random, time).join(at, token).chain();
    }

    private String token(PopId pop, Instant madeAt) {
        return JoinToken.create(
                        new Identity.Authority(TOPOLOGY.network(), EU),
                        new Identity.Pop(TOPOLOGY.network(), pop),
                        madeAt,
                        JoinToken.LIFE,
                        random)
                .signed(key.key());
    }

    private List<String> events() {
        List<String> events = new ArrayList<>();
        AuditCheck check = new AuditCheck(new Identity.Authority(TOPOLOGY.network(), EU));
        for (String text : authority.audit(0, RegionStore.MOST_ENTRIES)) {
            assertEquals(Optional.empty(), check.accept(text), text);
            AuditEntry entry = check.last().orElseThrow();
            events.add(
                    "%s %s"
                            .formatted(
                                    entry.fact().event().label(),
                                    entry.fact().subject().uri().replaceFirst(".*/", "")));
        }
        return events;
    }

    private Verdict<Identity> verdict(List<X509Certificate> chain) {
        return new RevocationLists(
                        new ChainVerifier(root.certificate()),
                        List.of(authority.revocationList().list()))
                .check(chain, NOW);
    }

    /** As the topology says it: nobody is asked, and a POP is called by no host's name here. */
    @Test
    void aNodeIsCertifiedByTheHostThatItListensAt() throws Exception {
        X509Certificate node =
                authority
                        .certify(EU_1, KeyPairs.generate(random).getPublic())
                        .orElseThrow()
                        .getFirst();
        String host = TOPOLOGY.regionNode(EU_1).orElseThrow().listen().host();
        assertTrue(node.getSubjectAlternativeNames().contains(List.of(7, host)), host);
        X509Certificate pop = certify(authority, AMS).orElseThrow().getFirst();
        assertEquals(1, pop.getSubjectAlternativeNames().size());
    }

    @Test
    void whatIsDoneStandsInTheLog() {
        assertTrue(certify(authority, AMS).isPresent());
        assertTrue(authority.certify(EU_1, KeyPairs.generate(random).getPublic()).isPresent());
        assertFalse(certify(authority, new PopId("nowhere")).isPresent());
        assertFalse(certify(authority, new PopId("nowhere")).isPresent());
        assertEquals(List.of("certified ams", "certified eu-west-1", "refused nowhere"), events());
    }

    @Test
    void whoIsRevokedIsCertifiedNoMoreUntilReadmitted() {
        List<X509Certificate> first = certify(authority, AMS).orElseThrow();
        assertTrue(verdict(first) instanceof Verdict.Trusted<Identity>);
        assertEquals(Optional.of(true), authority.revoke(AMS_NODE, "admin/key", "stolen"));
        assertEquals(Optional.of(false), authority.revoke(AMS_NODE, "admin/key", "stolen"));
        assertEquals(
                List.of(Reason.REVOKED),
                verdict(first) instanceof Verdict.Rejected<Identity>(List<Rejection> why)
                        ? why.stream().map(Rejection::reason).toList()
                        : List.of());
        assertFalse(certify(authority, AMS).isPresent());
        assertEquals(Optional.of(true), authority.readmit(AMS_NODE, "admin/key", ""));
        List<X509Certificate> second = certify(authority, AMS).orElseThrow();
        assertTrue(verdict(second) instanceof Verdict.Trusted<Identity>);
        assertFalse(verdict(first) instanceof Verdict.Trusted<Identity>);
        assertEquals(
                List.of(
                        "certified ams",
                        "revoked ams",
                        "refused ams",
                        "readmitted ams",
                        "certified ams"),
                events());
    }

    /** Whoever asks for it costs no signature and no reading. */
    @Test
    void aListIsSignedOnceUntilThereIsMore() {
        RevocationList first = authority.revocationList();
        assertSame(first.list(), authority.revocationList().list());
        RegionAuthority other = node();
        other.revoke(AMS_NODE, "admin", "");
        assertSame(first.list(), authority.revocationList().list(), "nobody has looked");
        authority.look();
        assertNotSame(first.list(), authority.revocationList().list());
    }

    /** Or others would take what was revoked since for old, for as long as the clock was ahead. */
    @Test
    void aListCountsMoreThanTheOneBeforeWhateverTheClockSays() {
        AtomicReference<Instant> time = new AtomicReference<>(NOW.plusSeconds(3600));
        RegionAuthority ahead = node(time::get);
        List<X509Certificate> ams = certify(ahead, AMS, time::get).orElseThrow();
        KnownRevocations known =
                new KnownRevocations(Optional.of(new ChainVerifier(root.certificate())));
        assertTrue(known.learn(List.of(ahead.revocationList()), NOW));
        time.set(NOW);
        ahead.revoke(AMS_NODE, "admin", "");
        assertTrue(known.learn(List.of(ahead.revocationList()), NOW));
        assertTrue(known.isRevoked(ams.getFirst()));
        RegionAuthority next = node();
        next.readmit(AMS_NODE, "admin", "");
        next.heardOf(known.number(next.certificate()));
        assertTrue(known.learn(List.of(next.revocationList()), NOW), "another node's as well");
    }

    @Test
    void onlyNodesThatItCertifiesAreRevoked() {
        for (String name : List.of("us-east-1", "nowhere")) {
            NodeName node = new NodeName(name);
            assertEquals(Optional.empty(), authority.revoke(node, "admin", ""));
            assertEquals(Optional.empty(), authority.readmit(node, "admin", ""));
        }
        assertEquals(Optional.of(true), authority.revoke(EU_1, "admin", ""));
        assertFalse(authority.certify(EU_1, KeyPairs.generate(random).getPublic()).isPresent());
    }

    @Test
    void nodesThatDecideAtOnceDecideByEachOther() {
        RegionAuthority other = node();
        List<CompletableFuture<?>> all = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            RegionAuthority one = i % 2 == 0 ? authority : other;
            all.add(CompletableFuture.runAsync(() -> certify(one, AMS)));
        }
        all.forEach(CompletableFuture::join);
        assertEquals(20, events().size());
        other.revoke(AMS_NODE, "admin", "");
        assertFalse(certify(authority, AMS).isPresent());
    }

    @Test
    void nodesThatRefuseAtOnceWriteEachRefusal() {
        RegionAuthority other = node();
        List<CompletableFuture<?>> all = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            String ended = token(AMS, NOW.minus(JoinToken.LIFE.plusMillis(i)));
            for (RegionAuthority one : List.of(authority, other)) {
                Joiner ams = new Joiner(AMS, random, clock);
                all.add(CompletableFuture.runAsync(() -> ams.join(one, ended)));
            }
        }
        all.forEach(CompletableFuture::join);
        assertEquals(100, events().size());
    }

    @Test
    void nothingIsCertifiedByALogThatWasChanged() {
        certify(authority, AMS);
        store.appendAudit(2, authority.audit(0, 1).getFirst()).join();
        AuditBrokenException broken =
                assertThrows(AuditBrokenException.class, () -> certify(authority, AMS));
        assertTrue(broken.getMessage().startsWith("entry 2 "), broken.getMessage());
        assertThrows(AuditBrokenException.class, () -> certify(node(), AMS));
        assertThrows(AuditBrokenException.class, authority::revocationList);
    }

    @Test
    void nothingIsCertifiedThatCannotBeWrittenDown() {
        store.close();
        assertThrows(StoreException.class, () -> certify(authority, AMS));
    }

    @Test
    void whatOthersDidIsWitnessedOnceByAllNodesTogether() {
        Identity.Authority us = new Identity.Authority(TOPOLOGY.network(), new RegionId("us-east"));
        AuditFact.Head second = new AuditFact.Head(2, "ab".repeat(32));
        RegionAuthority mate = node();
        authority.witness(us, second);
        mate.witness(us, second);
        mate.witness(us, new AuditFact.Head(1, "cd".repeat(32)));
        assertEquals(List.of("witnessed us-east"), events());
        assertEquals(Optional.of(second), mate.witnessed(us));
        authority.contradict(us, Optional.empty(), "nobody stands by it");
        authority.contradict(us, Optional.of(second), "entry 2 is gone");
        mate.contradict(us, Optional.of(second), "entry 2 is gone");
        assertEquals(List.of("witnessed us-east", "contradicted us-east"), events());
        assertEquals(Optional.empty(), authority.witnessed(us));
        AuditFact.Head first = new AuditFact.Head(1, "ef".repeat(32));
        authority.witness(us, first);
        assertEquals(Optional.of(first), authority.witnessed(us), "of the new one");
    }
}
