package io.runnel.attestation.certificate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.runnel.attestation.Verdicts;
import io.runnel.attestation.identity.Identity;

import org.junit.jupiter.api.Test;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** By which names of hosts a region's node is certified. */
class HostNamesTest {
    private final TestNetwork net = new TestNetwork();
    private final CertificateAuthority authority = new CertificateAuthority(net.eu, net.random);

    private List<X509Certificate> certify(Identity who, String host) {
        return authority.certify(
                who,
                HostNames.of(host),
                KeyPairs.generate(net.random).getPublic(),
                TestNetwork.NOW,
                CertificateAuthority.NODE_LIFE);
    }

    /** As {@code type value}: 2 is DNS, 6 a URI, 7 IP (RFC 5280). */
    private Set<String> names(String host) throws Exception {
        return certify(TestNetwork.EU_1, host).getFirst().getSubjectAlternativeNames().stream()
                .map(name -> name.get(0) + " " + name.get(1))
                .filter(name -> !name.equals("6 " + TestNetwork.EU_1.uri()))
                .collect(Collectors.toSet());
    }

    @Test
    void aNodeIsCertifiedByWhereItListens() throws Exception {
        assertEquals(Set.of("7 10.1.2.3"), names("10.1.2.3"));
        assertEquals(Set.of("7 2001:db8:0:0:0:0:0:5"), names("2001:db8::5"));
        assertEquals(Set.of("2 eu-west.example"), names("EU-West.example"));
    }

    @Test
    void whoListensOnThisMachineIsLocalhost() throws Exception {
        assertEquals(Set.of("7 127.0.0.1", "2 localhost"), names("127.0.0.1"));
        assertEquals(Set.of("7 0:0:0:0:0:0:0:1", "2 localhost"), names("::1"));
    }

    /** Or it would be called by an address that is nobody's. */
    @Test
    void whoListensEverywhereHasNoAddress() throws Exception {
        assertEquals(Set.of("2 localhost"), names("0.0.0.0"));
        assertEquals(Set.of("2 localhost"), names("::"));
    }

    @Test
    void itsIdentityIsWhatItWas() {
        assertEquals(
                TestNetwork.EU_1,
                Verdicts.facts(
                        net.verifier.check(
                                certify(TestNetwork.EU_1, "eu-west.example"), TestNetwork.NOW)));
    }

    @Test
    void nobodyElseHasSuchNames() {
        assertThrows(IllegalArgumentException.class, () -> certify(TestNetwork.AMS, "pop.example"));
    }
}
