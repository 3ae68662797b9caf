package io.runnel.exec.durable;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;

/** Which tick is due. */
final class TickRuleTest {
    private static final CronCalendar HOURLY = CronCalendar.of("0 * * * *", ZoneOffset.UTC);
    private static final Instant NOON = Instant.parse("2026-11-30T12:00:00Z");

    private static Optional<Instant> due(Instant after, Duration catchUp, Instant now) {
        return TickRule.due(HOURLY, after, catchUp, now);
    }

    private static Instant minutes(long count) {
        return NOON.plusSeconds(60 * count);
    }

    @Test
    void aTickIsDueFromItsMomentOnForAMinute() {
        Instant longAgo = minutes(-600);
        assertEquals(Optional.empty(), due(longAgo, Duration.ZERO, NOON.minusNanos(1)));
        assertEquals(Optional.of(NOON), due(longAgo, Duration.ZERO, NOON));
        Instant late = minutes(1).minusNanos(1);
        assertEquals(Optional.of(NOON), due(longAgo, Duration.ZERO, late));
        assertEquals(Optional.of(NOON), due(longAgo, Duration.ofSeconds(5), late));
        assertEquals(Optional.empty(), due(longAgo, Duration.ZERO, minutes(1)));
    }

    @Test
    void whatIsDoneWithIsNotDueAgain() {
        assertEquals(Optional.empty(), due(NOON, Duration.ofHours(24), minutes(59)));
        assertEquals(Optional.of(minutes(60)), due(NOON, Duration.ofHours(24), minutes(60)));
    }

    @Test
    void ofThoseThatAreCaughtUpWithTheLastOneIsDue() {
        Instant after = minutes(-600);
        Duration hour = Duration.ofHours(1);
        assertEquals(Optional.of(NOON), due(after, hour, minutes(59)));
        assertEquals(Optional.of(NOON), due(after, Duration.ofHours(24), minutes(59)));
        assertEquals(Optional.empty(), due(after, hour.dividedBy(2), minutes(30)));
        assertEquals(Optional.of(NOON), due(after, hour.dividedBy(2), minutes(29)));
        assertEquals(Optional.of(minutes(60)), due(after, hour, minutes(60)), "the later one");
    }

    @Test
    void nothingOfBeforeItWasSaidIsDue() {
        assertEquals(Optional.empty(), due(NOON, Duration.ofHours(24), NOON));
        assertEquals(Optional.empty(), due(minutes(7), Duration.ofHours(24), minutes(59)));
        assertEquals(Optional.empty(), due(minutes(90), Duration.ofHours(24), NOON), "a clock");
        Instant justBefore = NOON.minusMillis(1);
        assertEquals(Optional.of(NOON), due(justBefore, Duration.ofHours(24), minutes(59)));
    }
}
