package io.runnel.routing.catalog;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A version that gets some of an alias's calls, so that it is seen whether it is worse.
 *
 * @param version which one
 * @param permille how many of a thousand calls, 1 to 999
 * @param stickyBy the header whose value says which calls belong together; each call by itself if
 *     none
 */
public record Canary(int version, int permille, Optional<String> stickyBy) {
    private static final int ALL = 1000;
    private static final Pattern HEADER = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}");

    /**
     * Checks the value.
     *
     * @throws IllegalArgumentException if there is no such version, share or header
     */
    public Canary {
        if (version < 1) {
            throw new IllegalArgumentException("canary version must be positive: " + version);
        }
        if (permille < 1 || permille >= ALL) {
            throw new IllegalArgumentException(
                    "canary share must be 1 to %d of 1000: %d".formatted(ALL - 1, permille));
        }
        if (stickyBy.isPresent() && !HEADER.matcher(stickyBy.get()).matches()) {
            throw new IllegalArgumentException("canary header must be a header's name");
        }
    }

    /**
     * Whether a call goes to the canary. Each node says the same of it; whoever is among a small
     * share stays among a larger one.
     *
     * @param alias the alias's key, so that not the same ones are among each
     * @param key of the call: calls of one key go together
     */
    public boolean takes(String alias, String key) {
        long mixed = mix(mix(alias.hashCode()) + key.hashCode());
        return Long.remainderUnsigned(mixed, ALL) < permille;
    }

    /** The finalizer of MurmurHash3 (Appleby), on what is spread over few bits. */
    private static long mix(long value) {
        long h = value * 0x9E3779B97F4A7C15L;
        h = (h ^ (h >>> 33)) * 0xff51afd7ed558ccdL;
        h = (h ^ (h >>> 33)) * 0xc4ceb9fe1a85ec53L;
        return h ^ (h >>> 33);
    }
}
