package io.runnel.cluster.replication;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.attestation.certificate.CertifiedKey;
import io.runnel.attestation.certificate.RevocationList;
import io.runnel.attestation.tls.NodeTrust;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** What was revoked is learned from whoever knows. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class RevocationFollowerIT {
    private static final Peer NOBODY = new Peer(PeerNet.WEST, "127.0.0.1", 1);

    private static final String NONSENSE =
            "-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----\n";

    private final PeerNet net = new PeerNet();
    private final NodeTrust theirs = PeerNet.trust(net.root);
    private final NodeTrust ours = PeerNet.trust(net.root);
    private final AtomicInteger news = new AtomicInteger();
    private final CertifiedKey ams = net.certified(PeerNet.AMS);

    @AfterEach
    void close() {
        net.close();
    }

    private Peer serve(Handler<HttpServerRequest> handler) {
        HttpServer server = net.vertx.createHttpServer().requestHandler(handler);
        int port = Await.get(server.listen(0, "127.0.0.1").toCompletionStage()).actualPort();
        return new Peer(PeerNet.WEST, "127.0.0.1", port);
    }

    private RevocationFollower follow(Peer... peers) {
        return new RevocationFollower(
                net.vertx,
                new InternalClient(net.vertx::createHttpClient),
                List.of(peers),
                ours.revocations(),
                () -> net.now,
                news::incrementAndGet);
    }

    private void revoke() {
        RevocationList list = net.revoked(ams.certificate());
        assertTrue(theirs.revocations().learn(List.of(list), net.now));
    }

    private void awaitRevoked() {
        Await.until(
                "it is known",
                () -> ours.revocations().isRevoked(ams.certificate()),
                ours.revocations()::text);
    }

    @Test
    void whatIsRevokedLaterIsHeardAndToldOnce() {
        AtomicInteger asked = new AtomicInteger();
        RevocationHandler handler = new RevocationHandler(theirs.revocations());
        Peer peer =
                serve(
                        request -> {
                            asked.incrementAndGet();
                            handler.handle(request);
                        });
        try (RevocationFollower follower = follow(peer)) {
            follower.start();
            Await.until("it asks", () -> asked.get() > 0, asked::get);
            assertEquals(0, news.get());
            revoke();
            awaitRevoked();
            int before = asked.get();
            Await.until("it asks again", () -> asked.get() > before, asked::get);
            assertEquals(1, news.get());
        }
    }

    @Test
    void whoIsNotThereOrTalksNonsenseIsPassedOver() {
        revoke();
        Peer nonsense = serve(request -> request.response().end(NONSENSE));
        Peer closed = serve(request -> request.response().setStatusCode(503).end());
        Peer knows = serve(new RevocationHandler(theirs.revocations()));
        try (RevocationFollower follower = follow(NOBODY, nonsense, closed, knows)) {
            follower.start();
            awaitRevoked();
        }
    }
}
