package io.runnel.routing.journal;

import io.runnel.routing.usage.UsageSpool;

/** What a node measures of its usage records. */
public final class UsageMeters {
    private UsageMeters() {}

    /** Adds a spool's numbers to a node's. */
    public static void register(NodeMeters meters, UsageSpool spool) {
        meters.counter("runnel.usage.records", "Usage records written", spool, UsageSpool::added);
        meters.counter(
                "runnel.usage.lost",
                "Usage records for which there was no room: calls that nobody is charged for",
                spool,
                UsageSpool::lost);
        meters.counter(
                "runnel.usage.damaged",
                "Usage records of earlier processes that cannot be read",
                spool,
                UsageSpool::damaged);
        meters.gauge(
                "runnel.usage.pending.bytes",
                "Usage records that their region is not known to have",
                spool,
                UsageSpool::pendingBytes);
    }
}
