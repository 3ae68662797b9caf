package io.runnel.region.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What nodes hold ready for a task, for people and for programs. */
final class PoolText {
    private PoolText() {}

    /** One object for each node: what it said, or why it said nothing. */
    static ArrayNode json(List<NodeAdmin.Answer> answers) {
        ArrayNode all = Json.array();
        for (NodeAdmin.Answer answer : answers) {
            ObjectNode one = all.addObject().put("node", answer.node().value());
            switch (answer) {
                case NodeAdmin.Answer.Known known -> one.set("pool", known.report());
                case NodeAdmin.Answer.Unknown _ -> one.putNull("pool");
                case NodeAdmin.Answer.Silent silent -> one.put("silent", silent.why());
            }
        }
        return all;
    }

    /** A block of lines for each node that knows the task or is silent. */
    static List<String> lines(List<NodeAdmin.Answer> answers) {
        List<String> lines = new ArrayList<>();
        boolean isKnown = false;
        for (NodeAdmin.Answer answer : answers) {
            switch (answer) {
                case NodeAdmin.Answer.Known known -> {
                    isKnown = true;
                    lines.addAll(block(known.node().value(), known.report()));
                }
                case NodeAdmin.Answer.Unknown _ -> {}
                case NodeAdmin.Answer.Silent silent ->
                        lines.add("%s: %s".formatted(silent.node(), silent.why()));
            }
        }
        if (!isKnown) {
            lines.add("no node that answers has had a call of it");
        }
        return lines;
    }

    private static List<String> block(String node, JsonNode pool) {
        List<String> lines = new ArrayList<>();
        lines.add(
                "%s: %s, %d calls, the last %s ago"
                        .formatted(
                                node,
                                state(pool),
                                pool.path("calls").asLong(),
                                time(pool.path("lastCallMs").asLong())));
        lines.add("  held       " + held(pool));
        lines.add("  why        " + pool.path("why").asText());
        lines.add("  next burst " + next(pool.path("periods")));
        pool.path("periods").forEach(period -> lines.add("  period     " + period(period)));
        pool.path("notes").forEach(note -> lines.add("  note       " + note.asText()));
        return lines;
    }

    private static String state(JsonNode pool) {
        String optimized = pool.path("optimized").asText();
        String said = optimized.isEmpty() ? "" : " (optimized: %s)".formatted(optimized);
        return (pool.path("open").asBoolean() ? pool.path("tier").asText() : "not open") + said;
    }

    private static String held(JsonNode pool) {
        JsonNode isolates = pool.path("isolates");
        return "%d wanted; %d prepared, %d idle, %d running; %d KiB, program %d KiB"
                .formatted(
                        pool.path("held").asLong(),
                        isolates.path("prepared").asLong(),
                        isolates.path("idle").asLong(),
                        isolates.path("running").asLong(),
                        isolates.path("idleBytes").asLong() / 1024,
                        pool.path("programBytes").asLong() / 1024);
    }

    private static String next(JsonNode periods) {
        for (JsonNode period : periods) {
            boolean isActedOn =
                    List.of("periodic", "suspect").contains(period.path("state").asText());
            if (isActedOn) {
                return "in %s, %d at once"
                        .formatted(
                                time(period.path("expectedInMs").asLong()),
                                period.path("amount").asLong());
            }
        }
        return "none is expected";
    }

    private static String period(JsonNode period) {
        return String.format(
                Locale.ROOT,
                "%s, confidence %.2f, %s, %d hits, %d misses",
                time(period.path("periodMs").asLong()),
                period.path("confidence").asDouble(),
                period.path("state").asText(),
                period.path("hits").asLong(),
                period.path("misses").asLong());
    }

    /** Tenths of seconds below two minutes. */
    private static String time(long ms) {
        return Math.abs(ms) < 120_000
                ? String.format(Locale.ROOT, "%.1f s", ms / 1_000.0)
                : StatusReport.time(Duration.ofMillis(ms));
    }
}
