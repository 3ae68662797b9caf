package io.runnel.routing.catalog;

import io.runnel.exec.task.Schedule;

/**
 * A schedule of an account, as its home said it last.
 *
 * @param paused whether it does not tick for now
 */
public record ScheduleRecord(Schedule schedule, boolean paused) implements CatalogRecord {
    @Override
    public RecordKind kind() {
        return RecordKind.SCHEDULE;
    }

    /** {@code demo/nightly}. */
    @Override
    public String key() {
        return schedule.account() + "/" + schedule.name();
    }
}
