package io.runnel.pop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;

import io.runnel.attestation.authority.NodeIdentity;
import io.runnel.attestation.certificate.CertificateAuthority;
import io.runnel.attestation.certificate.CertifiedKey;
import io.runnel.attestation.certificate.ChainVerifier;
import io.runnel.attestation.document.DocumentVerifier;
import io.runnel.attestation.document.IdentityDocument;
import io.runnel.attestation.gate.OwnDocument;
import io.runnel.attestation.gate.PeerDocuments;
import io.runnel.attestation.identity.Identity;
import io.runnel.cluster.replication.InternalClient;
import io.runnel.cluster.replication.Peer;
import io.runnel.exec.task.NodeName;
import io.runnel.exec.task.RegionId;
import io.runnel.exec.task.Requirements;
import io.runnel.routing.placement.EligibleRegions;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** What a POP makes of what regions' nodes show, over HTTP; time is the test's own. */
final class RegionDocumentsIT {
    private static final RegionId NORTH = new RegionId("north");
    private static final RegionId SOUTH = new RegionId("south");
    private static final Instant NOON = Instant.parse("2026-11-28T12:00:00Z");
    private static final Requirements IN_A = new Requirements(Map.of("zone", List.of("a")));
    private static final EligibleRegions NONE = EligibleRegions.only(List.of());

    private final Vertx vertx = Vertx.vertx();
    private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();
    private final SecureRandom random = new SecureRandom();
    private final CertifiedKey root = CertificateAuthority.root("net", NOON, random);
    private final Map<Integer, String> texts = new ConcurrentHashMap<>();
    private final List<Peer> peers = new ArrayList<>();
    private volatile Instant now = NOON;
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1);
    private InternalClient client;
    private RegionDocuments regions;

    @BeforeEach
    void open() throws Exception {
        client = new InternalClient(vertx::createHttpClient);
        peers.add(listen(NORTH));
        peers.add(listen(NORTH));
        peers.add(listen(SOUTH));
        regions =
                new RegionDocuments(
                        peers,
                        client,
                        new PeerDocuments(
                                new DocumentVerifier(new ChainVerifier(root.certificate())), "net"),
                        workers,
                        () -> now,
                        nanos::get);
    }

    private Peer listen(RegionId region) throws Exception {
        CompletableFuture<HttpServer> bound =
                vertx.createHttpServer()
                        .requestHandler(
                                request -> {
                                    String text = texts.get(request.localAddress().port());
                                    request.response()
                                            .setStatusCode(text == null ? 403 : 200)
                                            .end(text == null ? "" : text);
                                })
                        .listen(0, "127.0.0.1")
                        .toCompletionStage()
                        .toCompletableFuture();
        return new Peer(region, "127.0.0.1", bound.get(30, TimeUnit.SECONDS).actualPort());
    }

    @AfterEach
    void close() throws Exception {
        client.close();
        vertx.close().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
        workers.close();
    }

    private void shows(int node, RegionId as, String zone) {
        CertifiedKey authority =
                new CertificateAuthority(root, random)
                        .create(
                                new Identity.Authority("net", as),
                                NOON,
                                CertificateAuthority.AUTHORITY_LIFE);
        Identity who = new Identity.RegionNode("net", as, new NodeName(as + "-" + node));
        NodeIdentity identity = new NodeIdentity(random);
        identity.become(
                new CertificateAuthority(authority, random)
                        .create(who, NOON, CertificateAuthority.NODE_LIFE));
        OwnDocument own =
                new OwnDocument(
                        identity,
                        who,
                        () -> JsonNodeFactory.instance.objectNode().put("zone", zone),
                        () -> now);
        own.look();
        texts.put(peers.get(node).port(), own.jwt().orElseThrow());
    }

    /** Asks until what is known is this; time passes, though less than what is known lasts. */
    private void await(EligibleRegions expected) {
        long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!regions.meeting(IN_A).equals(expected)) {
            regions.look();
            nanos.addAndGet(RegionDocuments.GOOD.toNanos() / 100);
            assertTrue(
                    System.nanoTime() < end,
                    () -> "it is %s, not %s".formatted(regions.meeting(IN_A), expected));
            LockSupport.parkNanos(5_000_000);
        }
    }

    @Test
    void aRegionMeetsWhatAllOfItsNodesMeet() {
        assertEquals(NONE, regions.meeting(IN_A));
        assertEquals(EligibleRegions.EVERYWHERE, regions.meeting(Requirements.NONE));
        assertFalse(regions.knowsAll());
        shows(0, NORTH, "a");
        await(EligibleRegions.only(List.of(NORTH)));
        shows(2, SOUTH, "a");
        await(EligibleRegions.EVERYWHERE);
        shows(1, NORTH, "b");
        await(EligibleRegions.only(List.of(SOUTH)));
        shows(1, NORTH, "a");
        await(EligibleRegions.EVERYWHERE);
        assertTrue(regions.knowsAll());
    }

    @Test
    void nobodySpeaksForAnotherRegion() {
        shows(0, NORTH, "a");
        shows(2, NORTH, "a");
        await(EligibleRegions.only(List.of(NORTH)));
        texts.put(peers.get(2).port(), "garbage");
        regions.look();
        shows(0, NORTH, "b");
        await(NONE);
    }

    @Test
    void whoFallsSilentOrIsTooOldCountsForNothingSoon() {
        shows(0, NORTH, "a");
        shows(2, SOUTH, "a");
        await(EligibleRegions.EVERYWHERE);
        texts.remove(peers.get(0).port());
        await(EligibleRegions.only(List.of(SOUTH)));
        now = NOON.plus(IdentityDocument.LIFE);
        await(NONE);
    }
}
