package io.runnel.attestation.document;

import java.util.Locale;
import java.util.Optional;

/** Of what a document speaks. */
public enum Kind {
    /** A node: a POP, or one of a region. */
    NODE,
    /** One run of a task on a node. */
    INSTANCE,
    /** What the process of a node runs, as whoever started it measured it. */
    MEASUREMENT;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** As it stands in documents. */
    public String label() {
        return label;
    }

    static Optional<Kind> ofLabel(String label) {
        for (Kind kind : values()) {
            if (kind.label.equals(label)) {
                return Optional.of(kind);
            }
        }
        return Optional.empty();
    }
}
