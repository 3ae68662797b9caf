package io.runnel.chaos.suite;

import java.time.Duration;

/**
 * How long a part of a scenario takes.
 *
 * @param full in a whole run
 * @param brief in a short one, at most as long
 */
record Phase(Duration full, Duration brief) {
    Duration length(boolean isBrief) {
        return isBrief ? brief : full;
    }
}
