package io.runnel.attestation.audit;

import static io.runnel.attestation.audit.TestLog.AMS;
import static io.runnel.attestation.audit.TestLog.EU;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.attestation.Verdicts;
import io.runnel.attestation.certificate.TestNetwork;
import io.runnel.attestation.identity.Identity;
import io.runnel.attestation.identity.Reason;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** What an audit log says stays said. */
class AuditCheckTest {
    private final TestLog log = new TestLog();

    @BeforeEach
    void fill() {
        log.certify(AMS, 7, Duration.ofDays(1));
        log.tell(AuditEvent.REFUSED, TestNetwork.EU_1);
        log.tell(AuditEvent.REVOKED, AMS);
        log.tell(AuditEvent.READMITTED, AMS);
    }

    private static Optional<String> check(List<String> texts) {
        AuditCheck check = new AuditCheck(EU);
        return texts.stream().map(check::accept).flatMap(Optional::stream).findFirst();
    }

    @Test
    void whatWasWrittenIsSoundAndReadAlike() {
        assertEquals(Optional.empty(), check(log.texts()));
        for (AuditEntry entry : log.entries) {
            assertEquals(entry, Verdicts.facts(AuditEntry.read(entry.text())));
        }
        AuditCheck check = new AuditCheck(EU);
        assertEquals(Optional.empty(), check.last());
        log.texts().forEach(check::accept);
        assertEquals(Optional.of(log.entries.getLast()), check.last());
    }

    @Test
    void nothingIsTakenOutNorPutElsewhere() {
        for (int i = 0; i < 3; i++) {
            List<String> without = new ArrayList<>(log.texts());
            without.remove(i);
            assertTrue(check(without).orElse("").contains("is due"), "without " + i);
            List<String> swapped = new ArrayList<>(log.texts());
            Collections.swap(swapped, i, i + 1);
            assertTrue(check(swapped).orElse("").contains("is due"), "swapped " + i);
            List<String> twice = new ArrayList<>(log.texts());
            twice.add(i, twice.get(i));
            assertTrue(check(twice).orElse("").contains("is due"), "twice " + i);
        }
    }

    @Test
    void noCharacterIsChanged() {
        for (int i = 0; i < 3; i++) {
            String text = log.texts().get(i);
            for (int at = 0; at < text.length(); at++) {
                List<String> changed = new ArrayList<>(log.texts());
                char other = text.charAt(at) == '1' ? '2' : '1';
                changed.set(i, text.substring(0, at) + other + text.substring(at + 1));
                assertTrue(check(changed).isPresent(), changed.get(i));
            }
        }
    }

    @Test
    void anEntryThatWasForgedWithItsNumberIsFoundByTheNext() {
        AuditEntry first = log.entries.getFirst();
        AuditFact other = AuditFact.of(AuditEvent.REFUSED, AMS, "thief", "");
        List<String> forged = new ArrayList<>(log.texts());
        forged.set(0, new AuditEntry(1, first.at(), EU, other, first.prev()).text());
        assertEquals(
                Optional.of("it names another entry before it than stands there"), check(forged));
    }

    @Test
    void anotherRegionsLogIsNotTaken() {
        AuditCheck us = new AuditCheck(new Identity.Authority("net", TestNetwork.US));
        assertTrue(us.accept(log.texts().getFirst()).orElse("").contains("another log"));
    }

    @Test
    void whatIsNoEntryIsToldWithItsReason() {
        String text = log.texts().getFirst();
        String more = text.replaceFirst("\\{", "{\"a\":1,");
        String version = text.replace("runnel/audit/1", "runnel/audit/2");
        String event = text.replace("certified", "invented");
        String spaced = text.replaceFirst(",", ", ");
        String undated = text.replaceFirst("\"at\":\"[^\"]*\"", "\"at\":\"now\"");
        assertEquals(List.of(Reason.MALFORMED), Verdicts.reasons(AuditEntry.read(more)));
        assertEquals(List.of(Reason.UNKNOWN_SCHEMA), Verdicts.reasons(AuditEntry.read(version)));
        assertEquals(List.of(Reason.MALFORMED), Verdicts.reasons(AuditEntry.read(event)));
        assertEquals(List.of(Reason.NOT_CANONICAL), Verdicts.reasons(AuditEntry.read(spaced)));
        assertEquals(List.of(Reason.MALFORMED), Verdicts.reasons(AuditEntry.read(undated)));
        assertEquals(List.of(Reason.MALFORMED), Verdicts.reasons(AuditEntry.read("")));
    }

    @Test
    void whatPeopleSayIsOneShortLine() {
        AuditFact fact = AuditFact.of(AuditEvent.REVOKED, AMS, "a\nb", "\u00e9".repeat(300));
        assertEquals("a b", fact.by());
        assertEquals(AuditFact.MOST_TEXT, fact.why().length());
        AuditEntry entry = log.add(fact);
        assertEquals(entry, Verdicts.facts(AuditEntry.read(entry.text())));
    }
}
