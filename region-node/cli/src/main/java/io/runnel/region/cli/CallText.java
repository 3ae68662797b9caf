package io.runnel.region.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** What nodes noted of one call, in the order in which it passed them. */
final class CallText {
    private CallText() {}

    /** Whether any node knows the call. */
    static boolean isKnown(List<NodeAdmin.Answer> answers) {
        return !known(answers).isEmpty();
    }

    /** Those that know it; who decided, then who handed it on, before who ran it. */
    private static List<NodeAdmin.Answer.Known> known(List<NodeAdmin.Answer> answers) {
        return answers.stream()
                .filter(NodeAdmin.Answer.Known.class::isInstance)
                .map(NodeAdmin.Answer.Known.class::cast)
                .sorted(Comparator.comparing(known -> order(known.report())))
                .toList();
    }

    private static int order(JsonNode note) {
        if (note.has("decided")) {
            return 0;
        }
        return note.path("place").asText().equals("forwarded") ? 1 : 2;
    }

    private static List<NodeAdmin.Answer.Silent> silent(List<NodeAdmin.Answer> answers) {
        return answers.stream()
                .filter(NodeAdmin.Answer.Silent.class::isInstance)
                .map(NodeAdmin.Answer.Silent.class::cast)
                .toList();
    }

    /** For programs. */
    static ObjectNode json(String id, List<NodeAdmin.Answer> answers) {
        ObjectNode all = Json.object().put("id", id);
        ArrayNode notes = all.putArray("notes");
        for (NodeAdmin.Answer.Known known : known(answers)) {
            ObjectNode note = known.report().deepCopy();
            notes.add(note.put("node", known.node().value()));
        }
        ArrayNode silent = all.putArray("silent");
        silent(answers)
                .forEach(s -> silent.addObject().put("node", s.node().value()).put("why", s.why()));
        return all;
    }

    /** For people. */
    static List<String> lines(String id, List<NodeAdmin.Answer> answers) {
        List<String> lines = new ArrayList<>();
        List<NodeAdmin.Answer.Known> known = known(answers);
        if (known.isEmpty()) {
            lines.add("no node that answers has a note of call " + id);
            lines.add(
                    "  what is refused at the door is not noted (its answer said why), and each"
                            + " node keeps only its last calls");
        } else {
            JsonNode first = known.getFirst().report();
            lines.add(
                    "%s: %s version %d, came %s"
                            .formatted(
                                    id,
                                    first.path("task").asText(),
                                    first.path("version").asInt(),
                                    first.path("arrived").asText()));
        }
        known.forEach(each -> lines.addAll(block(each.node().value(), each.report())));
        silent(answers).forEach(s -> lines.add("%s: %s".formatted(s.node(), s.why())));
        return lines;
    }

    private static List<String> block(String node, JsonNode note) {
        List<String> lines = new ArrayList<>();
        lines.add("%s: %s".formatted(node, placed(note)));
        if (note.has("decided")) {
            lines.add("  decided by  " + inputs(note.path("decided")));
        }
        if (note.path("place").asText().equals("here")) {
            lines.add(
                    "  took        waiting %s, start %s, run %s"
                            .formatted(
                                    ms(note, "queueMs"), ms(note, "startMs"), ms(note, "runMs")));
        }
        lines.add("  answered    " + answered(note));
        return lines;
    }

    private static String placed(JsonNode note) {
        String reason = note.path("decided").path("reason").asText();
        String why = reason.isEmpty() ? "" : " (%s)".formatted(reason);
        int asked = note.path("regionsAsked").asInt();
        return switch (note.path("place").asText()) {
            case "here" ->
                    asked == 0 ? "ran here" + why : "ran here, after no region took it" + why;
            case "forwarded" ->
                    note.has("region")
                            ? "forwarded to %s%s%s"
                                    .formatted(note.path("region").asText(), why, others(asked - 1))
                            : "forwarded in vain, %d asked%s".formatted(asked, why);
            default -> "refused" + why;
        };
    }

    private static String others(int before) {
        return switch (before) {
            case 0 -> "";
            case 1 -> ", after 1 other was asked";
            default -> ", after %d others were asked".formatted(before);
        };
    }

    private static String inputs(JsonNode decided) {
        return "limit %s; %s calls lately, code %s, room %s (%d slots free, a wait of %s expected); %s here, %s there%s"
                .formatted(
                        decided.path("limit").asText(),
                        String.format(Locale.ROOT, "%.1f", decided.path("recentCalls").asDouble()),
                        decided.path("code").asText(),
                        decided.path("room").asText(),
                        decided.path("freeSlots").asInt(),
                        ms(decided, "expectedWaitMs"),
                        known(decided, "hereMs"),
                        known(decided, "thereMs"),
                        region(decided));
    }

    private static String region(JsonNode decided) {
        String copy = decided.path("regionCopy").asText();
        String chosen =
                switch (decided.path("regionBy").asText()) {
                    case "holds" -> ", chosen because it holds the version";
                    case "warm" -> ", chosen because it is warm";
                    default -> "";
                };
        return copy.isEmpty() || copy.equals("unknown")
                ? chosen
                : "; code there %s%s".formatted(copy, chosen);
    }

    private static String known(JsonNode of, String field) {
        return of.path(field).asDouble() > 0 ? ms(of, field) : "unknown";
    }

    private static String answered(JsonNode note) {
        String after = ms(note, "totalMs");
        if (note.path("status").asInt() == 0) {
            return "nothing: the client went after " + after;
        }
        String problem = note.path("problem").asText();
        return "%d%s after %s%s"
                .formatted(
                        note.path("status").asInt(),
                        problem.isEmpty() ? "" : " " + problem,
                        after,
                        note.path("whole").asBoolean() ? "" : ", but not whole");
    }

    private static String ms(JsonNode of, String field) {
        return String.format(Locale.ROOT, "%.2f ms", of.path(field).asDouble());
    }
}
