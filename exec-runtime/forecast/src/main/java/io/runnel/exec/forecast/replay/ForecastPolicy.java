package io.runnel.exec.forecast.replay;

import io.runnel.exec.forecast.Demand;
import io.runnel.exec.forecast.ForecastSettings;
import io.runnel.exec.forecast.Plan;
import io.runnel.exec.forecast.StartSchedule;

import java.util.random.RandomGenerator;

/** A {@link Demand} that searches itself, at once, whenever a search is due. */
final class ForecastPolicy implements TaskPolicy {
    private final Demand demand;
    private final RandomGenerator random;

    ForecastPolicy(ForecastSettings settings, long nowMs, RandomGenerator random) {
        this.demand = new Demand(settings, nowMs);
        this.random = random;
    }

    @Override
    public void arrived(long nowMs, int running) {
        demand.arrived(nowMs, running);
        if (demand.isSearchDue(nowMs)) {
            demand.analyze(nowMs, random);
        }
    }

    @Override
    public void ended(long nowMs, int running) {
        demand.ended(nowMs, running);
    }

    @Override
    public void started(int tookMs) {
        demand.started(tookMs);
    }

    @Override
    public Plan plan(long nowMs, StartSchedule schedule) {
        return demand.plan(nowMs, schedule);
    }

    Demand demand() {
        return demand;
    }
}
