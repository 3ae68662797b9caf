package io.runnel.region.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.attestation.audit.AuditEntry;
import io.runnel.attestation.audit.AuditEvent;
import io.runnel.attestation.audit.AuditFact;
import io.runnel.attestation.identity.Identity;
import io.runnel.exec.task.PopId;
import io.runnel.exec.task.RegionId;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What regions remember of each other's audit logs. */
class AuditTrailTest {
    private static final Instant NOW = Instant.parse("2026-11-28T12:00:00Z");
    private static final Identity.Authority EU =
            new Identity.Authority("net", new RegionId("eu-west"));
    private static final Identity.Authority US =
            new Identity.Authority("net", new RegionId("us-east"));
    private static final Identity AMS = new Identity.Pop("net", new PopId("ams"));

    private final List<AuditEntry> eu = new ArrayList<>();
    private final List<AuditEntry> us = new ArrayList<>();

    private static void add(List<AuditEntry> log, Identity.Authority whose, AuditFact fact) {
        Optional<AuditEntry> last = Optional.ofNullable(log.isEmpty() ? null : log.getLast());
        log.add(AuditEntry.after(last, NOW.plusSeconds(log.size()), whose, fact));
    }

    private void tell(String why) {
        add(eu, EU, AuditFact.of(AuditEvent.REFUSED, AMS, "127.0.0.1", why));
    }

    private void witness(AuditEntry of) {
        add(us, US, AuditFact.of(AuditEvent.WITNESSED, EU, AuditFact.Head.of(of), "us", ""));
    }

    private static AuditTrail follow(Identity.Authority whose, List<AuditEntry> log) {
        List<String> texts = log.stream().map(AuditEntry::text).toList();
        return AuditTrail.follow(whose, texts, texts.size());
    }

    private Optional<String> doubt(String... lost) {
        return follow(EU, eu).doubt(follow(US, us).testimonies(), Set.of(lost));
    }

    @Test
    void whatWasWitnessedAndStandsIsSound() {
        tell("a");
        tell("b");
        witness(eu.get(1));
        tell("c");
        assertEquals(Optional.empty(), doubt());
        AuditTrail trail = follow(EU, eu);
        assertEquals(eu.getLast().hash(), trail.head());
        assertEquals(1, trail.of(follow(US, us).testimonies()).size());
        assertEquals(List.of(), follow(US, us).of(follow(US, us).testimonies()));
    }

    @Test
    void aPastThatWasWrittenAnewIsFound() {
        tell("a");
        tell("b");
        witness(eu.get(0));
        witness(eu.get(1));
        String lost = eu.get(1).hash();
        eu.removeLast();
        tell("another");
        assertEquals(
                Optional.of(
                        "entry 2 is another than that which us-east witnessed at"
                                + " 2026-11-28T12:00:01Z: "
                                + lost),
                doubt());
        assertEquals(Optional.empty(), doubt(lost), "it is known to have been lost");
    }

    @Test
    void anEndThatWasCutOffIsFound() {
        tell("a");
        tell("b");
        witness(eu.get(1));
        eu.removeLast();
        assertTrue(doubt().orElse("").startsWith("entry 2 is gone"), doubt()::toString);
    }

    @Test
    void anEntryThatWasChangedIsFoundWithoutAnybody() {
        tell("a");
        tell("b");
        List<String> texts = new ArrayList<>(eu.stream().map(AuditEntry::text).toList());
        texts.set(0, texts.getFirst().replace("\"why\":\"a\"", "\"why\":\"x\""));
        AuditTrail trail = AuditTrail.follow(EU, texts, 2);
        assertEquals(
                Optional.of("entry 2: it names another entry before it than stands there"),
                trail.doubt(List.of(), Set.of()));
        assertEquals(1, trail.hashes().size());
    }

    /** It was read after the log that it is about. */
    @Test
    void whatWasSaidLaterIsNotAskedFor() {
        tell("a");
        witness(eu.getFirst());
        List<String> texts = us.stream().map(AuditEntry::text).toList();
        assertEquals(List.of(), AuditTrail.follow(US, texts, 0).testimonies());
        assertEquals(1, AuditTrail.follow(US, texts, 1).testimonies().size());
    }

    @Test
    void whatIsNoHashIsRefusedByTheNameOfItsOption() {
        assertEquals(Set.of(), EntryHashes.of("--head", List.of(AuditEntry.NOTHING)));
        CliException told =
                assertThrows(CliException.class, () -> EntryHashes.of("--lost", List.of("x")));
        assertTrue(told.getMessage().contains("--lost: 'x'"), told::getMessage);
    }
}
