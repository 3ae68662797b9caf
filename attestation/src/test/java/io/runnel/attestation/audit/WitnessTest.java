package io.runnel.attestation.audit;

import static io.runnel.attestation.audit.TestLog.AMS;
import static io.runnel.attestation.audit.TestLog.EU;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.runnel.attestation.Verdicts;
import io.runnel.attestation.audit.Witness.Found;
import io.runnel.attestation.certificate.TestNetwork;
import io.runnel.attestation.identity.Identity;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Optional;

/** A past that was written anew is found by who remembers the old one. */
class WitnessTest {
    private static final Identity.Authority US = new Identity.Authority("net", TestNetwork.US);
    private static final Found NOTHING = new Found.Nothing();

    private TestLog log = new TestLog();
    private final Witness witness = new Witness(EU);
    private Optional<AuditFact.Head> witnessed = Optional.empty();

    @BeforeEach
    void fill() {
        log.tell(AuditEvent.REVOKED, AMS);
        log.tell(AuditEvent.READMITTED, AMS);
        log.tell(AuditEvent.REFUSED, AMS);
    }

    private Found hear(int most) {
        List<String> all = log.texts();
        int from = (int) Math.min(witness.after(), all.size());
        int to = Math.min(all.size(), from + most);
        Found found = witness.hear(all.subList(from, to), to - from < most, witnessed);
        if (found instanceof Found.Sound(AuditFact.Head head)) {
            witnessed = Optional.of(head);
        } else if (found instanceof Found.Otherwise) {
            witnessed = Optional.empty();
        }
        return found;
    }

    private Found hear() {
        return hear(100);
    }

    private AuditFact.Head head() {
        return AuditFact.Head.of(log.entries.getLast());
    }

    /** The same beginning, another end. */
    private void writeAnew(int from) {
        List<AuditEntry> before = log.entries.subList(0, from);
        TestLog other = new TestLog();
        other.entries.addAll(before);
        while (other.entries.size() < log.entries.size()) {
            other.tell(AuditEvent.REFUSED, TestNetwork.EU_1);
        }
        log = other;
    }

    private static Found otherwise(String why) {
        return new Found.Otherwise(why);
    }

    @Test
    void whatIsNewIsWitnessedOnce() {
        assertEquals(new Found.Sound(head()), hear());
        assertEquals(NOTHING, hear());
        log.tell(AuditEvent.REVOKED, AMS);
        assertEquals(new Found.Sound(head()), hear());
        assertEquals(NOTHING, hear());
    }

    /** Or was not, because that could not be written: then it is found again. */
    @Test
    void whatWasNotWrittenDownIsFoundAgain() {
        assertEquals(new Found.Sound(head()), hear());
        witnessed = Optional.empty();
        assertEquals(new Found.Sound(head()), hear());
    }

    @Test
    void aLongLogIsReadInParts() {
        for (int i = 0; i < 7; i++) {
            log.tell(AuditEvent.REVOKED, AMS);
        }
        Found found = NOTHING;
        for (int i = 0; i < 5 && found.equals(NOTHING); i++) {
            found = hear(4);
        }
        assertEquals(new Found.Sound(head()), found);
    }

    /** Two that witness each other come to an end. */
    @Test
    void whatItWitnessedOfOthersIsNoNews() {
        assertEquals(new Found.Sound(head()), hear());
        log.add(AuditFact.of(AuditEvent.WITNESSED, US, head(), "this node", ""));
        assertEquals(NOTHING, hear());
        log.tell(AuditEvent.REVOKED, AMS);
        assertEquals(new Found.Sound(head()), hear());
    }

    @Test
    void aPastThatIsWrittenAnewIsFoundAndTheNewOneFollowed() {
        hear();
        writeAnew(1);
        assertEquals(otherwise("entry 3 is another now"), hear());
        assertEquals(new Found.Sound(head()), hear());
        assertEquals(NOTHING, hear());
    }

    @Test
    void soIsOneThatGrewMeanwhile() {
        hear();
        writeAnew(2);
        log.tell(AuditEvent.REVOKED, AMS);
        assertEquals(otherwise("entry 3 is another now"), hear());
    }

    @Test
    void anEndThatIsCutOffIsFound() {
        hear();
        log.entries.removeLast();
        assertEquals(otherwise("entry 3 is gone"), hear());
        log.entries.clear();
        assertEquals(NOTHING, hear());
    }

    /** It was away, and knows only what was written down. */
    @Test
    void whoComesBackComparesWithWhatWasWrittenDown() {
        Optional<AuditFact.Head> before = Optional.of(head());
        witnessed = before;
        assertEquals(NOTHING, hear());
        writeAnew(1);
        var later = new Witness(EU);
        assertEquals(otherwise("entry 3 is another now"), later.hear(log.texts(), true, before));
        assertEquals(
                otherwise("entry 3 is gone"), later.hear(log.texts().subList(0, 2), true, before));
    }

    @Test
    void whatIsNoLogIsToldWithItsPlace() {
        List<String> texts = List.of(log.texts().get(0), log.texts().get(2));
        assertEquals(
                otherwise("entry 2: it has number 3, 2 is due"),
                witness.hear(texts, true, Optional.empty()));
        assertEquals(0, witness.after());
    }

    @Test
    void whatStandsOfOthersIsKnownFromTheLog() {
        Heads heads = new Heads();
        AuditFact.Head seen = head();
        heads.learn(log.add(AuditFact.of(AuditEvent.WITNESSED, US, seen, "this node", "")));
        assertEquals(Optional.of(seen), heads.of(US));
        assertEquals(Optional.empty(), heads.of(EU));
        heads.learn(log.tell(AuditEvent.REVOKED, AMS));
        assertEquals(Optional.of(seen), heads.of(US));
        AuditEntry other = log.add(AuditFact.of(AuditEvent.CONTRADICTED, US, seen, "it", "gone"));
        heads.learn(other);
        assertEquals(Optional.empty(), heads.of(US));
        assertEquals(other, Verdicts.facts(AuditEntry.read(other.text())));
        assertThrows(IllegalArgumentException.class, () -> new AuditFact.Head(0, seen.hash()));
        assertThrows(IllegalArgumentException.class, () -> new AuditFact.Head(1, "ab"));
    }
}
