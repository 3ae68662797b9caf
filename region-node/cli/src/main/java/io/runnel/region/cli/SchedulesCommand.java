package io.runnel.region.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;

import io.runnel.exec.task.ScheduleName;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

import java.util.concurrent.Callable;

/** By which calendars tasks are called. */
@Command(
        name = "schedules",
        mixinStandardHelpOptions = true,
        description = {
            "Lists by which calendars your account has tasks of its own called, shows one, sets"
                    + " one, deletes one.",
            "A tick is a call that nobody waits for; 'runnel tasks events' says what becomes of"
                    + " such."
        })
final class SchedulesCommand implements Callable<Integer> {
    private final Shell shell;

    @Mixin private ReadOptions reading;

    SchedulesCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        return list(reading);
    }

    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "Lists them, with their next ticks.")
    Integer list(@Mixin ReadOptions how) {
        ArrayNode schedules = how.api(shell).list("/v1/schedules", "schedules");
        how.tell(shell, Json.object().set("schedules", schedules), SchedulesCommand::table);
        return 0;
    }

    private static String table(JsonNode all) {
        Table table = new Table("NAME", "TASK", "CALENDAR", "ZONE", "NEXT");
        for (JsonNode one : all.path("schedules")) {
            var unused =
                    table.row(
                            one.path("name").asText(),
                            one.path("task").asText(),
                            one.path("cron").asText(),
                            one.path("zone").asText(),
                            next(one));
        }
        return table.toString();
    }

    private static String next(JsonNode schedule) {
        return schedule.path("paused").asBoolean()
                ? "paused"
                : schedule.path("next").asText("never");
    }

    @Command(name = "show", mixinStandardHelpOptions = true, description = "Shows one.")
    Integer show(
            @Parameters(paramLabel = "NAME", description = "the schedule") String name,
            @Mixin ReadOptions how) {
        String path = path(name);
        how.tell(shell, how.api(shell).get(path), SchedulesCommand::sentence);
        return 0;
    }

    @Command(
            name = "set",
            mixinStandardHelpOptions = true,
            description = {
                "Has a task called by a calendar, or says it otherwise: what is not said is as"
                        + " usual.",
                "The task must take events. Moments of before now are none of it."
            })
    Integer set(
            @Parameters(paramLabel = "NAME", description = "the schedule") String name,
            @Mixin ScheduleOptions asked,
            @Mixin ChangeOptions how) {
        return how.change(shell, "PUT", path(name), asked.body(), SchedulesCommand::sentence);
    }

    private static String sentence(JsonNode schedule) {
        String told =
                "%s calls %s at %s in %s; catches up with %s; next: %s"
                        .formatted(
                                schedule.path("name").asText(),
                                schedule.path("task").asText(),
                                schedule.path("cron").asText(),
                                schedule.path("zone").asText(),
                                schedule.path("catchUp").asText(),
                                next(schedule));
        return schedule.has("payload") ? told + "\n" + schedule.path("payload").asText() : told;
    }

    @Command(
            name = "delete",
            mixinStandardHelpOptions = true,
            description = "Deletes one: what has become a call already is run.")
    Integer delete(
            @Parameters(paramLabel = "NAME", description = "the schedule") String name,
            @Mixin DeleteOptions how) {
        return how.delete(shell, path(name), "%s is deleted".formatted(name));
    }

    private static String path(String name) {
        if (!ScheduleName.isValid(name)) {
            throw CliException.usage(
                    "NAME must be 1 to 63 of a-z, 0-9 and inner '-': '%s'".formatted(name));
        }
        return "/v1/schedules/" + name;
    }
}
