package io.runnel.region.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.runnel.exec.task.CodeDigest;
import io.runnel.exec.task.LatencyNeed;
import io.runnel.exec.task.Reuse;
import io.runnel.exec.task.TaskName;

import java.util.ArrayList;
import java.util.List;

/** What a person, or with JSON a program, reads of tasks. */
record TaskReports(Shell shell, boolean json) {
    void list(ArrayNode tasks) {
        if (json) {
            shell.print(Json.pretty(Json.object().set("tasks", tasks)));
            return;
        }
        Table table = new Table("task", "live", "newest", "runtime", "handler", "callers", "code");
        for (JsonNode task : tasks) {
            table.row(
                    task.path("name").asText(),
                    task.path("live").asText(),
                    task.path("newest").asText(),
                    task.path("runtime").asText(),
                    task.path("handler").asText(),
                    callers(task),
                    brief(task));
        }
        shell.print(tasks.isEmpty() ? "no tasks; runnel deploy makes one" : table.toString());
    }

    /** A task; {@code nodes} is empty if no node could be asked. */
    void show(JsonNode task, JsonNode versions, List<NodeAdmin.Answer> nodes) {
        if (json) {
            ObjectNode all = task.deepCopy();
            all.set("versions", versions);
            all.set("nodes", PoolText.json(nodes));
            shell.print(Json.pretty(all));
            return;
        }
        shell.print(
                "%s: version %s is live, callers: %s"
                        .formatted(
                                task.path("path").asText(),
                                task.path("live").asText(),
                                callers(task)));
        if (task.has("concurrent")) {
            shell.print(
                    "at most %s calls under way at once at each node"
                            .formatted(task.path("concurrent").asText()));
        }
        Table table =
                new Table(
                        "version", "live", "created", "runtime", "handler", "memory", "timeout",
                        "bytes", "code", "options");
        for (JsonNode version : versions) {
            table.row(
                    version.path("version").asText(),
                    version.path("live").asBoolean() ? "live" : "",
                    version.path("created").asText(),
                    version.path("runtime").asText(),
                    version.path("handler").asText(),
                    version.path("memory").asText(),
                    version.path("timeout").asText(),
                    version.path("sizeBytes").asText(),
                    brief(version),
                    options(version));
        }
        shell.print(table.toString());
        if (!nodes.isEmpty()) {
            PoolText.lines(nodes).forEach(shell::print);
        }
    }

    void reached(Rollout.Place place) {
        if (!json) {
            shell.print("  " + place);
        }
    }

    void rolledBack(TaskName task, int version, Rollout rollout, String after) {
        if (json) {
            ObjectNode all =
                    Json.object()
                            .put("task", task.value())
                            .put("live", version)
                            .put("everywhere", rollout.isDone());
            all.set("places", rollout.json());
            shell.print(Json.pretty(all));
            return;
        }
        rollout.missing().forEach(this::reached);
        shell.print("%s is at version %d, after %s".formatted(task, version, after));
    }

    private static String callers(JsonNode task) {
        return task.path("public").asBoolean() ? "anyone" : "keys of the account";
    }

    /** What its owner chose beyond limits, in few words. */
    private static String options(JsonNode version) {
        List<String> words = new ArrayList<>();
        if (version.path("reuse").asText().equals(Reuse.KEPT.label())) {
            words.add("reuse");
        }
        if (version.path("coarseClock").asBoolean()) {
            words.add("coarse clock");
        }
        String latency = version.path("latency").asText(LatencyNeed.NORMAL.label());
        if (!latency.equals(LatencyNeed.NORMAL.label())) {
            words.add("latency " + latency);
        }
        version.path("outbound").forEach(host -> words.add("to " + host.asText()));
        version.path("devices").forEach(device -> words.add("device " + device.asText()));
        version.path("callers")
                .properties()
                .forEach(fact -> words.add("callers with " + FactOptions.shown(fact)));
        return String.join(", ", words);
    }

    private static String brief(JsonNode version) {
        String digest = version.path("digest").asText();
        return CodeDigest.isValid(digest) ? new CodeDigest(digest).brief() : digest;
    }
}
