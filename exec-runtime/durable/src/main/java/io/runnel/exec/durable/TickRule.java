package io.runnel.exec.durable;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Judges which tick of a schedule is to become an event. A tick is in time for a minute; one that
 * could not become an event by then is caught up with for as long as its owner wants, and of
 * several only the last one is. Pure.
 */
final class TickRule {
    /** How late a tick may be that nobody catches up with. */
    static final Duration IN_TIME = Duration.ofMinutes(1);

    private TickRule() {}

    /**
     * The one that is due.
     *
     * @param after what is not later is done with, or was before there was such a schedule
     * @param catchUp as the owner wants
     */
    static Optional<Instant> due(
            CronCalendar calendar, Instant after, Duration catchUp, Instant now) {
        Duration late = catchUp.compareTo(IN_TIME) > 0 ? catchUp : IN_TIME;
        Instant oldest = now.minus(late);
        Instant from = after.isAfter(oldest) ? after : oldest;
        return from.isBefore(now) ? calendar.last(from, now) : Optional.empty();
    }
}
