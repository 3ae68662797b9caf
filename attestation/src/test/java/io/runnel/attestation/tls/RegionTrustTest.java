package io.runnel.attestation.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.attestation.authority.NodeIdentity;
import io.runnel.attestation.certificate.CertificateAuthority;
import io.runnel.attestation.certificate.CertifiedKey;
import io.runnel.attestation.certificate.TestNetwork;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;

/** Whom users' programs believe where a region listens, and what that shows. */
class RegionTrustTest {
    private final TestNetwork net = new TestNetwork();
    private final NodeIdentity node = new NodeIdentity(net.random);
    private volatile Instant now = TestNetwork.NOW;
    private final SSLContext server =
            UserContexts.of(node, TestNetwork.EU_1, TestNetwork.NOW, net.random).create();

    private SSLContext client() {
        return new RegionTrust(net.verifier, () -> now).context();
    }

    private Handshake call(CertifiedKey shown) throws SSLException {
        node.become(shown);
        return Handshake.of(client(), server, "127.0.0.1", 1);
    }

    private String refused(CertifiedKey shown) {
        SSLException refusal = assertThrows(SSLException.class, () -> call(shown));
        return refusal.toString();
    }

    /** Whatever it was called by: a detour's address says nothing of who answers. */
    @Test
    void aRegionsNodeIsBelieved() throws SSLException {
        Handshake done = call(net.eu1);
        assertEquals(net.eu1.chain(), done.seenByClient());
        assertEquals("TLSv1.3", done.protocol());
    }

    @Test
    void aPopIsNoRegion() {
        assertTrue(
                refused(net.ams).contains("it is runnel://net/pop/ams, and no node of a region"),
                () -> refused(net.ams));
    }

    @Test
    void anotherNetworksIsNotBelieved() {
        String why = refused(new TestNetwork().eu1);
        assertTrue(why.contains("root that is trusted") || why.contains("signature"), why);
    }

    @Test
    void whatHasEndedIsNotBelieved() {
        now = now.plus(CertificateAuthority.NODE_LIFE).plus(Duration.ofSeconds(1));
        assertTrue(refused(net.eu1).contains("it is too old"), () -> refused(net.eu1));
    }

    /** It says of itself who it is, and nobody else does. */
    @Test
    void aNodeThatIsNobodyIsNotBelieved() {
        SSLException refusal =
                assertThrows(
                        SSLException.class, () -> Handshake.of(client(), server, "127.0.0.1", 1));
        assertTrue(refusal.toString().contains("root that is trusted"), refusal::toString);
    }

    @Test
    void aNodeThatLostWhatItHadIsNobodyAgain() throws SSLException {
        call(net.eu1);
        node.lose();
        aNodeThatIsNobodyIsNotBelieved();
    }

    @Test
    void whatIsRenewedIsShownFromTheNextConnectionOn() throws SSLException {
        call(net.eu1);
        CertifiedKey renewed = net.node(net.eu, TestNetwork.EU_1);
        assertEquals(renewed.chain(), call(renewed).seenByClient());
    }
}
