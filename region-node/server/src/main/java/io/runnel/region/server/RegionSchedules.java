package io.runnel.region.server;

import io.runnel.exec.durable.StandingSchedule;
import io.runnel.exec.task.RegionId;
import io.runnel.exec.task.Schedule;
import io.runnel.region.server.control.Companions;
import io.runnel.routing.catalog.AccountRecord;
import io.runnel.routing.catalog.Catalog;
import io.runnel.routing.catalog.ScheduleRecord;
import io.runnel.routing.catalog.Scheduled;

import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Which schedules tick in a region, as one of its nodes sees it: those of accounts that are at home
 * here and stay, as long as this node may write for them. Safe for any thread.
 *
 * @param mates whether it may
 */
record RegionSchedules(RegionId region, Supplier<Catalog> catalog, Companions mates) {
    /** None where this node is cut off, or has not heard yet whose home the region is. */
    Stream<StandingSchedule> ticking() {
        if (!mates.mayWrite() || !mates.isConfirmed()) {
            return Stream.empty();
        }
        Catalog now = catalog.get();
        return now.schedulesAt(region)
                .filter(one -> ticks(now, one.said().value()))
                .map(RegionSchedules::standing);
    }

    private static StandingSchedule standing(Scheduled one) {
        return new StandingSchedule(one.said().value().schedule(), one.since());
    }

    private static boolean ticks(Catalog now, ScheduleRecord record) {
        Schedule schedule = record.schedule();
        return !record.paused()
                && now.account(schedule.account()).filter(RegionSchedules::stays).isPresent()
                && now.task(schedule.target()).isPresent();
    }

    /** Who leaves ticks at his next home, once he is there. */
    private static boolean stays(AccountRecord account) {
        return account.isActive() && account.leaving().isEmpty();
    }
}
