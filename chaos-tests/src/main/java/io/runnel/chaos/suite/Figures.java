package io.runnel.chaos.suite;

import java.util.Collection;
import java.util.List;

/**
 * What some calls came to.
 *
 * @param calls how many
 * @param failedIdempotent of those that may be tried again
 * @param failedOthers of the others
 * @param p50Ns of those that were answered; 0 if none was
 * @param p99Ns of those that were answered; 0 if none was
 * @param lagNs how late 99 of 100 were sent at most
 */
record Figures(
        int calls, int failedIdempotent, int failedOthers, long p50Ns, long p99Ns, long lagNs) {
    static Figures of(Collection<Call> calls) {
        List<Long> latencies =
                calls.stream().filter(Call::isAnswered).map(Call::latencyNs).sorted().toList();
        List<Long> lags = calls.stream().map(c -> c.sentNs() - c.dueNs()).sorted().toList();
        int again = count(calls, true);
        int others = count(calls, false);
        return new Figures(
                calls.size(),
                again,
                others,
                quantile(latencies, 0.5),
                quantile(latencies, 0.99),
                quantile(lags, 0.99));
    }

    private static int count(Collection<Call> calls, boolean idempotent) {
        return (int)
                calls.stream()
                        .filter(c -> !c.isAnswered() && c.stream().isIdempotent() == idempotent)
                        .count();
    }

    /** The nearest rank; 0 of nothing. */
    static long quantile(List<Long> sorted, double share) {
        if (sorted.isEmpty()) {
            return 0;
        }
        int rank = (int) Math.ceil(share * sorted.size());
        return sorted.get(Math.max(0, rank - 1));
    }

    int failed() {
        return failedIdempotent + failedOthers;
    }

    /** Share of good answers, 0 to 1; 1 of no calls. */
    double answered() {
        return calls == 0 ? 1 : 1 - (double) failed() / calls;
    }
}
