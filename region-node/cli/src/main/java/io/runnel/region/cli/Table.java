package io.runnel.region.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Rows of text under each other, each column as wide as it must be. Not thread-safe. */
final class Table {
    private static final String GAP = "  ";

    private final List<List<String>> rows = new ArrayList<>();

    Table(String... headings) {
        rows.add(List.of(headings));
    }

    Table row(Object... cells) {
        rows.add(java.util.Arrays.stream(cells).map(Object::toString).toList());
        return this;
    }

    @Override
    public String toString() {
        int columns = rows.getFirst().size();
        int[] widths = IntStream.range(0, columns).map(this::width).toArray();
        return rows.stream().map(r -> line(r, widths)).collect(Collectors.joining("\n"));
    }

    private int width(int column) {
        return rows.stream().mapToInt(r -> r.get(column).length()).max().orElse(0);
    }

    private static String line(List<String> row, int[] widths) {
        return IntStream.range(0, row.size())
                .mapToObj(i -> row.get(i) + " ".repeat(widths[i] - row.get(i).length()))
                .collect(Collectors.joining(GAP))
                .stripTrailing();
    }
}
