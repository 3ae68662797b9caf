package io.runnel.routing.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

import org.junit.jupiter.api.Test;

import java.util.concurrent.TimeUnit;

/** What is measured of calls. */
class CallMetersTest {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final CallMeters meters = new CallMeters(registry);

    private Timer timer(String place, String reason, String outcome) {
        return registry.get("runnel.calls")
                .tags("place", place, "reason", reason, "outcome", outcome)
                .timer();
    }

    @Test
    void callsAreCountedByPlaceReasonAndOutcome() {
        meters.record(Notes.here(Notes.id()));
        meters.record(Notes.here(Notes.id()));
        meters.record(Notes.forwarded(Notes.id()));
        meters.record(Notes.refused(Notes.id()));
        meters.record(Notes.gone(Notes.id()));
        assertEquals(2, timer("here", "popular", "ok").count());
        assertEquals(4, timer("here", "popular", "ok").totalTime(TimeUnit.MILLISECONDS));
        assertEquals(1, timer("forwarded", "none", "ok").count());
        assertEquals(1, timer("nowhere", "none", "over-capacity").count());
        assertEquals(1, timer("here", "none", "gone").count());
    }

    @Test
    void noNameFromOutsideIsATag() {
        meters.record(Notes.here(Notes.id()));
        boolean named =
                registry.getMeters().stream()
                        .flatMap(meter -> meter.getId().getTags().stream())
                        .anyMatch(tag -> tag.getValue().contains("hello"));
        assertTrue(!named, () -> registry.getMetersAsString());
    }
}
