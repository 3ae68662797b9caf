package io.runnel.attestation.certificate;

import static io.runnel.attestation.certificate.TestNetwork.AMS;
import static io.runnel.attestation.certificate.TestNetwork.NOW;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.runnel.attestation.Verdicts;
import io.runnel.attestation.identity.Reason;

import org.junit.jupiter.api.Test;

import java.math.BigInteger;
import java.security.cert.X509CRL;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Lists of what is revoked, and whose word counts. */
class RevocationListsTest {
    private final TestNetwork net = new TestNetwork();

    private X509CRL list(CertifiedKey authority, CertifiedKey... revoked) {
        Map<BigInteger, Instant> serials = new HashMap<>();
        for (CertifiedKey key : revoked) {
            serials.put(key.certificate().getSerialNumber(), NOW);
        }
        return new CertificateAuthority(authority, net.random)
                .revocationList(serials, BigInteger.ONE, NOW);
    }

    private List<Reason> reasons(CertifiedKey key, Instant at, X509CRL... lists) {
        return Verdicts.reasons(
                new RevocationLists(net.verifier, List.of(lists)).check(key.chain(), at));
    }

    @Test
    void whatIsListedIsRevokedAndNothingElse() {
        X509CRL list = list(net.eu, net.ams);
        assertEquals(List.of(Reason.REVOKED), reasons(net.ams, NOW, list));
        assertEquals(List.of(), reasons(net.eu1, NOW, list));
        CertifiedKey another = net.node(net.eu, AMS);
        assertEquals(List.of(), reasons(another, NOW, list(net.us), list));
    }

    @Test
    void nobodyElsesListCounts() {
        List<Reason> unknown = List.of(Reason.REVOCATION_UNKNOWN);
        assertEquals(unknown, reasons(net.ams, NOW));
        assertEquals(unknown, reasons(net.ams, NOW, list(net.us, net.ams)));
        CertifiedKey thief = net.authority(TestNetwork.EU);
        assertEquals(unknown, reasons(net.ams, NOW, list(thief, net.ams)));
    }

    @Test
    void anOldListSaysWhatIsRevokedAndNotWhatIsNot() {
        X509CRL list = list(net.eu, net.ams);
        Instant end = NOW.plus(CertificateAuthority.LIST_LIFE);
        assertEquals(List.of(), reasons(net.eu1, end, list));
        Instant later = end.plusSeconds(1);
        assertEquals(List.of(Reason.REVOCATION_UNKNOWN), reasons(net.eu1, later, list));
        assertEquals(List.of(Reason.REVOKED), reasons(net.ams, later, list));
    }

    @Test
    void whatIsNotBelievedIsNotLookedUp() {
        Instant late = NOW.plus(CertificateAuthority.NODE_LIFE).plusSeconds(1);
        assertEquals(List.of(Reason.EXPIRED), reasons(net.ams, late, list(net.eu)));
    }

    @Test
    void listsAreWrittenAndReadAsPem() {
        X509CRL list = list(net.eu, net.ams);
        assertEquals(list, Pem.revocationList(Pem.of(list)));
        String certificate = Pem.of(net.ams.chain());
        assertThrows(PemException.class, () -> Pem.revocationList(certificate));
        assertThrows(PemException.class, () -> Pem.revocationList(""));
        assertThrows(PemException.class, () -> Pem.revocationList(Pem.of(list) + Pem.of(list)));
    }
}
