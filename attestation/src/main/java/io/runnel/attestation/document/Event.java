package io.runnel.attestation.document;

import java.util.Locale;
import java.util.Optional;

/** What happened that a document was made: part of what is signed. */
public enum Event {
    /** Somebody asked who it is. */
    REQUEST,
    /** A run, or a node's process, began, with all anew. */
    LAUNCH,
    /** A run began from an image of an earlier moment. */
    RESTORE;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** As it stands in documents. */
    public String label() {
        return label;
    }

    static Optional<Event> ofLabel(String label) {
        for (Event event : values()) {
            if (event.label.equals(label)) {
                return Optional.of(event);
            }
        }
        return Optional.empty();
    }
}
