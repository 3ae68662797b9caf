package io.runnel.region.server.control;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.runnel.exec.durable.CronCalendar;
import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.Qualifier;
import io.runnel.exec.task.Schedule;
import io.runnel.exec.task.ScheduleName;
import io.runnel.exec.task.TaskName;
import io.runnel.routing.catalog.ScheduleRecord;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;

/** A schedule as requests and answers have it. */
final class ScheduleFields {
    private static final String USUAL_ZONE = "UTC";

    /** Payloads are for guests, so what counts is that it is JSON, with nothing behind. */
    private static final ObjectReader JSON =
            JsonMapper.builder()
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .build()
                    .reader();

    private ScheduleFields() {}

    /** The name that a path gives to a schedule that may be new. */
    static ScheduleName name(String text) {
        return JsonBody.checked("schedule", text, ScheduleName::new);
    }

    /** What a request says; reads its calendar. */
    static ScheduleRecord read(JsonBody body, AccountId account, ScheduleName name) {
        body.knowing("task", "cron", "zone", "payload", "catchUp", "paused");
        String text = body.text("task");
        int at = text.indexOf('@');
        TaskName task =
                JsonBody.checked("task", at < 0 ? text : text.substring(0, at), TaskName::new);
        Qualifier version =
                at < 0
                        ? Qualifier.NONE
                        : Qualifier.parse(text.substring(at + 1))
                                .orElseThrow(ScheduleFields::badVersion);
        ZoneId zone = body.optional("zone", CronCalendar::zone).orElse(ZoneId.of(USUAL_ZONE));
        String cron = body.text("cron");
        CronCalendar unused = JsonBody.checked("cron", cron, one -> CronCalendar.of(one, zone));
        Duration catchUp = body.optional("catchUp", DurationText::parse).orElse(Duration.ZERO);
        Optional<String> payload = body.optional("payload", ScheduleFields::requireJson);
        boolean paused = body.optionalFlag("paused").orElse(false);
        try {
            return new ScheduleRecord(
                    new Schedule(
                            account, name, task, version, cron, zone.getId(), payload, catchUp),
                    paused);
        } catch (IllegalArgumentException e) {
            throw refused(e.getMessage());
        }
    }

    private static RefusedException badVersion() {
        return RefusedException.invalid("task", "must be as report, report@3 or report@stable");
    }

    /** Its message begins with what is wrong. */
    private static RefusedException refused(String message) {
        int blank = message.indexOf(' ');
        return RefusedException.invalid(message.substring(0, blank), message.substring(blank + 1));
    }

    private static String requireJson(String text) {
        if (text.length() > Schedule.MOST_PAYLOAD.bytes()) {
            throw new IllegalArgumentException(
                    "must be 1 to %d bytes".formatted(Schedule.MOST_PAYLOAD.bytes()));
        }
        try {
            if (JSON.readTree(text).isMissingNode()) {
                throw new IllegalArgumentException("must be JSON: a text that holds one value");
            }
            return text;
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("must be JSON: a text that holds one value", e);
        }
    }

    /** When it ticks next, if it does and its calendar can be read here; reads it. */
    static Optional<Instant> next(ScheduleRecord record, Instant now) {
        if (record.paused()) {
            return Optional.empty();
        }
        Schedule schedule = record.schedule();
        try {
            return CronCalendar.of(schedule.cron(), CronCalendar.zone(schedule.zone())).next(now);
        } catch (IllegalArgumentException e) {
            // Written by a newer peer.
            return Optional.empty();
        }
    }

    /** Without its payload, which may be long. */
    static void put(ObjectNode json, ScheduleRecord record, Instant now) {
        Schedule schedule = record.schedule();
        json.put("name", schedule.name().value());
        json.put("task", schedule.task() + "" + schedule.version());
        json.put("cron", schedule.cron());
        json.put("zone", schedule.zone());
        json.put("catchUp", shown(schedule.catchUp()));
        json.put("paused", record.paused());
        next(record, now).ifPresent(tick -> json.put("next", tick.toString()));
    }

    private static String shown(Duration time) {
        return time.isZero() ? "0s" : DurationText.format(time);
    }

    /** All of it. */
    static ObjectNode of(ScheduleRecord record, Instant now) {
        ObjectNode json = ControlJson.object();
        put(json, record, now);
        record.schedule().payload().ifPresent(text -> json.put("payload", text));
        return json;
    }
}
