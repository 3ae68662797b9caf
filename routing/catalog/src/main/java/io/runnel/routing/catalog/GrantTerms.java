package io.runnel.routing.catalog;

import io.runnel.exec.task.RegionId;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * On which terms a grant lets call: all of them, for each call.
 *
 * @param from since when
 * @param until before when
 * @param methods HTTP methods, in upper case; empty for any
 * @param networks where callers are; empty for anywhere
 * @param maxStale how long a node goes on by it that hears nothing of its region
 * @param regions where alone calls run by it, and at POPs of theirs; empty for wherever the task
 *     does
 * @param rate how fast one account may call by it at each node that users call; absent: not limited
 * @param routes of an API, alone, as {@code GET /orders/{id}}; empty for all of them
 * @param agreement what the caller's account must have agreed to; see {@link AgreementRecord}
 */
public record GrantTerms(
        Optional<Instant> from,
        Optional<Instant> until,
        List<String> methods,
        List<AddressBlock> networks,
        Optional<Duration> maxStale,
        List<RegionId> regions,
        Optional<CallRate> rate,
        Optional<String> agreement,
        List<String> routes) {
    /** None. */
    public static final GrantTerms NONE =
            new GrantTerms(
                    Optional.empty(), Optional.empty(), List.of(), List.of(), Optional.empty());

    /** The most methods, networks and regions. */
    public static final int MOST_EACH = 64;

    private static final int MOST_ROUTE_CHARACTERS = 1_100;

    private static final Pattern METHOD = Pattern.compile("[A-Z][A-Z-]{0,19}");

    /**
     * Checks the value.
     *
     * @throws IllegalArgumentException if a method or the agreement is none, there are too many of
     *     something, or the time ends before it begins
     */
    public GrantTerms {
        methods = List.copyOf(methods);
        networks = List.copyOf(networks);
        regions = List.copyOf(regions);
        routes = List.copyOf(routes);
        if (Stream.of(methods, networks, regions, routes).anyMatch(all -> all.size() > MOST_EACH)) {
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
        routes.forEach(GrantTerms::requireRoute);
        agreement = agreement.map(AgreementRecord::requireText);
    }

    /** Terms that say nothing of where calls run, how fast they come and what was agreed to. */
    public GrantTerms(
            Optional<Instant> from,
            Optional<Instant> until,
            List<String> methods,
            List<AddressBlock> networks,
            Optional<Duration> maxStale) {
        this(
                from,
                until,
                methods,
                networks,
                maxStale,
                List.of(),
                Optional.empty(),
                Optional.empty(),
                List.of());
    }

    private static void requireRoute(String route) {
        int space = route.indexOf(' ');
        if (route.length() > MOST_ROUTE_CHARACTERS
                || space < 0
                || !METHOD.matcher(route.substring(0, space)).matches()
                || !route.startsWith("/", space + 1)
                || route.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException(
                    "a route is a method and a template, as GET /orders/{id}");
        }
    }

    /** The same, by which calls run in these regions alone. */
    public GrantTerms within(List<RegionId> others) {
        return new GrantTerms(
                from, until, methods, networks, maxStale, others, rate, agreement, routes);
    }

    /** The same, by which calls come no faster. */
    public GrantTerms atMost(CallRate other) {
        return new GrantTerms(
                from,
                until,
                methods,
                networks,
                maxStale,
                regions,
                Optional.of(other),
                agreement,
                routes);
    }

    /** The same, for who has agreed to this. */
    public GrantTerms asking(String other) {
        return new GrantTerms(
                from,
                until,
                methods,
                networks,
                maxStale,
                regions,
                rate,
                Optional.of(other),
                routes);
    }

    /** The same, for these routes of an API alone. */
    public GrantTerms on(List<String> others) {
        return new GrantTerms(
                from, until, methods, networks, maxStale, regions, rate, agreement, others);
    }

    /** Whether they are for calls by this route, or by none. */
    public boolean areFor(Optional<String> route) {
        return routes.isEmpty() || route.filter(routes::contains).isPresent();
    }

    /** Whether they limit calls that they let be made. */
    public boolean limitCalls() {
        return !regions.isEmpty() || rate.isPresent();
    }

    /**
     * Whether a call comes as they say; how stale what is known of it may be and what the caller
     * has agreed to is not looked at.
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
