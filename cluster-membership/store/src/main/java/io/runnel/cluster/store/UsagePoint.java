package io.runnel.cluster.store;

import io.runnel.exec.task.RequestId;
import io.runnel.routing.usage.UsageRecord;

/**
 * Where in a payer's records, which are ordered by both, to go on.
 *
 * @param endedMillis when the run ended, as milliseconds since 1970
 */
public record UsagePoint(long endedMillis, RequestId id) {
    /** Whether it is before this record. */
    boolean isBefore(UsageRecord record) {
        return endedMillis < record.endedMillis()
                || (endedMillis == record.endedMillis()
                        && id.value().compareTo(record.id().value()) < 0);
    }

    /** Behind this record. */
    public static UsagePoint after(UsageRecord last) {
        return new UsagePoint(last.endedMillis(), last.id());
    }
}
