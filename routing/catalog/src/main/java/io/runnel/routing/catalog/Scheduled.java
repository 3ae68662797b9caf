package io.runnel.routing.catalog;

import java.time.Instant;

/**
 * A schedule, and where and when its account's home wrote it.
 *
 * @param since when: what was before is no moment of it
 */
public record Scheduled(Stamped<ScheduleRecord> said, Instant since) {}
