package io.runnel.attestation.audit;

import static io.runnel.attestation.audit.TestLog.AMS;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.attestation.certificate.TestNetwork;
import io.runnel.attestation.identity.Verdict;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.Optional;

/** What a log says of what was shown to it. */
class ProofsTest {
    private static final AuditFact.Proof TOKEN = AuditFact.Proof.ofToken("AAAA");
    private static final String ONE = "1".repeat(64);
    private static final String TWO = "2".repeat(64);

    private final TestNetwork net = new TestNetwork();
    private final TestLog log = new TestLog();

    private boolean isGood(AuditFact.Proof proof) {
        Proofs proofs = new Proofs();
        log.entries.forEach(proofs::learn);
        return proofs.isGood(proof);
    }

    private AuditEntry certify(AuditFact.Proof proof) {
        return log.add(
                AuditFact.certified(AMS, net.ams.certificate(), Optional.of(proof), "127.0.0.1"));
    }

    @Test
    void aProofIsGoodForOneKey() {
        log.add(AuditFact.admitted(AMS, TOKEN, "admin/01J", "until then"));
        assertTrue(isGood(TOKEN.by(ONE)));
        certify(TOKEN.by(ONE));
        assertTrue(isGood(TOKEN.by(ONE)), "who asks again asks for the same");
        assertFalse(isGood(TOKEN.by(TWO)));
        assertFalse(isGood(TOKEN));
        assertTrue(isGood(AuditFact.Proof.ofToken("BBBB").by(TWO)));
        certify(TOKEN.by(TWO));
        assertTrue(isGood(TOKEN.by(ONE)), "the first it was used for");
    }

    @Test
    void whatHasEndedIsForgotten() {
        certify(TOKEN.by(ONE));
        AuditEntry last = log.entries.getFirst();
        Proofs proofs = new Proofs();
        proofs.learn(last);
        assertFalse(proofs.isGood(TOKEN.by(TWO)));
        var late =
                AuditEntry.after(
                        Optional.of(last),
                        last.at().plus(Duration.ofDays(8)).plusSeconds(1),
                        TestLog.EU,
                        AuditFact.of(AuditEvent.READMITTED, AMS, "admin", ""));
        proofs.learn(late);
        assertTrue(proofs.isGood(TOKEN.by(TWO)));
    }

    @Test
    void itStandsInItsEntry() {
        for (AuditFact.Proof proof :
                new AuditFact.Proof[] {
                    TOKEN.by(ONE), AuditFact.Proof.ofCertificate(net.ams.certificate()).by(TWO)
                }) {
            AuditEntry entry = certify(proof);
            assertEquals(Verdict.trusted(entry), AuditEntry.read(entry.text()));
            assertEquals(Optional.of(proof), entry.fact().proof());
        }
        AuditEntry made = log.add(AuditFact.admitted(AMS, TOKEN, "admin/01J", "until then"));
        assertEquals(Verdict.trusted(made), AuditEntry.read(made.text()));
        for (String bad : new String[] {"token/AA AA", "root/AAAA", "token/", "token/A\"A"}) {
            String text = made.text().replace("token/AAAA", bad);
            assertNotEquals(made.text(), text);
            assertFalse(AuditEntry.read(text) instanceof Verdict.Trusted<AuditEntry>, text);
        }
    }

    @Test
    void certificatesAreToldApart() {
        assertNotEquals(
                AuditFact.Proof.ofCertificate(net.ams.certificate()),
                AuditFact.Proof.ofCertificate(net.eu1.certificate()));
        assertThrows(IllegalArgumentException.class, () -> TOKEN.by("no hash"));
    }
}
