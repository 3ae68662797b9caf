package io.runnel.routing.catalog;

import io.runnel.exec.task.EventRule;
import io.runnel.exec.task.TaskRef;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A task: what of it is live and who may call it.
 *
 * @param live the version that calls get
 * @param newest the highest version ever given; never given again
 * @param everyone whether anyone may call it, without a key
 * @param maxStale how long after the last contact with its home region it may still be served
 * @param concurrent calls of it that may be under way at once at each node that users call; absent:
 *     not limited, 0: nobody may call it
 * @param events what becomes of its events; absent: the usual
 */
public record TaskRecord(
        TaskRef ref,
        int live,
        int newest,
        boolean everyone,
        Optional<Duration> maxStale,
        OptionalInt concurrent,
        Optional<EventRule> events)
        implements CatalogRecord {
    /** The largest limit of calls. */
    public static final int MOST_CONCURRENT = 1_000_000;

    /**
     * Checks the value.
     *
     * @throws IllegalArgumentException if the live version is not 1 to the newest, the time is
     *     negative, or the limit is not 0 to the largest
     */
    public TaskRecord {
        if (live < 1 || live > newest) {
            throw new IllegalArgumentException(
                    "live version must be 1 to %d: %d".formatted(newest, live));
        }
        if (maxStale.isPresent() && maxStale.get().isNegative()) {
            throw new IllegalArgumentException(
                    "max stale must not be negative: %d ms".formatted(maxStale.get().toMillis()));
        }
        if (concurrent.isPresent()
                && (concurrent.getAsInt() < 0 || concurrent.getAsInt() > MOST_CONCURRENT)) {
            throw new IllegalArgumentException(
                    "concurrent must be 0 to %d: %d"
                            .formatted(MOST_CONCURRENT, concurrent.getAsInt()));
        }
    }

    /** One whose calls are not limited. */
    public TaskRecord(
            TaskRef ref, int live, int newest, boolean everyone, Optional<Duration> maxStale) {
        this(ref, live, newest, everyone, maxStale, OptionalInt.empty());
    }

    /** One with nothing said of its events. */
    public TaskRecord(
            TaskRef ref,
            int live,
            int newest,
            boolean everyone,
            Optional<Duration> maxStale,
            OptionalInt concurrent) {
        this(ref, live, newest, everyone, maxStale, concurrent, Optional.empty());
    }

    /** The same, of which calls get this version. */
    public TaskRecord at(int version) {
        return new TaskRecord(ref, version, newest, everyone, maxStale, concurrent, events);
    }

    /** The same, that anyone may call without a key, or not. */
    public TaskRecord openTo(boolean all) {
        return new TaskRecord(ref, live, newest, all, maxStale, concurrent);
    }

    /** The same, of which so many calls may be under way at once; as many as come if absent. */
    public TaskRecord atMost(OptionalInt calls) {
        return new TaskRecord(ref, live, newest, everyone, maxStale, calls, events);
    }

    /** The same, with this said of its events. */
    public TaskRecord ruling(Optional<EventRule> rule) {
        return new TaskRecord(ref, live, newest, everyone, maxStale, concurrent, rule);
    }

    /** What becomes of its events. */
    public EventRule eventRule() {
        return events.orElse(EventRule.DEFAULT);
    }

    @Override
    public RecordKind kind() {
        return RecordKind.TASK;
    }

    @Override
    public String key() {
        return ref.toString();
    }
}
