package io.runnel.region.server.authority;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import io.runnel.attestation.audit.AuditCheck;
import io.runnel.attestation.audit.AuditEntry;
import io.runnel.attestation.audit.AuditEvent;
import io.runnel.attestation.audit.AuditFact;
import io.runnel.attestation.certificate.CertificateAuthority;
import io.runnel.attestation.certificate.CertifiedKey;
import io.runnel.attestation.certificate.ChainVerifier;
import io.runnel.attestation.identity.Identity;
import io.runnel.cluster.replication.InternalClient;
import io.runnel.cluster.replication.Peer;
import io.runnel.cluster.store.RegionStore;
import io.runnel.cluster.store.SqliteStore;
import io.runnel.cluster.store.StoreSettings;
import io.runnel.exec.task.NodeName;
import io.runnel.exec.task.RegionId;
import io.runnel.routing.catalog.TestSeals;
import io.runnel.topology.Topology;
import io.runnel.topology.TopologyReader;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** One region's authority remembers what stood in another's log, whatever is done to that later. */
class AuditFollowerIT {
    private static final Instant NOW = Instant.parse("2026-11-28T12:00:00Z");
    private static final RegionId EU = new RegionId("eu-west");
    private static final RegionId US = new RegionId("us-east");
    private static final NodeName AMS = new NodeName("ams");
    private static final Topology TOPOLOGY =
            TopologyReader.read(Path.of("../../topology/examples/two-regions.yaml"));

    @TempDir Path folder;
    private final Vertx vertx = Vertx.vertx();
    private final ExecutorService disk = Executors.newVirtualThreadPerTaskExecutor();
    private final SecureRandom random = new SecureRandom();
    private final InstantSource clock = InstantSource.fixed(NOW);
    private final CertifiedKey root = CertificateAuthority.root(TOPOLOGY.network(), NOW, random);
    private final List<RegionStore> stores = new ArrayList<>();
    private RegionAuthority eu;
    private RegionAuthority us;
    private InternalClient client;
    private Peer peer;
    private AuditFollower follower;

    @BeforeEach
    void start() {
        eu = authority(EU);
        us = authority(US);
        client = new InternalClient(vertx::createHttpClient);
        peer = serve(new AuditHandler(vertx, Optional.of(eu), disk));
        follower = follower();
    }

    private AuditFollower follower() {
        return new AuditFollower(vertx, client, identity(EU), List.of(peer), us, disk);
    }

    private Peer serve(Handler<HttpServerRequest> handler) {
        Future<HttpServer> opened =
                vertx.createHttpServer().requestHandler(handler).listen(0, "127.0.0.1");
        int port = opened.toCompletionStage().toCompletableFuture().join().actualPort();
        return new Peer(EU, "127.0.0.1", port);
    }

    private static Identity.Authority identity(RegionId region) {
        return new Identity.Authority(TOPOLOGY.network(), region);
    }

    private RegionAuthority authority(RegionId region) {
        CertifiedKey key =
                new CertificateAuthority(root, random)
                        .create(identity(region), NOW, CertificateAuthority.AUTHORITY_LIFE);
        RegionStore store =
                SqliteStore.open(
                        StoreSettings.of(file(region), region), TestSeals.ALL, clock, random);
        stores.add(store);
        return new RegionAuthority(
                new CertificateAuthority(key, random),
                region,
                TOPOLOGY,
                new ChainVerifier(root.certificate()),
                store,
                random,
                clock);
    }

    private Path file(RegionId region) {
        return folder.resolve(region.value() + ".db");
    }

    @AfterEach
    void stop() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
        disk.close();
        stores.forEach(RegionStore::close);
    }

    private List<AuditEntry> entries(RegionAuthority of, RegionId region) {
        AuditCheck check = new AuditCheck(identity(region));
        List<AuditEntry> entries = new ArrayList<>();
        for (String text : of.audit(0, RegionStore.MOST_ENTRIES)) {
            assertEquals(Optional.empty(), check.accept(text));
            entries.add(check.last().orElseThrow());
        }
        return entries;
    }

    private List<AuditFact> said() {
        return entries(us, US).stream().map(AuditEntry::fact).toList();
    }

    private void await(BooleanSupplier isSo) {
        long end = System.nanoTime() + Duration.ofSeconds(50).toNanos();
        while (!isSo.getAsBoolean()) {
            if (System.nanoTime() - end > 0) {
                fail("not so: " + said());
            }
            follower.ask();
            LockSupport.parkNanos(1_000_000);
        }
    }

    private void awaitHead() {
        AuditFact.Head head = AuditFact.Head.of(entries(eu, EU).getLast());
        await(() -> us.witnessed(identity(EU)).equals(Optional.of(head)));
    }

    /** Does to the store what nobody may. */
    private void tamper(String... statements) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file(EU));
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    @Test
    void whatOneDoesTheOtherRemembers() {
        eu.revoke(AMS, "admin", "stolen");
        awaitHead();
        eu.readmit(AMS, "admin", "");
        awaitHead();
        assertEquals(
                List.of(AuditEvent.WITNESSED, AuditEvent.WITNESSED),
                said().stream().map(AuditFact::event).toList());
    }

    @Test
    void aLogOfSeveralPartsIsWitnessedAsAWhole() {
        for (int i = 0; i < RegionStore.MOST_ENTRIES; i++) {
            eu.revoke(AMS, "admin", "");
            eu.readmit(AMS, "admin", "");
        }
        await(() -> us.witnessed(identity(EU)).isPresent());
        assertEquals(2L * RegionStore.MOST_ENTRIES, us.witnessed(identity(EU)).orElseThrow().seq());
        assertEquals(1, said().size());
    }

    @Test
    void anEndThatIsCutOffIsSaidAlsoBySomebodyWhoWasAwayMeanwhile() throws Exception {
        eu.revoke(AMS, "admin", "stolen");
        eu.readmit(AMS, "admin", "");
        awaitHead();
        tamper("DROP TRIGGER audit_log_keeps", "DELETE FROM audit_log WHERE seq = 2");
        follower = follower();
        await(() -> said().getLast().event() == AuditEvent.CONTRADICTED);
        assertEquals("entry 2 is gone", said().getLast().why());
        assertEquals(identity(EU), said().getLast().subject());
        for (int i = 0; i < 20; i++) {
            follower.ask();
        }
        await(() -> us.witnessed(identity(EU)).isPresent());
        assertEquals(3, said().size(), "it is said once, and the new one witnessed");
    }

    @Test
    void whoAsksForNoNumberIsToldSo() throws Exception {
        for (String after : List.of("x", "-1", "1.0", "9".repeat(19))) {
            assertEquals(400, status("/v1/audit?after=" + after), after);
        }
        assertEquals(200, status("/v1/audit"));
        peer = serve(new AuditHandler(vertx, Optional.empty(), disk));
        assertEquals(404, status("/v1/audit"));
    }

    private int status(String uri) {
        return vertx.createHttpClient()
                .request(HttpMethod.GET, peer.port(), peer.host(), uri)
                .compose(request -> request.send().map(answer -> answer.statusCode()))
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }
}
