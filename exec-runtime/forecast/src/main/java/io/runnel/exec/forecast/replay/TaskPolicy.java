package io.runnel.exec.forecast.replay;

import io.runnel.exec.forecast.Plan;
import io.runnel.exec.forecast.StartSchedule;

/**
 * A policy at work for one task. Told of every call, start and end in the order of time. Not
 * thread-safe.
 */
interface TaskPolicy {
    /** A call came; so many run with it. */
    void arrived(long nowMs, int running);

    /** A call ended; so many still run. */
    void ended(long nowMs, int running);

    /** A start took so long. */
    void started(int tookMs);

    /** What is to be held from now on. */
    Plan plan(long nowMs, StartSchedule schedule);
}
