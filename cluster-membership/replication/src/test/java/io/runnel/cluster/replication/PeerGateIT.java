package io.runnel.cluster.replication;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.runnel.attestation.certificate.CertificateAuthority;
import io.runnel.attestation.certificate.CertifiedKey;
import io.runnel.attestation.identity.Identity;
import io.runnel.attestation.tls.NodeTrust;
import io.runnel.exec.task.NodeName;
import io.runnel.exec.task.PopId;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.StreamResetException;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Who gets in to a region's node from others, over TLS, and for how long. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class PeerGateIT {
    private static final String WELCOME = "200 runnel://net/pop/ams";

    private static final long REFUSED_STREAM = 7;
    private static final List<HttpVersion> VERSIONS =
            List.of(HttpVersion.HTTP_1_1, HttpVersion.HTTP_2);

    private final PeerNet net = new PeerNet();

    @AfterEach
    void close() {
        net.close();
    }

    private void isTurnedAway(PeerNet.Client who, HttpVersion version) {
        if (version == HttpVersion.HTTP_2) {
            StreamResetException told = assertThrows(StreamResetException.class, who::ask);
            assertEquals(REFUSED_STREAM, told.getCode(), "it may go elsewhere");
        } else {
            String told = who.ask();
            assertTrue(told.startsWith("401 ") && told.contains("unauthenticated"), told);
        }
    }

    @Test
    void aNodeOfTheNetworkIsLetInAsWhoItIs() {
        for (HttpVersion version : VERSIONS) {
            net.connections.clear();
            try (PeerNet.Client ams = net.client(version, PeerNet.AMS)) {
                assertEquals(WELCOME, ams.ask());
                assertEquals(WELCOME, ams.ask());
                assertEquals(1, net.connections.size());
            }
        }
    }

    @Test
    void whoShowsNothingIsNobody() {
        for (HttpVersion version : VERSIONS) {
            try (PeerNet.Client nobody = net.new Client(version, net.root, Optional.empty())) {
                isTurnedAway(nobody, version);
            }
        }
        assertEquals(0, net.connections.size());
    }

    /** Else its client sends the next request into a connection that is being closed. */
    @Test
    void whoIsTurnedAwayIsToldThatTheConnectionEnds() {
        try (PeerNet.Client nobody =
                net.new Client(HttpVersion.HTTP_1_1, net.root, Optional.empty())) {
            assertEquals("close", nobody.connectionHeader());
        }
    }

    /** Or it would keep others from a pool of few connections. */
    @Test
    void whoTakesAConnectionAndSaysNothingIsGivenUpOn() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                PeerNet.Client ams = net.client(HttpVersion.HTTP_1_1, PeerNet.AMS)) {
            HttpClient hasty =
                    ams.transport.client(
                            new HttpClientOptions().setConnectTimeout(100), new PoolOptions());
            CompletionStage<HttpClientRequest> asked =
                    hasty.request(HttpMethod.GET, silent.getLocalPort(), "127.0.0.1", "/")
                            .toCompletionStage();
            Throwable told = assertThrows(RuntimeException.class, () -> Await.get(asked));
            while (told.getCause() != null) {
                told = told.getCause();
            }
            assertEquals("handshake timed out after 300ms", told.getMessage());
        }
    }

    /** What was said before it had a certificate is said on a connection that shows none. */
    @Test
    void whoWasNobodyComesByAnotherConnectionOnceItIsSomebody() {
        try (PeerNet.Client ams =
                net.new Client(HttpVersion.HTTP_1_1, net.root, Optional.empty())) {
            assertEquals("200 open", Await.get(ams.begin("/v1/open")));
            ams.identity.become(net.certified(PeerNet.AMS));
            assertEquals(WELCOME, ams.ask());
            assertEquals("200 open", Await.get(ams.begin("/v1/open")));
            assertEquals(WELCOME, ams.ask());
            assertEquals(1, net.connections.size(), "that one may be kept");
        }
    }

    /** Its own look at connections must not end what it asks for its certificate by. */
    @Test
    void whoHasNothingToShowYetKeepsTheConnectionsThatItMade() {
        try (PeerNet.Client nobody =
                net.new Client(HttpVersion.HTTP_2, net.root, Optional.empty())) {
            assertEquals("200 open", Await.get(nobody.begin("/v1/open")));
            nobody.transport.look();
            assertEquals("200 open", Await.get(nobody.begin("/v1/open")));
            assertEquals(1, net.byWhomever.size());
        }
    }

    @Test
    void whoIsCertifiedAndNotInTheTopologyIsNobody() {
        Identity stranger = new Identity.Pop("net", new PopId("nowhere"));
        try (PeerNet.Client who = net.client(HttpVersion.HTTP_2, stranger)) {
            isTurnedAway(who, HttpVersion.HTTP_2);
            assertEquals(0, net.connections.size());
        }
    }

    @Test
    void anotherNetworksNodeDoesNotGetThroughTheHandshake() {
        CertifiedKey root = CertificateAuthority.root("net", net.now, net.random);
        CertifiedKey key =
                net.authority(root, PeerNet.WEST)
                        .create(PeerNet.AMS, net.now, CertificateAuthority.NODE_LIFE);
        try (PeerNet.Client who = net.new Client(HttpVersion.HTTP_2, net.root, Optional.of(key))) {
            assertThrows(RuntimeException.class, who::ask);
        }
        CertifiedKey ours = net.certified(PeerNet.AMS);
        try (PeerNet.Client who = net.new Client(HttpVersion.HTTP_2, root, Optional.of(ours))) {
            assertThrows(RuntimeException.class, who::ask, "it does not believe the node either");
        }
        assertEquals(0, net.connections.size());
    }

    @Test
    void whoAnswersMustBeWhoIsToListenThere() {
        Identity other = new Identity.RegionNode("net", PeerNet.WEST, new NodeName("west-2"));
        for (Identity who : List.of(other, PeerNet.AMS)) {
            net.server.become(net.certified(who));
            try (PeerNet.Client ams = net.client(HttpVersion.HTTP_2, PeerNet.AMS)) {
                assertThrows(RuntimeException.class, ams::ask);
            }
        }
        net.server.become(net.certified(PeerNet.WEST_1));
        try (PeerNet.Client ams = net.client(HttpVersion.HTTP_2, PeerNet.AMS)) {
            assertEquals(WELCOME, ams.ask());
        }
    }

    @Test
    void whoIsRevokedIsCutOffAndToldSo() throws Exception {
        for (HttpVersion version : VERSIONS) {
            isCutOff(version);
        }
    }

    private void isCutOff(HttpVersion version) throws Exception {
        try (PeerNet.Client ams = net.client(version, PeerNet.AMS)) {
            CompletionStage<String> held = ams.begin("/v1/held");
            HttpServerRequest unused = net.held.poll(30, TimeUnit.SECONDS);
            learn(net.trust, net.revoked(ams.identity.certificate().orElseThrow()));
            net.transport.look();
            assertThrows(RuntimeException.class, () -> Await.get(held));
            isTurnedAway(ams, version);
            net.passes(Duration.ofSeconds(1));
            ams.identity.become(net.certified(PeerNet.AMS));
            Await.until("let in again", () -> isWelcome(ams), () -> version);
        }
    }

    /** The connection that it was turned away on may not have ended yet, or end just now. */
    private static boolean isWelcome(PeerNet.Client who) {
        try {
            return who.ask().equals(WELCOME);
        } catch (RuntimeException e) {
            return false;
        }
    }

    private void learn(NodeTrust trust, io.runnel.attestation.certificate.RevocationList list) {
        assertTrue(trust.revocations().learn(List.of(list), net.now));
    }

    @Test
    void anOpenConnectionToWhoIsRevokedIsCutOff() throws Exception {
        try (PeerNet.Client ams = net.client(HttpVersion.HTTP_2, PeerNet.AMS)) {
            CompletionStage<String> held = ams.begin("/v1/held");
            HttpServerRequest unused = net.held.poll(30, TimeUnit.SECONDS);
            learn(ams.trust, net.revoked(net.server.certificate().orElseThrow()));
            ams.transport.look();
            assertThrows(RuntimeException.class, () -> Await.get(held));
            assertThrows(RuntimeException.class, ams::ask);
        }
    }

    @Test
    void aNodeThatIsNobodyAnyMoreEndsAllItHas() throws Exception {
        try (PeerNet.Client ams = net.client(HttpVersion.HTTP_2, PeerNet.AMS)) {
            CompletionStage<String> held = ams.begin("/v1/held");
            HttpServerRequest unused = net.held.poll(30, TimeUnit.SECONDS);
            net.server.lose();
            net.transport.look();
            assertThrows(RuntimeException.class, () -> Await.get(held));
            assertThrows(RuntimeException.class, ams::ask);
        }
    }

    @Test
    void whatHasEndedLetsNobodyIn() {
        try (PeerNet.Client ams = net.client(HttpVersion.HTTP_1_1, PeerNet.AMS)) {
            assertEquals(WELCOME, ams.ask());
            net.passes(CertificateAuthority.NODE_LIFE.plusSeconds(1));
            assertTrue(ams.ask().startsWith("401 "), "on the connection that it has");
            assertThrows(RuntimeException.class, ams::ask, "a new one");
        }
    }

    /** Certificates end every day; calls do not break for that. */
    @Test
    void aConnectionIsGivenBackBeforeItsEndWithAllThatItCarries() throws Exception {
        try (PeerNet.Client ams = net.client(HttpVersion.HTTP_2, PeerNet.AMS)) {
            CompletionStage<String> held = ams.begin("/v1/held");
            HttpServerRequest request = net.held.poll(30, TimeUnit.SECONDS);
            net.passes(Duration.ofHours(16));
            net.server.become(net.certified(PeerNet.WEST_1));
            ams.identity.become(net.certified(PeerNet.AMS));
            net.transport.look();
            assertEquals(WELCOME, ams.ask());
            assertEquals(1, net.connections.size(), "it is good for hours still");
            net.passes(Duration.ofHours(8).minus(PeerConnection.LAST));
            net.transport.look();
            net.transport.look();
            Await.until("another", () -> asked(ams) == 2, () -> net.connections);
            request.response().end("late");
            assertEquals("200 late", Await.get(held));
            for (int i = 0; i < 3; i++) {
                net.transport.look();
                assertEquals(WELCOME, ams.ask());
            }
            assertEquals(2, net.connections.size(), "the new one stays");
        }
    }

    private int asked(PeerNet.Client who) {
        assertEquals(WELCOME, who.ask());
        return net.connections.size();
    }

    /** Nothing newer is to be had: a connection that is new then is used to the end. */
    @Test
    void whatIsNearItsEndAnywayIsNotGivenBackAgainAndAgain() {
        try (PeerNet.Client ams = net.client(HttpVersion.HTTP_2, PeerNet.AMS)) {
            net.passes(CertificateAuthority.NODE_LIFE.minusSeconds(60));
            for (int i = 0; i < 5; i++) {
                assertEquals(WELCOME, ams.ask());
                net.transport.look();
            }
            assertEquals(1, net.connections.size());
        }
    }

    /** Several at once, each of many windows, through one connection. */
    @Test
    void largeBodiesComeThroughInBothDirections() {
        Buffer body = Buffer.buffer(new byte[3 << 20]);
        for (HttpVersion version : VERSIONS) {
            try (PeerNet.Client ams = net.client(version, PeerNet.AMS)) {
                for (int round = 0; round < 3; round++) {
                    List<CompletionStage<Integer>> all =
                            Stream.generate(() -> ams.echo(body)).limit(4).toList();
                    all.forEach(one -> assertEquals(body.length(), Await.get(one)));
                }
            }
        }
    }

    @Test
    void clearTextIsNotAnswered() throws Exception {
        for (String said :
                List.of(
                        "GET /v1/ping HTTP/1.1\r\nHost: x\r\n\r\n",
                        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), net.port)) {
                socket.setSoTimeout(30_000);
                socket.getOutputStream().write(said.getBytes(US_ASCII));
                String heard = new String(socket.getInputStream().readAllBytes(), US_ASCII);
                assertTrue(heard.length() < 16 && !heard.contains("HTTP"), heard);
            }
        }
    }
}
