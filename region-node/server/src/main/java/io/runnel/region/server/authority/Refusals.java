package io.runnel.region.server.authority;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Which refusals are written down: the first of a kind, and then one in an hour, which says how
 * many there were; so who asks again and again fills no disk. Bounded. For one thread.
 */
final class Refusals {
    static final Duration SILENCE = Duration.ofHours(1);
    static final int MOST_KINDS = 256;

    private final Map<String, Kind> kinds = new LinkedHashMap<>();

    private static final class Kind {
        private final Instant since;
        private int silent;

        Kind(Instant since) {
            this.since = since;
        }
    }

    /**
     * Somebody is refused.
     *
     * @param kind whom and why
     * @return why, as it is to be written; empty if it is not to be
     */
    Optional<String> told(String kind, String why, Instant now) {
        Kind before = kinds.get(kind);
        if (before != null && now.isBefore(before.since.plus(SILENCE))) {
            before.silent++;
            return Optional.empty();
        }
        if (before == null && kinds.size() >= MOST_KINDS) {
            kinds.values().removeIf(old -> !now.isBefore(old.since.plus(SILENCE)));
            if (kinds.size() >= MOST_KINDS) {
                return Optional.empty();
            }
        }
        kinds.put(kind, new Kind(now));
        return Optional.of(
                before == null || before.silent == 0
                        ? why
                        : "%s (%d more times since)".formatted(why, before.silent));
    }
}
