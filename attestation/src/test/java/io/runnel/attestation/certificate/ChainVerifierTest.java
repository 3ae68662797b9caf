package io.runnel.attestation.certificate;

import static io.runnel.attestation.certificate.TestNetwork.AMS;
import static io.runnel.attestation.certificate.TestNetwork.EU;
import static io.runnel.attestation.certificate.TestNetwork.EU_1;
import static io.runnel.attestation.certificate.TestNetwork.NOW;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.runnel.attestation.Verdicts;
import io.runnel.attestation.identity.Identity;
import io.runnel.attestation.identity.Reason;
import io.runnel.exec.task.NodeName;

import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralSubtree;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.NameConstraints;
import org.junit.jupiter.api.Test;

import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Which chains are believed, and why others are not. */
class ChainVerifierTest {
    private final TestNetwork net = new TestNetwork();

    private List<Reason> reasons(CertifiedKey key) {
        return reasons(key.chain(), NOW);
    }

    private List<Reason> reasons(List<X509Certificate> chain, Instant at) {
        return Verdicts.reasons(net.verifier.check(chain, at));
    }

    @Test
    void nodesAreWhoTheirAuthoritySaysTheyAre() {
        for (int twice = 0; twice < 2; twice++) {
            assertEquals(AMS, Verdicts.facts(net.verifier.check(net.ams.chain(), NOW)));
            assertEquals(EU_1, Verdicts.facts(net.verifier.check(net.eu1.chain(), NOW)));
        }
        assertEquals(AMS, net.ams.identity());
        assertEquals("net", net.verifier.network());
    }

    @Test
    void anyRegionCertifiesAPopAndOnlyItsOwnItsNodes() throws Exception {
        CertifiedKey pop = net.node(net.us, AMS);
        assertEquals(AMS, Verdicts.facts(net.verifier.check(pop.chain(), NOW)));
        assertThrows(IllegalArgumentException.class, () -> net.node(net.us, EU_1));
        CertifiedKey forged = new Forged(net.us, EU_1.uri(), NOW).make();
        assertEquals(List.of(Reason.NAME_NOT_ALLOWED), reasons(forged));
    }

    @Test
    void eachIsValidForItsTimeHoweverOftenItWasSeen() {
        List<X509Certificate> chain = net.ams.chain();
        Instant end = NOW.plus(CertificateAuthority.NODE_LIFE);
        assertEquals(List.of(), reasons(chain, NOW.minus(CertificateAuthority.NODE_BACKDATED)));
        assertEquals(List.of(), reasons(chain, end));
        assertEquals(List.of(Reason.EXPIRED), reasons(chain, end.plusSeconds(1)));
        assertEquals(
                List.of(Reason.NOT_YET_VALID),
                reasons(chain, NOW.minus(CertificateAuthority.NODE_BACKDATED).minusSeconds(1)));
    }

    @Test
    void nobodyOutlivesWhoCertifiedIt() {
        Instant late = NOW.plus(CertificateAuthority.AUTHORITY_LIFE).minus(Duration.ofHours(1));
        List<X509Certificate> chain =
                new CertificateAuthority(net.eu, net.random)
                        .certify(
                                AMS,
                                KeyPairs.generate(net.random).getPublic(),
                                late,
                                CertificateAuthority.NODE_LIFE);
        assertEquals(net.eu.certificate().getNotAfter(), chain.getFirst().getNotAfter());
    }

    @Test
    void anotherRootIsNotBelieved() {
        TestNetwork other = new TestNetwork();
        assertEquals(List.of(Reason.ISSUER_UNKNOWN), reasons(other.ams));
        CertifiedKey elsewhere = CertificateAuthority.root("elsewhere", NOW, net.random);
        CertifiedKey authority =
                new CertificateAuthority(elsewhere, net.random)
                        .create(
                                new Identity.Authority("elsewhere", EU),
                                NOW,
                                CertificateAuthority.AUTHORITY_LIFE);
        assertEquals(List.of(Reason.ISSUER_UNKNOWN), reasons(authority));
        assertEquals(List.of(Reason.ISSUER_UNKNOWN), reasons(List.of(), NOW));
        assertEquals(List.of(Reason.ISSUER_UNKNOWN), reasons(List.of(net.ams.certificate()), NOW));
        assertThrows(IllegalArgumentException.class, () -> new ChainVerifier(net.eu.certificate()));
    }

