package io.runnel.pop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.runnel.attestation.NetworkToken;
import io.runnel.attestation.authority.AuthorityFolder;
import io.runnel.attestation.authority.NodeIdentity;
import io.runnel.attestation.certificate.CertificateAuthority;
import io.runnel.attestation.certificate.CertifiedKey;
import io.runnel.attestation.certificate.RevocationList;
import io.runnel.attestation.document.Asked;
import io.runnel.attestation.document.Believed;
import io.runnel.attestation.document.DocumentVerifier;
import io.runnel.attestation.identity.Identity;
import io.runnel.attestation.identity.Verdict;
import io.runnel.attestation.join.IdentityFile;
import io.runnel.attestation.join.JoinProof;
import io.runnel.attestation.join.JoinRequest;
import io.runnel.attestation.join.JoinToken;
import io.runnel.attestation.join.JoinTokenFile;
import io.runnel.attestation.tls.NodeTrust;
import io.runnel.cluster.replication.CertificateHandler;
import io.runnel.cluster.replication.InternalRoutes;
import io.runnel.cluster.replication.PeerTransport;
import io.runnel.cluster.replication.RevocationHandler;
import io.runnel.exec.node.NodeArguments;
import io.runnel.exec.task.NodeName;
import io.runnel.exec.task.PopId;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** How a POP becomes somebody and stays it, over what it shows and what it keeps. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class EnrolmentIT {
    private static final Identity.Pop EDGE = new Identity.Pop("test", new PopId("edge"));
    private static final Identity.Authority NORTH = new Identity.Authority("test", TestRegion.NAME);
    private static final String TOPOLOGY =
            """
            network: test
            regions:
              - name: north
                registry: true
                location: {lat: 1, lon: 1}
                nodes:
                  - {name: north-1, listen: 127.0.0.1:1, internal: 127.0.0.1:%d, cluster: 127.0.0.1:2, admin: 127.0.0.1:3, slots: 4, memory: 256MiB}
            pops:
              - {name: edge, location: {lat: 3, lon: 3}, listen: 127.0.0.1:4, admin: 127.0.0.1:5, region: north, slots: 4, memory: 256MiB}
            """;

    @TempDir Path data;
    private final Vertx vertx = Vertx.vertx();
    private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();
    private final SecureRandom random = new SecureRandom();
    private final Instant begin = Instant.now();
    private volatile Instant now = begin;
    private final List<PopIdentity> started = new ArrayList<>();
    private CertificateAuthority authority;
    private TestCertifier certifier;
    private NodeTrust trust;
    private PopFacts facts;
    private IdentityFile file;
    private JoinTokenFile tokens;

    @BeforeEach
    void start() throws Exception {
        AuthorityFolder folder = new AuthorityFolder(data);
        assertEquals(List.of(), folder.ensure("test", List.of(TestRegion.NAME), begin, random));
        authority = folder.authority(TestRegion.NAME, random).orElseThrow();
        certifier = new TestCertifier(authority, () -> now);
        trust = NodeTrust.of(folder);
        NetworkToken.readOrCreate(data.resolve("network.token"), random);
        Files.writeString(data.resolve("topology.yaml"), TOPOLOGY.formatted(listen()));
        facts =
                PopFacts.read(
                        NodeArguments.parse(List.of("--data", data.toString(), "--node", "edge")));
        facts.folder().create();
        file = new IdentityFile(facts.folder().own());
        tokens = new JoinTokenFile(facts.folder().own());
    }

    /** The region's listener; returns its port. */
    private int listen() {
        NodeIdentity own = new NodeIdentity(random);
        own.become(
                authority.create(
                        new Identity.RegionNode("test", TestRegion.NAME, new NodeName("north-1")),
                        begin,
                        Duration.ofDays(30)));
        PeerTransport transport =
                new PeerTransport(vertx, own, trust, (host, at, who) -> false, random, () -> now);
        HttpServerOptions options = new HttpServerOptions();
        transport.secure(options);
        var certificates = new CertificateHandler(vertx, certifier, workers);
        HttpServer server =
                vertx.createHttpServer(options)
                        .requestHandler(
                                new InternalRoutes(request -> fail(request.path()))
                                        .on(HttpMethod.GET, CertificateHandler.PATH, certificates)
                                        .on(HttpMethod.POST, CertificateHandler.PATH, certificates)
                                        .on(
                                                HttpMethod.GET,
                                                RevocationHandler.PATH,
                                                new RevocationHandler(trust.revocations())));
        return server.listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .join()
                .actualPort();
    }

    @AfterEach
    void stop() {
        started.forEach(PopIdentity::close);
        vertx.close().toCompletionStage().toCompletableFuture().join();
        workers.close();
    }

    private PopIdentity pop() {
        PopIdentity pop = new PopIdentity(vertx, facts, workers, random, () -> now);
        started.add(pop);
        pop.start().toCompletionStage().toCompletableFuture().join();
        return pop;
    }

    /** One that has a token and is certified by it. */
    private PopIdentity joined() {
        token();
        PopIdentity pop = pop();
        await("its certificate", () -> pop.identity().certificate().isPresent());
        await("the token is used up", () -> tokens.of(TestRegion.NAME).isEmpty());
        return pop;
    }

    private String token() {
        String text =
                JoinToken.create(NORTH, EDGE, now, JoinToken.LIFE, random).signed(authority.key());
        tokens.write(List.of(text));
        return text;
    }

    private void await(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                fail("%s did not come about; asked: %s".formatted(what, certifier.asked));
            }
            LockSupport.parkNanos(5_000_000);
        }
    }

    private static X509Certificate certificate(PopIdentity pop) {
        return pop.identity().certificate().orElseThrow();
    }

    @Test
    void whoHasNothingToShowAsksNobodyUntilItHas() {
        PopIdentity pop = pop();
        assertTrue(pop.identity().certificate().isEmpty());
        assertEquals(List.of(), certifier.asked);
        String token = token();
        await("its certificate", () -> pop.identity().certificate().isPresent());
        assertEquals(new JoinProof.Token(token), certifier.asked.getFirst().proof());
        assertEquals("nonce-0", certifier.asked.getFirst().request().nonce());
        assertEquals("pop", certifier.asked.getFirst().evidence().path("role").asText());
        assertTrue(
                certifier
                        .asked
                        .getFirst()
                        .evidence()
                        .at("/software/digest")
                        .asText()
                        .matches("sha256:[0-9a-f]{64}"));
        await("the token is used up", () -> tokens.of(TestRegion.NAME).isEmpty());
    }

    @Test
    void whoStartsAgainIsWhoItWas() {
        X509Certificate first = certificate(joined());
        assertEquals(first, certificate(pop()));
        assertEquals(1, certifier.asked.size());
    }

    @Test
    void beforeItEndsThereIsAnotherByTheOneBefore() {
        PopIdentity pop = joined();
        X509Certificate first = certificate(pop);
        now = begin.plus(Duration.ofHours(17));
        await("another", () -> !certificate(pop).equals(first));
        assertNotEquals(first.getPublicKey(), certificate(pop).getPublicKey());
        JoinRequest renewal = certifier.asked.get(1);
        String jwt =
                assertInstanceOf(JoinProof.Document.class, renewal.proof(), renewal::toString)
                        .jwt();
        var asked = new Asked(Optional.of(NORTH.uri()), Optional.of("nonce-1"));
        var believed =
                assertInstanceOf(
                        Verdict.Trusted.class,
                        new DocumentVerifier(trust).verify(jwt, List.of(), asked, now));
        assertEquals(
                JoinRequest.hash(certificate(pop).getPublicKey()),
                ((Believed) believed.facts()).facts().path(JoinRequest.NEXT_KEY).asText());
        await("it is kept", () -> kept().filter(certificate(pop)::equals).isPresent());
    }

    private Optional<X509Certificate> kept() {
        return file.read().map(CertifiedKey::certificate);
    }

    /** So that whoever certified it and was not heard does so again, and finds no thief. */
    @Test
    void whoAsksAgainAsksForTheSameKey() {
        certifier.refuses = "not now";
        token();
        PopIdentity pop = pop();
        await("some questions", () -> certifier.asked.size() >= 3);
        PublicKey key = certifier.asked.getFirst().request().key();
        pop.close();
        PopIdentity next = pop();
        certifier.refuses = "";
        await("its certificate", () -> next.identity().certificate().isPresent());
        assertTrue(
                certifier.asked.stream().allMatch(request -> request.request().key().equals(key)));
        assertEquals(key, certificate(next).getPublicKey());
    }

    @Test
    void whatAnotherOfItsProcessesWasCertifiedWithIsItsOwn() {
        PopIdentity pop = joined();
        CertifiedKey other =
                authority.create(
                        EDGE, begin.plus(Duration.ofHours(16)), CertificateAuthority.NODE_LIFE);
        file.write(other);
        now = begin.plus(Duration.ofHours(17));
        await("it is that", () -> certificate(pop).equals(other.certificate()));
        assertEquals(1, certifier.asked.size());
    }

    @Test
    void whatIsAnothersOrHasEndedIsNotIts() {
        CertifiedKey ended = authority.create(EDGE, begin.minusSeconds(100), Duration.ofSeconds(9));
        CertifiedKey others =
                authority.create(
                        new Identity.Pop("test", new PopId("other")),
                        begin,
                        CertificateAuthority.NODE_LIFE);
        for (CertifiedKey key : List.of(ended, others)) {
            file.write(key);
            assertTrue(pop().identity().certificate().isEmpty(), key::toString);
        }
        assertEquals(List.of(), certifier.asked);
    }

    @Test
    void whoIsRevokedForgetsWhoItWasAndJoinsAsANewOne() {
        PopIdentity pop = joined();
        X509Certificate first = certificate(pop);
        var list =
                authority.revocationList(Map.of(first.getSerialNumber(), now), BigInteger.TWO, now);
        assertTrue(
                trust.revocations()
                        .learn(List.of(new RevocationList(authority.certificate(), list)), now));
        await("it is nobody", () -> pop.identity().isRevoked());
        await("it keeps nothing", () -> kept().isEmpty());
        assertEquals(1, certifier.asked.size());
        token();
        await("it is somebody", () -> pop.identity().certificate().isPresent());
        assertFalse(pop.identity().isRevoked());
        assertInstanceOf(JoinProof.Token.class, certifier.asked.get(1).proof());
    }
}
