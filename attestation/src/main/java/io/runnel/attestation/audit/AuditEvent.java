package io.runnel.attestation.audit;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What an authority did. */
public enum AuditEvent {
    /** A token was made by which a node may have a key certified. */
    ADMITTED,
    /** A key was certified. */
    CERTIFIED,
    /**
     * A key was not certified that somebody wanted to be; or a node was not given what it asked.
     */
    REFUSED,
    /** All that was certified of a node is revoked, and nothing more of it is certified. */
    REVOKED,
    /** A revoked node may be certified again, with another key. */
    READMITTED,
    /** Another region's log was sound up to an entry; the subject is its authority. */
    WITNESSED,
    /** Another region's log is not what it was when it was witnessed. */
    CONTRADICTED;

    /** In lower case, as it is written. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Optional<AuditEvent> labelled(String label) {
        return Arrays.stream(values()).filter(event -> event.label().equals(label)).findFirst();
    }
}
