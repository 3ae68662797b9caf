package io.runnel.chaos.suite;

import java.time.Duration;

/**
 * When the parts of a run are, from its beginning.
 *
 * @param scale by which the times of the fault's steps are multiplied
 */
record Schedule(Duration before, Duration during, Duration after, double scale) {
    /** A part of a run. */
    enum Part {
        BEFORE,
        DURING,
        AFTER
    }

    /** This one, but the fault lasts until its last step is done, if that takes longer. */
    Schedule until(long lastStepNs) {
        Duration steps = Duration.ofNanos(Math.max(0, lastStepNs - faultNs()));
        Duration longer = during.compareTo(steps) < 0 ? steps : during;
        return new Schedule(before, longer, after, scale);
    }

    long faultNs() {
        return before.toNanos();
    }

    long overNs() {
        return before.plus(during).toNanos();
    }

    long endNs() {
        return before.plus(during).plus(after).toNanos();
    }

    /** When a step is due. */
    long dueNs(FaultStep step) {
        return faultNs() + Math.round(step.at().toNanos() * scale);
    }
}
