package io.runnel.exec.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

final class ScheduleTest {
    private static Schedule schedule(String cron, String zone, String payload, Duration catchUp) {
        return new Schedule(
                new AccountId("demo"),
                new ScheduleName("nightly"),
                new TaskName("report"),
                Qualifier.NONE,
                cron,
                zone,
                Optional.of(payload),
                catchUp);
    }

    private static void assertRefused(
            String what, String cron, String zone, String payload, Duration catchUp) {
        var e =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> schedule(cron, zone, payload, catchUp));
        assertTrue(e.getMessage().startsWith(what + " "), e.getMessage());
        assertFalse(e.getMessage().contains("\u001b"), e.getMessage());
        assertTrue(e.getMessage().length() < 200, e.getMessage());
    }

    @Test
    void whatIsTooMuchOrNoTextIsRefusedByName() {
        for (String bad : List.of("", "0 6 *\n* *", "\u0660 6 * * *", "*".repeat(129))) {
            assertRefused("cron", bad, "UTC", "{}", Duration.ZERO);
        }
        for (String bad : List.of("", "../etc", "Europe/\u001b[31m", "A".repeat(65))) {
            assertRefused("zone", "@daily", bad, "{}", Duration.ZERO);
        }
        for (String bad : List.of("", "\ud800", "x".repeat((16 << 10) + 1), "é".repeat(8_193))) {
            assertRefused("payload", "@daily", "UTC", bad, Duration.ZERO);
        }
        for (Duration bad :
                List.of(
                        Duration.ofSeconds(-1),
                        Duration.ofHours(24).plusSeconds(1),
                        Duration.ofMillis(1_500))) {
            assertRefused("catchUp", "@daily", "UTC", "{}", bad);
        }
    }

    @Test
    void whatIsAsMuchAsMayBeIsTaken() {
        Schedule most =
                schedule(
                        "*".repeat(128),
                        "America/Argentina/ComodRivadavia",
                        "é".repeat(8_192),
                        Duration.ofHours(24));
        assertEquals(TaskRef.of("demo", "report"), most.target());
        assertFalse(most.toString().contains("é"), "a payload may be secret");
    }
}
