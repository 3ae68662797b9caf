package io.runnel.attestation.certificate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.attestation.Verdicts;
import io.runnel.attestation.identity.ChainCheck;
import io.runnel.attestation.identity.Reason;

import org.junit.jupiter.api.Test;

import java.math.BigInteger;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** What is learned of revocations from whoever brings lists. */
class KnownRevocationsTest {
    private static final Instant NOW = TestNetwork.NOW;

    private final TestNetwork net = new TestNetwork();
    private final KnownRevocations known = new KnownRevocations(Optional.of(net.verifier));

    private RevocationList list(CertifiedKey by, long number, X509Certificate... revoked) {
        var serials =
                Arrays.stream(revoked)
                        .collect(Collectors.toMap(X509Certificate::getSerialNumber, c -> NOW));
        return new RevocationList(
                by.certificate(),
                new CertificateAuthority(by, net.random)
                        .revocationList(serials, BigInteger.valueOf(number), NOW));
    }

    private boolean learn(RevocationList... lists) {
        return known.learn(List.of(lists), NOW);
    }

    @Test
    void eachAuthoritysNewestCounts() {
        X509Certificate ams = net.ams.certificate();
        X509Certificate other = net.node(net.us, TestNetwork.AMS).certificate();
        assertFalse(known.isRevoked(ams));
        assertTrue(learn(list(net.eu, 1, ams), list(net.us, 1)));
        assertTrue(known.isRevoked(ams));
        assertFalse(known.isRevoked(other));
        assertTrue(learn(list(net.us, 2, other)));
        assertTrue(known.isRevoked(ams) && known.isRevoked(other));
        assertTrue(learn(list(net.eu, 2)));
        assertFalse(known.isRevoked(ams));
    }

    /** Who kept an old list readmits nobody with it. */
    @Test
    void anOlderListChangesNothing() {
        X509Certificate ams = net.ams.certificate();
        assertTrue(learn(list(net.eu, 5, ams)));
        assertFalse(learn(list(net.eu, 4)));
        assertFalse(learn(list(net.eu, 5)));
        assertTrue(known.isRevoked(ams));
    }

    @Test
    void nobodyElseRevokes() {
        X509Certificate ams = net.ams.certificate();
        TestNetwork stranger = new TestNetwork();
        assertFalse(learn(list(stranger.eu, 9, ams)), "another root's");
        RevocationList byPop = list(net.ams, 9, ams);
        assertFalse(learn(byPop), "a node's");
        RevocationList forged =
                new RevocationList(net.eu.certificate(), list(stranger.eu, 9, ams).list());
        assertFalse(learn(forged), "another key's");
        assertFalse(learn(new RevocationList(net.us.certificate(), list(net.eu, 9).list())));
        assertFalse(known.isRevoked(ams));
        assertEquals("", known.text());
        assertTrue(learn(list(net.eu, 1, ams)));
    }

    /** The root revokes authorities, and nobody else does; of nodes it does not speak. */
    @Test
    void theRootRevokesAuthorities() {
        X509Certificate eu = net.eu.certificate();
        assertTrue(learn(list(net.us, 1, eu)));
        assertFalse(known.isRevoked(eu), "by another authority");
        assertTrue(learn(list(net.root, 1, eu, net.ams.certificate())));
        assertTrue(known.isRevoked(eu));
        assertFalse(known.isRevoked(net.us.certificate()));
        assertFalse(known.isRevoked(net.ams.certificate()));
    }

    @Test
    void anAuthorityThatHasEndedSaysNothingMore() {
        Instant late = NOW.plus(CertificateAuthority.AUTHORITY_LIFE).plusSeconds(1);
        assertFalse(known.learn(List.of(list(net.eu, 1)), late));
        assertTrue(known.learn(List.of(list(net.eu, 1)), late.minus(Duration.ofDays(1))));
    }

    @Test
    void whatIsKnownIsHandedOn() {
        X509Certificate ams = net.ams.certificate();
        assertTrue(learn(list(net.eu, 1, ams), list(net.us, 1)));
        KnownRevocations next = new KnownRevocations(Optional.of(net.verifier));
        assertTrue(next.learn(Pem.revocationLists(known.text()), NOW));
        assertTrue(next.isRevoked(ams));
        assertFalse(next.learn(Pem.revocationLists(known.text()), NOW), "nothing is new");
        assertEquals(List.of(), Pem.revocationLists(""));
    }

    @Test
    void whatIsNoListIsSaidToBe() {
        String certificate = Pem.of(List.of(net.eu.certificate()));
        for (String text :
                List.of(
                        certificate,
                        certificate + certificate,
                        Pem.of(list(net.eu, 1).list()),
                        Pem.of(list(net.eu, 1)) + certificate,
                        "-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----\n")) {
            assertThrows(PemException.class, () -> Pem.revocationLists(text), text);
        }
    }

    /** Who is told only yes or no is told yes by a list of now. */
    @Test
    void whoStandsIsToldByAListThatMayStillBeReliedOn() {
        ChainCheck check = known.over(net.verifier);
        List<X509Certificate> ams = net.ams.chain();
        List<Reason> unknown = List.of(Reason.REVOCATION_UNKNOWN);
        assertEquals(unknown, Verdicts.reasons(check.check(ams, NOW)));
        assertTrue(learn(list(net.us, 1)));
        assertEquals(unknown, Verdicts.reasons(check.check(ams, NOW)), "another authority's");
        assertTrue(learn(list(net.eu, 1)));
        assertEquals(TestNetwork.AMS, Verdicts.facts(check.check(ams, NOW)));
        Instant end = NOW.plus(CertificateAuthority.LIST_LIFE);
        assertEquals(List.of(), Verdicts.reasons(check.check(ams, end)));
        assertEquals(unknown, Verdicts.reasons(check.check(ams, end.plusSeconds(1))));
        assertTrue(learn(list(net.eu, 2, net.ams.certificate())));
        assertEquals(List.of(Reason.REVOKED), Verdicts.reasons(check.check(ams, NOW)));
        assertEquals(
                List.of(Reason.REVOKED), Verdicts.reasons(check.check(ams, end.plusSeconds(1))));
        assertEquals(List.of(), Verdicts.reasons(check.check(net.eu1.chain(), NOW)));
        assertEquals(
                List.of(Reason.ISSUER_UNKNOWN),
                Verdicts.reasons(check.check(new TestNetwork().ams.chain(), NOW)));
    }

    @Test
    void whoKnowsNoRootLearnsNothing() {
        KnownRevocations none = new KnownRevocations(Optional.empty());
        assertFalse(none.learn(List.of(list(net.eu, 1, net.ams.certificate())), NOW));
        assertFalse(none.isRevoked(net.ams.certificate()));
    }

    @Test
    void aListIsThatOfItsNumber() {
        assertEquals(7, list(net.eu, 7).number().longValueExact());
    }
}
