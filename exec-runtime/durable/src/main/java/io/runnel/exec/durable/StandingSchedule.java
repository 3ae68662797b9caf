package io.runnel.exec.durable;

import io.runnel.exec.task.Schedule;

import java.time.Instant;

/**
 * A schedule that ticks.
 *
 * @param since when it was said, or said otherwise, last: nothing before is a tick of it
 */
public record StandingSchedule(Schedule schedule, Instant since) {}
