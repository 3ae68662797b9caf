package io.runnel.routing.journal;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.runnel.exec.http.ProblemCode;
import io.runnel.routing.placement.PlacedReason;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Rate, errors and duration of calls, as {@code runnel.calls}: by where they ran, why there, and
 * what came of them. No tag names a task, an account or anything else from outside, so there is a
 * bounded number of series. Safe for any thread.
 */
public final class CallMeters {
    private static final int FIRST_SERVER_ERROR = 500;
    private static final Duration[] BUCKETS = {
        Duration.ofMillis(1),
        Duration.ofMillis(5),
        Duration.ofMillis(10),
        Duration.ofMillis(25),
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(250),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofMillis(2_500),
        Duration.ofSeconds(10)
    };

    private final MeterRegistry registry;
    private final Map<Ended.Place, Map<PlacedReason, Map<String, Timer>>> decided;
    private final Map<Ended.Place, Map<String, Timer>> undecided;

    /** Registers as calls come. */
    CallMeters(MeterRegistry registry) {
        this.registry = registry;
        this.decided = new EnumMap<>(Ended.Place.class);
        this.undecided = new EnumMap<>(Ended.Place.class);
        for (Ended.Place place : Ended.Place.values()) {
            Map<PlacedReason, Map<String, Timer>> reasons = new EnumMap<>(PlacedReason.class);
            for (PlacedReason reason : PlacedReason.values()) {
                reasons.put(reason, new ConcurrentHashMap<>());
            }
            decided.put(place, reasons);
            undecided.put(place, new ConcurrentHashMap<>());
        }
    }

    void record(CallNote note) {
        timer(note).record(note.ended().totalNanos(), TimeUnit.NANOSECONDS);
    }

    private Timer timer(CallNote note) {
        String outcome = outcome(note.ended());
        Ended.Place place = note.ended().place();
        Map<String, Timer> timers =
                note.decided().isPresent()
                        ? decided.get(place).get(note.decided().get().reason())
                        : undecided.get(place);
        Timer known = timers.get(outcome);
        return known != null
                ? known
                : timers.computeIfAbsent(
                        outcome,
                        unseen ->
                                newTimer(
                                        place,
                                        note.decided().map(d -> d.reason().label()).orElse("none"),
                                        outcome));
    }

    private static String outcome(Ended ended) {
        if (!ended.whole()) {
            return "gone";
        }
        String other = ended.status() >= FIRST_SERVER_ERROR ? "error" : "ok";
        return ended.problem().map(ProblemCode::label).orElse(other);
    }

    private Timer newTimer(Ended.Place place, String reason, String outcome) {
        return Timer.builder("runnel.calls")
                .description("Calls that were allowed, from the request's head to the answer's end")
                .tag("place", place.label())
                .tag("reason", reason)
                .tag("outcome", outcome)
                .serviceLevelObjectives(BUCKETS)
                .register(registry);
    }
}
