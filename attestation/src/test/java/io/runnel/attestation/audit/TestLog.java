package io.runnel.attestation.audit;

import io.runnel.attestation.certificate.TestNetwork;
import io.runnel.attestation.identity.Identity;

import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The log of a region's authority, of which each entry is a second after the one before. */
final class TestLog {
    static final Identity.Authority EU = new Identity.Authority("net", TestNetwork.EU);
    static final Identity AMS = TestNetwork.AMS;
    static final Instant BEGIN = TestNetwork.NOW;

    final List<AuditEntry> entries = new ArrayList<>();

    AuditEntry add(AuditFact fact) {
        Optional<AuditEntry> last =
                entries.isEmpty() ? Optional.empty() : Optional.of(entries.getLast());
        AuditEntry next = AuditEntry.after(last, now(), EU, fact);
        entries.add(next);
        return next;
    }

    Instant now() {
        return BEGIN.plusSeconds(entries.size());
    }

    AuditEntry certify(Identity who, long serial, Duration life) {
        var made = new AuditFact.Made(BigInteger.valueOf(serial), now().plus(life));
        return add(
                new AuditFact(
                        AuditEvent.CERTIFIED,
                        who,
                        Optional.of(made),
                        Optional.empty(),
                        Optional.empty(),
                        "127.0.0.1",
                        ""));
    }

    AuditEntry tell(AuditEvent event, Identity who) {
        return add(AuditFact.of(event, who, "admin/01J", "because"));
    }

    List<String> texts() {
        return entries.stream().map(AuditEntry::text).toList();
    }
}
