package io.runnel.exec.isolate;

import io.runnel.exec.forecast.Demand;
import io.runnel.exec.forecast.Forecast;
import io.runnel.exec.forecast.ForecastSettings;
import io.runnel.exec.forecast.PeriodSearch;
import io.runnel.exec.forecast.Plan;
import io.runnel.exec.forecast.StartSchedule;
import io.runnel.exec.task.Task;
import io.runnel.exec.task.TaskRef;

import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * The demand for one task on this node, and which version of it was called last. Safe for any
 * thread; its lock is held for a microsecond at most, but never while a search runs.
 */
final class TaskDemand {
    private final TaskRef ref;
    private final LongSupplier millis;

    // Guarded by this.
    private Task latest;
    private final Demand demand;
    private int present;
    private long calls;
    private long lastMs;
    private boolean isSearched;
    private boolean isChanged = true;
    private Plan plan;
    private long notBeforeMs = Long.MIN_VALUE;

    TaskDemand(Task task, ForecastSettings settings, LongSupplier millis) {
        this.ref = task.ref();
        this.latest = task;
        this.millis = millis;
        this.lastMs = millis.getAsLong();
        this.demand = new Demand(settings, lastMs);
        this.plan = new Plan(0, Plan.ALL, settings.keepAliveMs(), Long.MAX_VALUE);
    }

    TaskRef ref() {
        return ref;
    }

    /** What was called last. */
    synchronized Task latest() {
        return latest;
    }

    /** A call came, and waits or runs from now on. */
    synchronized void arrived(Task task) {
        latest = task;
        lastMs = millis.getAsLong();
        calls++;
        present++;
        demand.arrived(lastMs, present);
        isChanged = true;
    }

    /** A call that had come is over. */
    synchronized void ended() {
        lastMs = millis.getAsLong();
        present--;
        demand.ended(lastMs, present);
        isChanged = true;
    }

    /** A start took so long. */
    synchronized void started(long tookMs) {
        demand.started(tookMs);
        isChanged = true;
    }

    /** A search for periods, if one is worth its cost and none is under way. */
    synchronized Optional<PeriodSearch> searchIfDue() {
        long nowMs = millis.getAsLong();
        if (isSearched || !demand.isSearchDue(nowMs)) {
            return Optional.empty();
        }
        isSearched = true;
        return Optional.of(demand.search(nowMs));
    }

    /** Takes up what the search found. */
    synchronized void adopt(PeriodSearch.Findings findings) {
        isSearched = false;
        demand.adopt(findings, millis.getAsLong());
        isChanged = true;
    }

    /** What should be held: made anew if something happened, or if it is time. */
    synchronized Plan plan(long nowMs, StartSchedule schedule) {
        if (isChanged || nowMs >= plan.nextMs()) {
            isChanged = false;
            plan = demand.plan(nowMs, schedule);
        }
        return plan;
    }

    /** What the plan was when it was last asked for. */
    synchronized Plan planned() {
        return plan;
    }

    /** When a call came or ended last. */
    synchronized long lastMs() {
        return lastMs;
    }

    /** How likely a call is so soon. */
    synchronized double chance(long nowMs, long withinMs) {
        return demand.chance(nowMs, withinMs);
    }

    /** Nothing could be prepared for it: not again before this. */
    synchronized void prepareNotBefore(long atMs) {
        notBeforeMs = atMs;
    }

    synchronized boolean mayPrepare(long nowMs) {
        return nowMs >= notBeforeMs;
    }

    /** What is thought of its periods, the next one first. */
    synchronized List<Forecast> forecasts(long nowMs) {
        return demand.forecasts(nowMs);
    }

    /** The bursts that isolates are prepared for. */
    synchronized List<ExpectedBurst> bursts(long nowMs) {
        return demand.forecasts(nowMs).stream()
                .filter(forecast -> forecast.state().isActedOn() && forecast.amount() > 0)
                .map(forecast -> burst(forecast, nowMs))
                .toList();
    }

    private ExpectedBurst burst(Forecast forecast, long nowMs) {
        return new ExpectedBurst(
                ref,
                forecast.periodMs(),
                forecast.opensMs() - nowMs,
                forecast.closesMs() - nowMs,
                demand.leadMs(),
                forecast.amount());
    }

    /** The search was not made. */
    synchronized void giveSearchUp() {
        isSearched = false;
    }

    /** Calls that came. */
    synchronized long calls() {
        return calls;
    }

    /** Whether isolates are prepared for a period that was found. */
    synchronized boolean isPeriodic() {
        return demand.isPeriodic();
    }

    /** Calls that wait or run. */
    synchronized int present() {
        return present;
    }

    /**
     * How much it is worth to know: the more calls it had, and the fewer seconds have passed since
     * the last; a million times more where there is a period, and more than all else during a call.
     */
    synchronized double worth() {
        if (present > 0) {
            return Double.MAX_VALUE;
        }
        double worth = calls / (1 + (millis.getAsLong() - lastMs) / 1_000.0);
        return demand.isPeriodic() ? worth * 1_000_000 : worth;
    }
}
