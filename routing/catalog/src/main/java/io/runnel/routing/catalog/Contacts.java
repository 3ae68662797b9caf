package io.runnel.routing.catalog;

import io.runnel.exec.task.RegionId;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * When each origin region last confirmed its head, directly or through another region; immutable.
 *
 * @param atNanos by origin, on the node's monotonic clock
 */
public record Contacts(Map<RegionId, Long> atNanos) {
    /** No origin ever confirmed. */
    public static final Contacts NONE = new Contacts(Map.of());

    public Contacts {
        atNanos = Map.copyOf(atNanos);
    }

    /** These, with one more; an earlier contact than the known one changes nothing. */
    public Contacts with(RegionId origin, long nanos) {
        Long known = atNanos.get(origin);
        if (known != null && known - nanos >= 0) {
            return this;
        }
        Map<RegionId, Long> copy = new HashMap<>(atNanos);
        copy.put(origin, nanos);
        return new Contacts(copy);
    }

    /** How long before {@code nowNanos} this origin confirmed; empty if never. */
    public Optional<Duration> since(RegionId origin, long nowNanos) {
        return Optional.ofNullable(atNanos.get(origin))
                .map(at -> Duration.ofNanos(Math.max(0, nowNanos - at)));
    }
}
