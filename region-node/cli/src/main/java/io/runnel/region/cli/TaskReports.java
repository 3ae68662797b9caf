package io.runnel.region.cli;

import com.fasterxml.jackson.databind.JsonNode;

/** What a person, or with JSON a program, reads of tasks. */
record TaskReports(Shell shell, boolean json) {
    void list(JsonNode answer) {
        if (json) {
            shell.print(Json.pretty(answer));
            return;
        }
        Table table = new Table("task", "live", "versions", "handler", "calls by", "code");
        JsonNode tasks = answer.path("tasks");
        for (JsonNode task : tasks) {
            table.row(
                    task.path("name").asText(),
                    task.path("live").asText("-"),
                    task.path("newest").asText("-"),
                    task.path("handler").asText("-"),
                    callers(task),
                    brief(task.path("digest").asText()));
        }
        shell.print(tasks.isEmpty() ? "no tasks; runnel deploy makes one" : table.toString());
    }

    void show(JsonNode task) {
        if (json) {
            shell.print(Json.pretty(task));
            return;
        }
        shell.print(
                "%s: version %s is live, called by %s"
                        .formatted(
                                task.path("name").asText(),
                                task.path("live").asText(),
                                callers(task)));
        Table table =
                new Table("version", "created", "runtime", "handler", "memory", "timeout", "code");
        for (JsonNode version : task.path("versions")) {
            table.row(
                    version.path("version").asText(),
                    version.path("created").asText("-"),
                    version.path("runtime").asText("-"),
                    version.path("handler").asText("-"),
                    version.path("memory").asText("-"),
                    version.path("timeout").asText("-"),
                    brief(version.path("digest").asText()));
        }
        shell.print(table.toString());
    }

    private static String callers(JsonNode task) {
        return task.path("public").asBoolean() ? "anyone" : "keys of the account";
    }

    private static String brief(String digest) {
        return digest.length() > 12 ? digest.substring(0, 12) : digest;
    }
}
