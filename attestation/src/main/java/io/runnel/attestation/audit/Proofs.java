package io.runnel.attestation.audit;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What an audit log says of the proofs by which keys were certified, as it is read from its
 * beginning: each is good for one key. Those that have ended are forgotten. For one thread.
 */
public final class Proofs {
    /** Longer than any of them is good. */
    private static final Duration LIFE = Duration.ofDays(8);

    private final Map<String, Used> used = new HashMap<>();

    private record Used(String key, Instant at) {}

    /** Learns the next entry. */
    public void learn(AuditEntry entry) {
        Instant past = entry.at().minus(LIFE);
        used.values().removeIf(use -> use.at().isBefore(past));
        Optional<AuditFact.Proof> proof = entry.fact().proof();
        proof.flatMap(AuditFact.Proof::key)
                .ifPresent(key -> used.putIfAbsent(proof.get().id(), new Used(key, entry.at())));
    }

    /** Whether a proof is good for its key: it was used for no other. */
    public boolean isGood(AuditFact.Proof proof) {
        Used before = used.get(proof.id());
        return before == null || proof.key().filter(before.key()::equals).isPresent();
    }
}
