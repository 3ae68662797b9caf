package io.runnel.region.server.authority;

import io.runnel.attestation.audit.AuditFact;
import io.runnel.attestation.identity.Identity;

import java.time.Instant;
import java.util.Optional;

/** What a POP showed so that a key is certified, as far as that can be told without the log. */
sealed interface Claim {
    /** Who it says it is. */
    Identity.Pop who();

    /**
     * It is sound; whether it was used before is for the log to say.
     *
     * @param proof what it showed, for this key
     * @param admittedAt when the token was made that it showed; empty if it showed none
     */
    record Sound(Identity.Pop who, AuditFact.Proof proof, Optional<Instant> admittedAt)
            implements Claim {}

    /**
     * It is not.
     *
     * @param why in words that the POP may hear
     * @param isKnown whether there is such a POP
     */
    record Unsound(Identity.Pop who, String why, boolean isKnown) implements Claim {}
}
