package io.runnel.attestation.audit;

import io.runnel.attestation.identity.Identity;

import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What an audit log says of what is revoked, as it is read from its beginning. Certificates that
 * have ended are forgotten. For one thread.
 */
public final class Revocations {
    /** Longer than anything is good that a node is given; who dated an entry may have erred. */
    private static final Duration MARGIN = Duration.ofDays(8);

    private final Map<Identity, List<AuditFact.Made>> certified = new HashMap<>();
    private final Set<Identity> barred = new HashSet<>();
    private final Map<Identity, Instant> last = new HashMap<>();
    private final List<Revoked> revoked = new ArrayList<>();

    /**
     * A certificate that is worth nothing any more.
     *
     * @param since when it was revoked
     * @param notAfter when it would have ended
     */
    public record Revoked(BigInteger serial, Instant since, Instant notAfter) {}

    /** Learns the next entry. */
    public void learn(AuditEntry entry) {
        AuditFact fact = entry.fact();
        forget(entry.at());
        switch (fact.event()) {
            case CERTIFIED ->
                    fact.certificate()
                            .ifPresent(
                                    made ->
                                            certified
                                                    .computeIfAbsent(
                                                            fact.subject(),
                                                            who -> new ArrayList<>())
                                                    .add(made));
            case REVOKED -> {
                barred.add(fact.subject());
                last.put(fact.subject(), entry.at());
                List<AuditFact.Made> gone = certified.remove(fact.subject());
                if (gone != null) {
                    gone.forEach(
                            made ->
                                    revoked.add(
                                            new Revoked(
                                                    made.serial(), entry.at(), made.notAfter())));
                }
            }
            case READMITTED -> barred.remove(fact.subject());
            case ADMITTED, REFUSED, WITNESSED, CONTRADICTED -> {}
        }
    }

    private void forget(Instant now) {
        Instant past = now.minus(MARGIN);
        revoked.removeIf(one -> one.notAfter().isBefore(past));
        certified.values().forEach(all -> all.removeIf(made -> made.notAfter().isBefore(past)));
        certified.values().removeIf(List::isEmpty);
        last.values().removeIf(at -> at.isBefore(past));
    }

    /** Whether nothing more is certified of it. */
    public boolean isBarred(Identity who) {
        return barred.contains(who);
    }

    /** When it was revoked last, if that is not longer ago than anything it was given is good. */
    public Optional<Instant> last(Identity who) {
        return Optional.ofNullable(last.get(who));
    }

    /** All that is revoked and would be valid still. */
    public List<Revoked> revoked(Instant now) {
        return revoked.stream().filter(one -> !one.notAfter().isBefore(now)).toList();
    }
}
