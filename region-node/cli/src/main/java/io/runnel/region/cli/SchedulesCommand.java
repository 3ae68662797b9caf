package io.runnel.region.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;

import io.runnel.exec.task.ScheduleName;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
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

    @Mixin private DataOption data;

    @Option(names = "--json", description = "print JSON")
    private boolean json;

    SchedulesCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        return list(data, json);
    }

    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "Lists them, with their next ticks.")
    Integer list(
            @Mixin DataOption where,
            @Option(names = "--json", description = "print JSON") boolean asJson) {
        ArrayNode schedules = api(where).list("/v1/schedules", "schedules");
        if (asJson) {
            shell.print(Json.pretty(Json.object().set("schedules", schedules)));
            return 0;
        }
        Table table = new Table("NAME", "TASK", "CALENDAR", "ZONE", "NEXT");
        for (JsonNode one : schedules) {
            var unused =
                    table.row(
                            one.path("name").asText(),
                            one.path("task").asText(),
                            one.path("cron").asText(),
                            one.path("zone").asText(),
                            next(one));
        }
        shell.print(table.toString());
        return 0;
    }

    private static String next(JsonNode schedule) {
        return schedule.path("paused").asBoolean()
                ? "paused"
                : schedule.path("next").asText("never");
    }

    @Command(name = "show", mixinStandardHelpOptions = true, description = "Shows one.")
    Integer show(
            @Parameters(paramLabel = "NAME", description = "the schedule") String name,
            @Mixin DataOption where,
            @Option(names = "--json", description = "print JSON") boolean asJson) {
        print(api(where).get(path(name)), asJson);
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
            @Option(names = "--json", description = "print JSON") boolean asJson,
            @Mixin WaitOption patience,
            @Mixin DataOption where) {
        Api api = api(where);
        Api.Change change = api.change("PUT", path(name), asked.body());
        int end = patience.await(shell, api, change);
        print(change.answer(), asJson);
        return end;
    }

    private void print(JsonNode schedule, boolean asJson) {
        if (asJson) {
            shell.print(Json.pretty(schedule));
            return;
        }
        shell.print(
                "%s calls %s at %s in %s; catches up with %s; next: %s"
                        .formatted(
                                schedule.path("name").asText(),
                                schedule.path("task").asText(),
                                schedule.path("cron").asText(),
                                schedule.path("zone").asText(),
                                schedule.path("catchUp").asText(),
                                next(schedule)));
        if (schedule.has("payload")) {
            shell.print(schedule.path("payload").asText());
        }
    }

    @Command(
            name = "delete",
            mixinStandardHelpOptions = true,
            description = "Deletes one: what has become a call already is run.")
    Integer delete(
            @Parameters(paramLabel = "NAME", description = "the schedule") String name,
            @Mixin WaitOption patience,
            @Mixin DataOption where) {
        Api api = api(where);
        Api.Change change = api.change("DELETE", path(name), Json.object());
        int end = patience.await(shell, api, change);
        shell.print("%s is deleted".formatted(name));
        return end;
    }

    private static String path(String name) {
        if (!ScheduleName.isValid(name)) {
            throw CliException.usage(
                    "NAME must be 1 to 63 of a-z, 0-9 and inner '-': '%s'".formatted(name));
        }
        return "/v1/schedules/" + name;
    }

    private Api api(DataOption where) {
        return Account.of(shell, where.in(shell)).api();
    }
}
