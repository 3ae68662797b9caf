package io.runnel.region.cli;

import com.fasterxml.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Where a task's guests spent their time, over all nodes that saw them. */
final class ProfileText {
    private static final int MOST_LINES = 20;

    private ProfileText() {}

    /** A line for each function, the busiest first; silent nodes are named. */
    static List<String> lines(List<NodeAdmin.Answer> answers, long calls) {
        List<String> lines = new ArrayList<>();
        Map<String, long[]> sums = new HashMap<>();
        long samples = 0;
        for (NodeAdmin.Answer answer : answers) {
            switch (answer) {
                case NodeAdmin.Answer.Known known -> samples += add(known.report(), sums);
                case NodeAdmin.Answer.Unknown _ -> {}
                case NodeAdmin.Answer.Silent silent ->
                        lines.add("%s: %s".formatted(silent.node(), silent.why()));
            }
        }
        lines.add("profile: %,d calls, seen running %,d times".formatted(calls, samples));
        if (samples > 0) {
            lines.add("  self   total  function");
            long all = samples;
            sums.entrySet().stream()
                    .sorted(
                            Comparator.comparingLong(
                                            (Map.Entry<String, long[]> e) -> e.getValue()[0])
                                    .thenComparingLong(e -> e.getValue()[1])
                                    .reversed())
                    .limit(MOST_LINES)
                    .forEach(e -> lines.add(line(e.getKey(), e.getValue(), all)));
        }
        return lines;
    }

    private static long add(JsonNode report, Map<String, long[]> sums) {
        for (JsonNode function : report.path("functions")) {
            long[] sum = sums.computeIfAbsent(function.path("name").asText(), n -> new long[2]);
            sum[0] += function.path("self").asLong();
            sum[1] += function.path("total").asLong();
        }
        return report.path("samples").asLong();
    }

    private static String line(String name, long[] sum, long samples) {
        return String.format(
                Locale.ROOT,
                "%5.1f %%  %5.1f %%  %s",
                100.0 * sum[0] / samples,
                100.0 * sum[1] / samples,
                name);
    }
}
