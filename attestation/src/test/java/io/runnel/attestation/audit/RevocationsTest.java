package io.runnel.attestation.audit;

import static io.runnel.attestation.audit.TestLog.AMS;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.attestation.certificate.TestNetwork;

import org.junit.jupiter.api.Test;

import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What a log says of what is revoked. */
class RevocationsTest {
    private static final Duration DAY = Duration.ofDays(1);

    private final TestLog log = new TestLog();

    private Revocations read() {
        Revocations revocations = new Revocations();
        log.entries.forEach(revocations::learn);
        return revocations;
    }

    private List<Long> revoked(Instant now) {
        return read().revoked(now).stream()
                .map(Revocations.Revoked::serial)
                .map(BigInteger::longValueExact)
                .toList();
    }

    @Test
    void allOfANodeIsRevokedAndNothingOfOthers() {
        log.certify(AMS, 1, DAY);
        log.certify(TestNetwork.EU_1, 2, DAY);
        log.certify(AMS, 3, DAY);
        assertEquals(List.of(), revoked(log.now()));
        AuditEntry revocation = log.tell(AuditEvent.REVOKED, AMS);
        assertEquals(List.of(1L, 3L), revoked(log.now()));
        assertEquals(revocation.at(), read().revoked(log.now()).getFirst().since());
        assertTrue(read().isBarred(AMS));
        assertFalse(read().isBarred(TestNetwork.EU_1));
    }

    @Test
    void whoIsReadmittedGetsAnotherAndTheOldStayRevoked() {
        log.certify(AMS, 1, DAY);
        log.tell(AuditEvent.REVOKED, AMS);
        log.tell(AuditEvent.READMITTED, AMS);
        log.certify(AMS, 2, DAY);
        assertFalse(read().isBarred(AMS));
        assertEquals(List.of(1L), revoked(log.now()));
        log.tell(AuditEvent.REVOKED, AMS);
        assertEquals(List.of(1L, 2L), revoked(log.now()));
    }

    @Test
    void whatHasEndedIsListedNoMore() {
        log.certify(AMS, 1, Duration.ofHours(1));
        log.certify(AMS, 2, DAY);
        log.tell(AuditEvent.REVOKED, AMS);
        assertEquals(List.of(2L), revoked(log.now().plus(Duration.ofHours(2))));
    }

    @Test
    void anHourTooEarlyOnAClockForgetsNothing() {
        log.certify(AMS, 1, Duration.ofMinutes(10));
        AuditFact late = AuditFact.of(AuditEvent.REVOKED, AMS, "admin", "");
        Revocations revocations = read();
        revocations.learn(
                new AuditEntry(2, log.now().plus(Duration.ofHours(1)), TestLog.EU, late, ""));
        assertEquals(1, revocations.revoked(log.now()).size());
    }

    @Test
    void whenItWasRevokedLastIsKnownAWhile() {
        assertEquals(Optional.empty(), read().last(AMS));
        log.tell(AuditEvent.REVOKED, AMS);
        log.tell(AuditEvent.READMITTED, AMS);
        AuditEntry second = log.tell(AuditEvent.REVOKED, AMS);
        assertEquals(Optional.of(second.at()), read().last(AMS));
        assertEquals(Optional.empty(), read().last(TestNetwork.EU_1));
    }
}
