package io.runnel.chaos.suite;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Finds when a network was back in its steady state for good. It looks at windows of a second that
 * begin every quarter of a second. A window is steady if no more than the allowed share of its
 * calls failed, and no more than one in a hundred, or one, failed or took longer than the limit.
 * The network is back where the first window begins from which on all are steady.
 */
final class Recoveries {
    static final long WINDOW_NS = Duration.ofSeconds(1).toNanos();
    static final long STEP_NS = Duration.ofMillis(250).toNanos();

    private Recoveries() {}

    /**
     * How long it took.
     *
     * @param fromNs what it counts from
     * @param endNs the end of the run
     * @param slowNs the limit for a call in the steady state
     * @return empty if the last window is not steady, or there is none
     */
    static Optional<Duration> time(
            List<Call> calls, long fromNs, long endNs, double answered, long slowNs) {
        long back = Long.MAX_VALUE;
        long last = fromNs + Math.max(0, (endNs - WINDOW_NS - fromNs) / STEP_NS) * STEP_NS;
        for (long start = last; start >= fromNs; start -= STEP_NS) {
            if (start + WINDOW_NS > endNs || !isSteady(calls, start, answered, slowNs)) {
                break;
            }
            back = start;
        }
        return back == Long.MAX_VALUE
                ? Optional.empty()
                : Optional.of(Duration.ofNanos(back - fromNs));
    }

    private static boolean isSteady(List<Call> calls, long start, double answered, long slowNs) {
        int all = 0;
        int failed = 0;
        int slow = 0;
        for (Call call : calls) {
            if (call.dueNs() < start || call.dueNs() >= start + WINDOW_NS) {
                continue;
            }
            all++;
            if (!call.isAnswered()) {
                failed++;
            } else if (call.latencyNs() > slowNs) {
                slow++;
            }
        }
        return all > 0 && failed <= (1 - answered) * all && failed + slow <= Math.max(1, all / 100);
    }
}