    @Test
    void onlyAuthoritiesCertify() throws Exception {
        CertifiedKey byNode = new Forged(net.ams, AMS.uri(), NOW).make();
        assertEquals(List.of(Reason.CHAIN_TOO_LONG), reasons(byNode));
        CertifiedKey noFlag =
                new Forged(net.root, "runnel://net/authority/eu-west", NOW)
                        .with(Extension.keyUsage, new KeyUsage(KeyUsage.keyCertSign))
                        .make();
        assertEquals(
                List.of(Reason.NOT_AN_AUTHORITY),
                reasons(new Forged(noFlag, AMS.uri(), NOW).make()));
        CertifiedKey noUsage =
                new Forged(net.root, "runnel://net/authority/eu-west", NOW)
                        .with(Extension.basicConstraints, new BasicConstraints(0))
                        .make();
        assertEquals(
                List.of(Reason.KEY_USAGE_WRONG),
                reasons(new Forged(noUsage, AMS.uri(), NOW).make()));
        assertThrows(IllegalArgumentException.class, () -> net.node(net.ams, AMS));
        assertThrows(IllegalArgumentException.class, () -> net.node(net.root, AMS));
    }

    @Test
    void theRootCertifiesNoNodes() throws Exception {
        CertifiedKey straight = new Forged(net.root, AMS.uri(), NOW).make();
        assertEquals(List.of(Reason.NAME_NOT_ALLOWED), reasons(straight));
    }

    @Test
    void anAuthoritySignsNothingItself() {
        assertEquals(List.of(Reason.KEY_USAGE_WRONG), reasons(net.eu));
    }

    @Test
    void constrainedNamesAreKept() throws Exception {
        CertifiedKey other = new Forged(net.eu, "runnel://other/pop/ams", NOW).make();
        assertEquals(List.of(Reason.NAME_NOT_ALLOWED), reasons(other));
        var elsewhere =
                new GeneralSubtree(new GeneralName(GeneralName.uniformResourceIdentifier, "other"));
        CertifiedKey constrained =
                new Forged(net.root, "runnel://net/authority/eu-west", NOW)
                        .authority()
                        .with(
                                Extension.nameConstraints,
                                new NameConstraints(new GeneralSubtree[] {elsewhere}, null))
                        .make();
        assertEquals(
                List.of(Reason.NAME_NOT_ALLOWED),
                reasons(new Forged(constrained, AMS.uri(), NOW).make()));
    }

    @Test
    void aNodeHasOneName() throws Exception {
        String uri = AMS.uri();
        assertEquals(
                List.of(Reason.NAME_NOT_ALLOWED),
                reasons(new Forged(net.eu, uri, NOW).named().make()));
        assertEquals(
                List.of(Reason.NAME_NOT_ALLOWED),
                reasons(new Forged(net.eu, uri, NOW).named(uri, "runnel://net/pop/lhr").make()));
        assertEquals(
                List.of(Reason.NAME_NOT_ALLOWED),
                reasons(new Forged(net.eu, uri, NOW).named("runnel://net/king/ams").make()));
        assertEquals(List.of(), reasons(new Forged(net.eu, uri, NOW).make()));
    }

    @Test
    void otherAlgorithmsAreNotTaken() throws Exception {
        CertifiedKey curve = new Forged(net.eu, AMS.uri(), NOW).of(Forged.ec("secp384r1")).make();
        assertEquals(List.of(Reason.ALGORITHM_NOT_ALLOWED), reasons(curve));
        KeyPairGenerator rsa = KeyPairGenerator.getInstance("RSA");
        rsa.initialize(1024);
        CertifiedKey weak = new Forged(net.eu, AMS.uri(), NOW).of(rsa.generateKeyPair()).make();
        assertEquals(List.of(Reason.ALGORITHM_NOT_ALLOWED), reasons(weak));
        CertifiedKey sha1 = new Forged(net.eu, AMS.uri(), NOW).signed("SHA1withECDSA").make();
        assertEquals(List.of(Reason.ALGORITHM_NOT_ALLOWED), reasons(sha1));
        var other = new NodeName("x");
        assertThrows(
                IllegalArgumentException.class,
                () ->
                        new CertificateAuthority(net.eu, net.random)
                                .certify(
                                        new Identity.RegionNode("net", EU, other),
                                        Forged.ec("secp384r1").getPublic(),
                                        NOW,
                                        CertificateAuthority.NODE_LIFE));
    }

    @Test
    void aBitOfACertificateThatIsNotItsOwnIsSeen() throws Exception {
        byte[] der = net.ams.certificate().getEncoded();
        byte[] changed = der.clone();
        changed[der.length - 10] ^= 1;
        var factory = java.security.cert.CertificateFactory.getInstance("X.509");
        var forged =
                (X509Certificate)
                        factory.generateCertificate(new java.io.ByteArrayInputStream(changed));
        assertEquals(List.of(), reasons(net.ams));
        assertEquals(
                List.of(Reason.SIGNATURE_WRONG),
                reasons(List.of(forged, net.eu.certificate()), NOW));
    }
}
