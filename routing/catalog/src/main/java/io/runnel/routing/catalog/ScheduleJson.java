package io.runnel.routing.catalog;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.Qualifier;
import io.runnel.exec.task.Schedule;
import io.runnel.exec.task.ScheduleName;
import io.runnel.exec.task.TaskName;

import java.time.Duration;
import java.util.Optional;

/** Schedules as JSON. */
final class ScheduleJson {
    private ScheduleJson() {}

    static void write(ObjectNode json, ScheduleRecord record) {
        Schedule schedule = record.schedule();
        json.put("account", schedule.account().value());
        json.put("name", schedule.name().value());
        json.put("task", schedule.task().value());
        JsonFields.putQualifier(json, schedule.version());
        json.put("cron", schedule.cron());
        json.put("zone", schedule.zone());
        schedule.payload().ifPresent(text -> json.put("payload", text));
        if (!schedule.catchUp().isZero()) {
            json.put("catchUpSeconds", schedule.catchUp().toSeconds());
        }
        if (record.paused()) {
            json.put("paused", true);
        }
    }

    static ScheduleRecord read(JsonFields fields) {
        Qualifier version = fields.qualifier();
        Schedule schedule =
                new Schedule(
                        fields.value("account", AccountId::new),
                        fields.value("name", ScheduleName::new),
                        fields.value("task", TaskName::new),
                        version,
                        fields.text("cron"),
                        fields.text("zone"),
                        fields.has("payload")
                                ? Optional.of(fields.text("payload"))
                                : Optional.empty(),
                        fields.has("catchUpSeconds")
                                ? Duration.ofSeconds(fields.smallNumber("catchUpSeconds"))
                                : Duration.ZERO);
        return new ScheduleRecord(schedule, fields.has("paused") && fields.flag("paused"));
    }
}
