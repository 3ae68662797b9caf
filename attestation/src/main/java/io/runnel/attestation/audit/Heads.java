package io.runnel.attestation.audit;

import io.runnel.attestation.identity.Identity;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Up to where an authority found others' logs sound, as its own log says. For one thread. */
public final class Heads {
    private final Map<Identity, AuditFact.Head> last = new HashMap<>();

    /** Learns the next entry of its own log. */
    public void learn(AuditEntry entry) {
        AuditFact fact = entry.fact();
        switch (fact.event()) {
            case WITNESSED -> fact.head().ifPresent(head -> last.put(fact.subject(), head));
            case CONTRADICTED -> last.remove(fact.subject());
            case ADMITTED, CERTIFIED, REFUSED, REVOKED, READMITTED -> {}
        }
    }

    /** The last of another's log that it stands by; none after it was contradicted. */
    public Optional<AuditFact.Head> of(Identity.Authority other) {
        return Optional.ofNullable(last.get(other));
    }
}
