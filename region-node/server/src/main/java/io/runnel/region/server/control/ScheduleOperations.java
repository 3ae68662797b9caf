package io.runnel.region.server.control;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.runnel.cluster.store.Draft;
import io.runnel.exec.http.ErrorCode;
import io.runnel.exec.task.HandlerKind;
import io.runnel.exec.task.Qualifier;
import io.runnel.exec.task.Schedule;
import io.runnel.exec.task.ScheduleName;
import io.runnel.exec.task.TaskRef;
import io.runnel.routing.catalog.Catalog;
import io.runnel.routing.catalog.KeyScope;
import io.runnel.routing.catalog.RecordKind;
import io.runnel.routing.catalog.ScheduleRecord;
import io.runnel.routing.catalog.Scheduled;
import io.runnel.routing.catalog.Stamped;
import io.runnel.routing.catalog.VersionRecord;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * By which calendars an account has tasks of its own called. Calendars take their time to be read:
 * that is done where what blocks is.
 */
final class ScheduleOperations {
    static final int MOST_SCHEDULES = 100;

    private final ControlSettings settings;
    private final Writes writes;

    ScheduleOperations(ControlSettings settings, Writes writes) {
        this.settings = settings;
        this.writes = writes;
    }

    private CompletableFuture<Reply> reading(Supplier<Reply> work) {
        return CompletableFuture.supplyAsync(work, settings.disk());
    }

    /** What each tells but for its payload. */
    CompletionStage<Reply> list(Call call) {
        Instant now = settings.clock().instant();
        return reading(
                () ->
                        Reply.ok(
                                ControlJson.list(
                                        "schedules",
                                        call.catalog().schedules(call.account()).values(),
                                        (one, its) ->
                                                ScheduleFields.put(one, its.said().value(), now))));
    }

    CompletionStage<Reply> show(Call call) {
        Stamped<ScheduleRecord> schedule = required(call);
        requireTask(call, schedule.value());
        String tag = tag(call, schedule);
        Instant now = settings.clock().instant();
        return EntityTag.isKnown(call, tag)
                ? CompletableFuture.completedFuture(Reply.empty(304).with("ETag", tag))
                : reading(
                        () -> Reply.ok(ScheduleFields.of(schedule.value(), now)).with("ETag", tag));
    }

    /** Says when a task is called from now on; nothing of before now. */
    CompletionStage<Reply> put(Call call) {
        ScheduleName name = ScheduleFields.name(call.values().get("schedule"));
        Optional<Stamped<ScheduleRecord>> before = found(call, name);
        before.ifPresent(its -> requireTask(call, its.value()));
        EntityTag.requireMatch(call, before.map(its -> tag(call, its)));
        if (before.isEmpty() && call.catalog().schedules(call.account()).size() >= MOST_SCHEDULES) {
            throw AccountOperations.limit("schedules of an account", MOST_SCHEDULES);
        }
        Instant now = settings.clock().instant();
        return CompletableFuture.supplyAsync(() -> asked(call, name, now), settings.disk())
                .thenComposeAsync(asked -> written(call, before, asked), call.exchange()::onLoop);
    }

    /** What is asked for, and what is answered when it is written. */
    private record Asked(ScheduleRecord record, ObjectNode json) {}

    private Asked asked(Call call, ScheduleName name, Instant now) {
        ScheduleRecord after = ScheduleFields.read(call.body(), call.account(), name);
        requireTask(call, after);
        requireEvents(call.catalog(), after.schedule());
        return new Asked(after, ScheduleFields.of(after, now));
    }

    private CompletionStage<Reply> written(
            Call call, Optional<Stamped<ScheduleRecord>> before, Asked asked) {
        Reply.Whole reply =
                before.isPresent()
                        ? Reply.ok(asked.json())
                        : Reply.created(
                                "/v1/schedules/" + asked.record().schedule().name(), asked.json());
        return writes.replace(call, Draft.of(asked.record()), before, List.of(), reply);
    }

    /** That there is such a task, and that it takes events, now. */
    private static void requireEvents(Catalog catalog, Schedule schedule) {
        VersionRecord version = version(catalog, schedule);
        if (version.task().handler() != HandlerKind.EVENT) {
            throw RefusedException.invalid(
                    "task",
                    "must take events; %s has the handler %s"
                            .formatted(schedule.task(), version.task().handler().label()));
        }
    }

    private static VersionRecord version(Catalog catalog, Schedule schedule) {
        TaskRef task = schedule.target();
        Qualifier named = schedule.version();
        if (catalog.task(task).isEmpty()) {
            throw new RefusedException(
                    ErrorCode.TASK_NOT_FOUND, "task: the account has no " + schedule.task());
        }
        if (named.equals(Qualifier.NONE)) {
            return catalog.live(task).orElseThrow(TaskOperations::notFound);
        }
        int number =
                named.version() > 0
                        ? named.version()
                        : catalog.alias(task, named.alias())
                                .map(alias -> alias.value().version())
                                .orElseThrow(
                                        () -> new RefusedException(ControlError.ALIAS_NOT_FOUND));
        return catalog.version(task, number)
                .orElseThrow(() -> new RefusedException(ControlError.VERSION_NOT_FOUND));
    }

    CompletionStage<Reply> delete(Call call) {
        Stamped<ScheduleRecord> before = required(call);
        requireTask(call, before.value());
        EntityTag.requireMatch(call, Optional.of(tag(call, before)));
        return writes.replace(
                call,
                Draft.deletion(RecordKind.SCHEDULE, before.value().key()),
                Optional.of(before),
                List.of(),
                Reply.empty(204));
    }

    /** A key for some tasks is for what calls these. */
    private static void requireTask(Call call, ScheduleRecord record) {
        ControlCallers.requireTask(KeyScope.DEPLOY, call, record.schedule().target());
    }

    private static Stamped<ScheduleRecord> required(Call call) {
        return Optional.of(call.values().get("schedule"))
                .filter(ScheduleName::isValid)
                .flatMap(name -> found(call, new ScheduleName(name)))
                .orElseThrow(() -> new RefusedException(ControlError.SCHEDULE_NOT_FOUND));
    }

    private static Optional<Stamped<ScheduleRecord>> found(Call call, ScheduleName name) {
        return Optional.ofNullable(call.catalog().schedules(call.account()).get(name))
                .map(Scheduled::said);
    }

    private static String tag(Call call, Stamped<ScheduleRecord> schedule) {
        return EntityTag.of(call.catalog(), call.account(), schedule.seq());
    }
}
