package io.runnel.exec.forecast.replay;

import io.runnel.exec.forecast.Plan;
import io.runnel.exec.forecast.StartSchedule;

/** Keeps every isolate for the same time. Holds nothing, so one serves all tasks. */
final class FixedKeepAlive implements TaskPolicy {
    private final Plan plan;

    FixedKeepAlive(long keepMs) {
        this.plan = new Plan(0, Plan.ALL, keepMs, Long.MAX_VALUE);
    }

    @Override
    public void arrived(long nowMs, int running) {}

    @Override
    public void ended(long nowMs, int running) {}

    @Override
    public void started(int tookMs) {}

    @Override
    public Plan plan(long nowMs, StartSchedule schedule) {
        return plan;
    }
}
