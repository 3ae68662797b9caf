package io.runnel.routing.catalog;

import java.time.Instant;

/**
 * That a canary got no more calls from some time on, for it was worse.
 *
 * @param version the one that was tried
 * @param why in figures
 */
public record RolledBack(int version, Instant at, String why) {
    private static final int MOST_CHARACTERS = 500;

    /**
     * Checks the value.
     *
     * @throws IllegalArgumentException if the version is not positive or the text is too long
     */
    public RolledBack {
        if (version < 1) {
            throw new IllegalArgumentException("version must be positive: " + version);
        }
        if (why.length() > MOST_CHARACTERS) {
            throw new IllegalArgumentException(
                    "why must be at most %d characters".formatted(MOST_CHARACTERS));
        }
    }
}
