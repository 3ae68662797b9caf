package io.runnel.exec.forecast.replay;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The results of a replay under each other. */
final class ReplayTable {
    private static final double MIB = 1 << 20;
    private static final double GIB = 1 << 30;

    private final List<List<String>> rows = new ArrayList<>();

    ReplayTable(List<ReplayResult> results, Optional<ReplayResult> fixed) {
        List<String> headings =
                new ArrayList<>(
                        List.of(
                                "policy",
                                "cold starts",
                                "",
                                "periodic, learned",
                                "",
                                "waiting",
                                "idle GiB s"));
        fixed.ifPresent(f -> headings.add("of " + f.policy()));
        headings.addAll(List.of("most held", "prepares", "wasted"));
        rows.add(headings);
        results.forEach(result -> rows.add(row(result, fixed)));
    }

    private static List<String> row(ReplayResult result, Optional<ReplayResult> fixed) {
        List<String> row =
                new ArrayList<>(
                        List.of(
                                result.policy().toString(),
                                Words.count(result.coldStarts()),
                                Words.share(result.coldStarts(), result.calls()),
                                Words.count(result.learnedColdStarts()),
                                Words.share(result.learnedColdStarts(), result.learnedCalls()),
                                Words.time(Math.round(result.waitingSeconds() * 1_000)),
                                Words.count(Math.round(result.idleByteSeconds() / GIB))));
        fixed.ifPresent(f -> row.add(percent(result.idleByteSeconds(), f.idleByteSeconds())));
        row.add(Words.count(Math.round(result.mostHeldBytes() / MIB)) + " MiB");
        row.add(Words.count(result.prepares()));
        row.add(Words.count(result.wastedPrepares()));
        return row;
    }

    private static String percent(double part, double all) {
        return all == 0 ? "-" : String.format(Locale.ROOT, "%.0f %%", 100 * part / all);
    }

    @Override
    public String toString() {
        int[] widths =
                IntStream.range(0, rows.getFirst().size())
                        .map(c -> rows.stream().mapToInt(r -> r.get(c).length()).max().orElse(0))
                        .toArray();
        return rows.stream().map(row -> line(row, widths)).collect(Collectors.joining("\n"));
    }

    /** The first column stands to the left, numbers to the right. */
    private static String line(List<String> row, int[] widths) {
        String[] cells = row.toArray(String[]::new);
        for (int i = 0; i < cells.length; i++) {
            String space = " ".repeat(widths[i] - cells[i].length());
            cells[i] = i == 0 ? cells[i] + space : space + cells[i];
        }
        return Arrays.stream(cells).collect(Collectors.joining("  ")).stripTrailing();
    }
}
