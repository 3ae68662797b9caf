package io.runnel.region.cli.supervisor;

import java.time.Duration;

/**
 * How long to wait before a node that died is started again: 0.2 s, doubled each time up to 10 s,
 * and from the start again once it has run for a minute. Immutable.
 *
 * @param delay the wait after the next death
 */
record BackOff(Duration delay) {
    static final BackOff FIRST = new BackOff(Duration.ofMillis(200));

    private static final Duration LONGEST = Duration.ofSeconds(10);
    private static final Duration HEALTHY = Duration.ofMinutes(1);

    /** What holds for a node that has died after running for so long. */
    BackOff afterRunningFor(Duration uptime) {
        return uptime.compareTo(HEALTHY) >= 0 ? FIRST : this;
    }

    /** What holds for the death after this one. */
    BackOff next() {
        Duration doubled = delay.multipliedBy(2);
        return new BackOff(doubled.compareTo(LONGEST) > 0 ? LONGEST : doubled);
    }
}
