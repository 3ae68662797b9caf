package io.runnel.routing.catalog;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * On which terms a grant holds: all of them, for each call.
 *
 * @param from since when
 * @param until before when
 * @param methods HTTP methods, in upper case; empty for any
 * @param networks where callers are; empty for anywhere
 * @param maxStale how long a node goes on by it that hears nothing of its region
 */
public record GrantTerms(
        Optional<Instant> from,
        Optional<Instant> until,
        List<String> methods,
        List<AddressBlock> networks,
        Optional<Duration> maxStale) {
    /** None. */
    public static final GrantTerms NONE =
            new GrantTerms(
                    Optional.empty(), Optional.empty(), List.of(), List.of(), Optional.empty());

    /** The most methods, and the most networks. */
    public static final int MOST_EACH = 64;

    private static final Pattern METHOD = Pattern.compile("[A-Z][A-Z-]{0,19}");

    /**
     * Checks the value.
     *
     * @throws IllegalArgumentException if a method is none, there are too many, or the time ends
     *     before it begins
     */
    public GrantTerms {
        methods = List.copyOf(methods);
        networks = List.copyOf(networks);
        if (methods.size() > MOST_EACH || networks.size() > MOST_EACH) {
            throw new IllegalArgumentException(
                    "terms name at most %d of each".formatted(MOST_EACH));
        }
        if (!methods.stream().allMatch(method -> METHOD.matcher(method).matches())) {
            throw new IllegalArgumentException("methods must be of A-Z and '-'");
        }
        if (from.isPresent() && until.isPresent() && !from.get().isBefore(until.get())) {
            throw new IllegalArgumentException("until must be after from");
        }
        if (maxStale.isPresent() && maxStale.get().isNegative()) {
            throw new IllegalArgumentException("max stale must not be negative");
        }
    }

    /**
     * Whether a call meets them, but for how stale what is known of it may be.
     *
     * @param method as it came
     * @param source the caller's address
     */
    public boolean areMet(String method, String source, long epochMillis) {
        return from.map(begin -> epochMillis >= begin.toEpochMilli()).orElse(true)
                && until.map(end -> epochMillis < end.toEpochMilli()).orElse(true)
                && (methods.isEmpty() || methods.contains(method))
                && (networks.isEmpty()
                        || networks.stream().anyMatch(network -> network.contains(source)));
    }
}
