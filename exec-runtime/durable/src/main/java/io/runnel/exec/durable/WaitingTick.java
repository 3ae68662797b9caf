package io.runnel.exec.durable;

import java.lang.System.Logger.Level;
import java.time.Instant;
import java.util.Optional;

/** Where a node is with one schedule. For one thread at a time. */
final class WaitingTick {
    private static final System.Logger LOG = System.getLogger(WaitingTick.class.getName());

    private final StandingSchedule of;
    private final Optional<CronCalendar> calendar;

    /** What is not later is done with. */
    private Instant after;

    /** Nothing is due before; empty while the store is asked to keep a tick, and if none comes. */
    private Optional<Instant> look;

    /** One that was not known here; of a calendar that cannot be read no tick ever comes. */
    WaitingTick(StandingSchedule of) {
        this.of = of;
        this.calendar = calendar(of);
        this.after = of.since();
        this.look = Optional.of(Instant.MIN);
    }

    private static Optional<CronCalendar> calendar(StandingSchedule of) {
        try {
            return Optional.of(
                    CronCalendar.of(of.schedule().cron(), CronCalendar.zone(of.schedule().zone())));
        } catch (IllegalArgumentException e) {
            LOG.log(Level.WARNING, "{0} does not tick here: {1}", of.schedule(), e.getMessage());
            return Optional.empty();
        }
    }

    StandingSchedule of() {
        return of;
    }

    /** The tick that is due; it is not due any more until {@link #settle}. */
    Optional<Instant> takeDue(Instant now) {
        if (calendar.isEmpty() || look.isEmpty() || look.get().isAfter(now)) {
            return Optional.empty();
        }
        Optional<Instant> due = TickRule.due(calendar.get(), after, of.schedule().catchUp(), now);
        look = due.isPresent() ? Optional.empty() : calendar.get().next(later(after, now));
        return due;
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    /**
     * What came of a tick.
     *
     * @param done whether it is an event by now, whoever made it one; else it is due again
     */
    void settle(Instant tick, boolean done) {
        after = done ? tick : after;
        look = Optional.of(tick);
    }
}
