package io.runnel.routing.api;

import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.ByteSize;
import io.runnel.exec.task.Limits;
import io.runnel.routing.catalog.CallRate;
import io.runnel.routing.catalog.CallerAliasRecord;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What an operation, a path item or a document says of routes. Each may be said at all three; the
 * nearest wins.
 */
record RouteSettings(
        Optional<RouteTask> task,
        Optional<Duration> timeout,
        Optional<ByteSize> mostBody,
        Optional<CallRate> throttle,
        Optional<CacheRule> cache,
        Optional<SetParameters> parameters) {

    /**
     * Parameters that are set in calls.
     *
     * @param place where they are said
     */
    record SetParameters(Place place, SortedMap<String, ParameterSource> sources) {}

    static RouteSettings read(Place place, AccountId owner) throws ApiDocumentException {
        return new RouteSettings(
                optional(place, Extensions.TASK, at -> at.value(t -> RouteTask.parse(t, owner))),
                optional(place, Extensions.TIMEOUT, RouteSettings::timeout),
                optional(place, Extensions.MOST_BODY, at -> at.value(ByteSize::parse)),
                optional(place, Extensions.THROTTLE, RuleFields::rate),
                optional(place, Extensions.CACHE, RuleFields::cache),
                optional(place, Extensions.PARAMETERS, RouteSettings::parameters));
    }

    private static <T> Optional<T> optional(Place place, String name, Reading<T> reading)
            throws ApiDocumentException {
        Optional<Place> field = place.field(name);
        return field.isPresent() ? Optional.of(reading.read(field.get())) : Optional.empty();
    }

    private static Duration timeout(Place place) throws ApiDocumentException {
        Duration timeout = place.value(DurationText::parse);
        if (timeout.isZero() || timeout.compareTo(Limits.LONGEST_TIMEOUT) > 0) {
            throw place.flaw("must be 1ms to %dm".formatted(Limits.LONGEST_TIMEOUT.toMinutes()));
        }
        return timeout;
    }

    private static SetParameters parameters(Place place) throws ApiDocumentException {
        Map<String, Place> fields = place.fields();
        if (fields.size() > ParameterSource.MOST) {
            throw place.flaw(
                    "must be at most %d: %d".formatted(ParameterSource.MOST, fields.size()));
        }
        SortedMap<String, ParameterSource> sources = new TreeMap<>();
        for (Map.Entry<String, Place> field : fields.entrySet()) {
            ParameterSource source = field.getValue().value(ParameterSource::parse);
            String fixed = source instanceof ParameterSource.Fixed(String text) ? text : "";
            field.getValue()
                    .built(
                            () -> {
                                CallerAliasRecord.require(field.getKey(), fixed);
                                return sources.put(field.getKey(), source);
                            });
        }
        return new SetParameters(place, sources);
    }

    /** These, and of another what these do not say. */
    RouteSettings or(RouteSettings outer) {
        return new RouteSettings(
                task.or(outer::task),
                timeout.or(outer::timeout),
                mostBody.or(outer::mostBody),
                throttle.or(outer::throttle),
                cache.or(outer::cache),
                parameters.or(outer::parameters));
    }

    /** Reads a value. */
    private interface Reading<T> {
        T read(Place place) throws ApiDocumentException;
    }
}
