package io.runnel.attestation.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.attestation.authority.NodeIdentity;
import io.runnel.attestation.certificate.CertificateAuthority;
import io.runnel.attestation.certificate.CertifiedKey;
import io.runnel.attestation.certificate.ChainVerifier;
import io.runnel.attestation.certificate.KnownRevocations;
import io.runnel.attestation.certificate.RevocationList;
import io.runnel.attestation.certificate.TestNetwork;

import org.junit.jupiter.api.Test;

import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;

/** What counts of what was shown at the two ends of a connection, and for how long. */
class ShownTest {
    private static final Instant NOW = TestNetwork.NOW;
    private static final Duration LESS = Duration.ofHours(1);

    private final TestNetwork net = new TestNetwork();
    private final Optional<ChainVerifier> chains = Optional.of(net.verifier);
    private final NodeTrust trust = new NodeTrust(chains, new KnownRevocations(chains));
    private final NodeIdentity ams = new NodeIdentity(net.random);
    private final NodeIdentity eu1 = new NodeIdentity(net.random);

    ShownTest() {
        ams.become(net.ams);
        eu1.become(net.eu1);
    }

    private SSLContext context(NodeIdentity own) {
        PeerTrust peers =
                new PeerTrust(trust, trust.revocations(), (host, port, who) -> true, () -> NOW);
        return new PeerContexts(own, peers, net.random).create();
    }

    private Handshake shake() throws SSLException {
        return Handshake.of(context(ams), context(eu1), "10.0.0.1", 1);
    }

    private Shown seenByServer() throws SSLException {
        return Shown.in(shake().serverSession(), trust, NOW).orElseThrow();
    }

    @Test
    void eachSeesTheOther() throws SSLException {
        Handshake done = shake();
        Shown byServer = Shown.in(done.serverSession(), trust, NOW).orElseThrow();
        assertEquals(TestNetwork.AMS, byServer.peer());
        assertEquals(net.ams.certificate(), byServer.certificate());
        assertTrue(byServer.own());
        Shown byClient = Shown.in(done.clientSession(), trust, NOW).orElseThrow();
        assertEquals(TestNetwork.EU_1, byClient.peer());
        assertTrue(byClient.own());
        assertTrue(byServer.isBelieved(eu1, trust, NOW));
        assertTrue(byClient.isBelieved(ams, trust, NOW));
    }

    @Test
    void whoHasShownNothingIsNobody() throws SSLException {
        ams.lose();
        Handshake done = shake();
        assertEquals(Optional.empty(), Shown.in(done.serverSession(), trust, NOW));
        assertFalse(Shown.in(done.clientSession(), trust, NOW).orElseThrow().own());
    }

    @Test
    void whatIsNotBelievedIsNobody() throws SSLException {
        Handshake done = shake();
        NodeTrust none = new NodeTrust(Optional.empty(), new KnownRevocations(Optional.empty()));
        assertEquals(Optional.empty(), Shown.in(done.serverSession(), none, NOW));
        Instant late = NOW.plus(CertificateAuthority.NODE_LIFE).plusSeconds(1);
        assertEquals(Optional.empty(), Shown.in(done.serverSession(), trust, late));
    }

    /** Whichever of the two it is. */
    @Test
    void itCountsUntilTheFirstCertificateEnds() throws SSLException {
        CertificateAuthority eu = new CertificateAuthority(net.eu, net.random);
        CertifiedKey shorter = eu.create(TestNetwork.AMS, NOW, LESS);
        ams.become(shorter);
        assertEnds(seenByServer(), eu1);
        ams.become(net.ams);
        eu1.become(eu.create(TestNetwork.EU_1, NOW, LESS));
        assertEnds(seenByServer(), eu1);
    }

    private void assertEnds(Shown shown, NodeIdentity self) {
        assertEquals(NOW.plus(LESS), shown.end());
        assertTrue(shown.isBelieved(self, trust, NOW.plus(LESS).minusSeconds(1)));
        assertFalse(shown.isBelieved(self, trust, NOW.plus(LESS)));
    }

    @Test
    void whoIsRevokedIsNotBelievedAnyMore() throws SSLException {
        Shown shown = seenByServer();
        var list =
                new CertificateAuthority(net.eu, net.random)
                        .revocationList(
                                Map.of(net.ams.certificate().getSerialNumber(), NOW),
                                BigInteger.ONE,
                                NOW);
        var revoked = List.of(new RevocationList(net.eu.certificate(), list));
        assertTrue(trust.revocations().learn(revoked, NOW));
        assertFalse(shown.isBelieved(eu1, trust, NOW));
    }

    @Test
    void whoHasLostWhatItHasShownBelievesNobodyByIt() throws SSLException {
        Shown shown = seenByServer();
        eu1.lose();
        assertFalse(shown.isBelieved(eu1, trust, NOW));
        eu1.become(net.eu1);
        assertTrue(shown.isBelieved(eu1, trust, NOW));
    }
}
