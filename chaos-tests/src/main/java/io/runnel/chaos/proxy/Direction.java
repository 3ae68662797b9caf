package io.runnel.chaos.proxy;

import java.util.Locale;
import java.util.Optional;

/** Which way bytes flow through a link. */
enum Direction {
    /** From the client to the server. */
    UPSTREAM,
    /** From the server to the client. */
    DOWNSTREAM;

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Optional<Direction> ofLabel(String label) {
        for (Direction direction : values()) {
            if (direction.label().equals(label.toLowerCase(Locale.ROOT))) {
                return Optional.of(direction);
            }
        }
        return Optional.empty();
    }
}
