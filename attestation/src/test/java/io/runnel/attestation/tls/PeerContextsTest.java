package io.runnel.attestation.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.attestation.authority.NodeIdentity;
import io.runnel.attestation.certificate.CertificateAuthority;
import io.runnel.attestation.certificate.CertifiedKey;
import io.runnel.attestation.certificate.ChainVerifier;
import io.runnel.attestation.certificate.KnownRevocations;
import io.runnel.attestation.certificate.RevocationList;
import io.runnel.attestation.certificate.TestNetwork;
import io.runnel.attestation.identity.Identity;

import org.junit.jupiter.api.Test;

import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;

/** Who believes whom at the two ends of a connection. */
class PeerContextsTest {
    private static final String HOST = "10.0.0.1";
    private static final int PORT = 7001;

    private final TestNetwork net = new TestNetwork();
    private final Optional<ChainVerifier> chains = Optional.of(net.verifier);
    private final KnownRevocations revocations = new KnownRevocations(chains);
    private final AtomicInteger believed = new AtomicInteger();
    private volatile Instant now = TestNetwork.NOW;
    private final NodeIdentity ams = identity(net.ams);
    private final NodeIdentity eu1 = identity(net.eu1);
    private final SSLContext client = context(ams);
    private final SSLContext server = context(eu1);

    private NodeIdentity identity(CertifiedKey key) {
        NodeIdentity identity = new NodeIdentity(net.random);
        identity.become(key);
        return identity;
    }

    private SSLContext context(NodeIdentity own) {
        PeerTrust trust =
                new PeerTrust(
                        (chain, at) -> {
                            believed.incrementAndGet();
                            return net.verifier.check(chain, at);
                        },
                        revocations,
                        (host, port, who) ->
                                host.equals(HOST) && port == PORT && who.equals(TestNetwork.EU_1),
                        () -> now);
        return new PeerContexts(own, trust, net.random).create();
    }

    private Handshake shake(SSLContext calling, SSLContext called) throws SSLException {
        return Handshake.of(calling, called, HOST, PORT);
    }

    @Test
    void bothSeeWhoTheOtherIs() throws SSLException {
        Handshake done = shake(client, server);
        assertEquals("TLSv1.3", done.protocol());
        assertEquals(net.ams.chain(), done.seenByServer());
        assertEquals(net.eu1.chain(), done.seenByClient());
    }

    @Test
    void whoHasNothingYetIsSeenAsNobody() throws SSLException {
        Handshake done = shake(context(new NodeIdentity(net.random)), server);
        assertEquals(List.of(), done.seenByServer());
        assertEquals(net.eu1.chain(), done.seenByClient());
    }

    @Test
    void aNodeThatIsNobodyCannotBeCalled() {
        SSLContext nobody = context(new NodeIdentity(net.random));
        assertThrows(SSLException.class, () -> shake(client, nobody));
    }

    @Test
    void whatIsRenewedIsShownFromTheNextConnectionOn() throws SSLException {
        shake(client, server);
        CertifiedKey other = net.node(net.us, TestNetwork.AMS);
        ams.become(other);
        assertEquals(other.chain(), shake(client, server).seenByServer());
    }

    /** Or who was revoked since would be believed by what it had shown before. */
    @Test
    void everyConnectionShowsItAnew() throws SSLException {
        for (int i = 1; i <= 3; i++) {
            shake(client, server);
            assertEquals(2 * i, believed.get());
        }
    }

    @Test
    void onlyWhoIsToListenThereIsBelievedThere() {
        assertThrows(SSLException.class, () -> Handshake.of(client, server, HOST, PORT + 1));
        assertThrows(SSLException.class, () -> Handshake.of(client, server, "10.0.0.2", PORT));
        SSLContext pop = context(identity(net.ams));
        assertThrows(SSLException.class, () -> shake(client, pop), "a POP is no region");
    }

    @Test
    void whoWasRevokedIsNotCalled() throws SSLException {
        shake(client, server);
        var authority = new CertificateAuthority(net.eu, net.random);
        var list =
                authority.revocationList(
                        Map.of(net.eu1.certificate().getSerialNumber(), now), BigInteger.ONE, now);
        assertTrue(revocations.learn(List.of(new RevocationList(net.eu.certificate(), list)), now));
        assertThrows(SSLException.class, () -> shake(client, server));
    }

    @Test
    void whatHasEndedIsWorthNothing() {
        now = now.plus(CertificateAuthority.NODE_LIFE).plus(Duration.ofSeconds(1));
        assertThrows(SSLException.class, () -> shake(client, server));
    }

    @Test
    void neitherBelievesAnotherNetworks() {
        TestNetwork other = new TestNetwork();
        SSLContext theirs = context(identity(other.ams));
        assertThrows(SSLException.class, () -> shake(theirs, server));
        SSLContext fake = context(identity(other.eu1));
        assertThrows(SSLException.class, () -> shake(client, fake));
    }

    /** An authority certifies, and does not speak. */
    @Test
    void anAuthoritysKeyOpensNoConnection() {
        SSLContext authority = context(identity(net.eu));
        assertThrows(SSLException.class, () -> shake(authority, server));
        Identity self = net.eu.identity();
        assertTrue(self instanceof Identity.Authority, self::uri);
    }
}
