package io.runnel.routing.catalog;

/**
 * How fast calls may begin.
 *
 * @param perSecond in a second, after those of the burst
 * @param burst at once, after a pause
 */
public record CallRate(int perSecond, int burst) {
    /** The most, of each. */
    public static final int MOST = 1_000_000;

    /**
     * Checks the value.
     *
     * @throws IllegalArgumentException if one is not 1 to the most
     */
    public CallRate {
        require("perSecond", perSecond);
        require("burst", burst);
    }

    private static void require(String what, int value) {
        if (value < 1 || value > MOST) {
            throw new IllegalArgumentException(
                    "%s must be 1 to %d: %d".formatted(what, MOST, value));
        }
    }
}
