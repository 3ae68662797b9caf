package io.runnel.chaos.suite;

import java.time.Duration;
import java.util.List;

/**
 * The steady state: what is called, and what is so as long as nothing is broken.
 *
 * @param lasts how long it is watched before the fault
 * @param answered the least share of calls with a good answer, 0 to 1
 * @param p99 the most that 99 of 100 calls take
 * @param streams at least one, no two of the same name
 */
record Steady(Phase lasts, double answered, Duration p99, List<CallStream> streams) {
    Steady {
        streams = List.copyOf(streams);
    }
}
