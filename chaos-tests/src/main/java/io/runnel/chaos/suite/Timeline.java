package io.runnel.chaos.suite;

import io.runnel.chaos.suite.Result.Outcome;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Draws a run: calls by outcome, stacked for each quarter of a second in which they were due; the
 * median and the 99th percentile of those answered, on a logarithmic scale; what was broken, as
 * bands.
 */
final class Timeline {
    private static final long SLICE_NS = 250_000_000;
    private static final int WIDTH = 960;
    private static final int LEFT = 46;
    private static final int RIGHT = 946;
    private static final int ROW = 15;
    private static final int CALLS = 150;
    private static final int GAP = 22;
    private static final int LATENCY = 120;
    private static final double LEAST_MS = 0.5;
    private static final double MOST_MS = 10_000;

    private final StringBuilder out = new StringBuilder();
    private final Outcome.Ran ran;
    private final long endNs;
    private final List<Band> bands;
    private final List<String> labels;
    private final int top;

    private Timeline(Outcome.Ran ran) {
        this.ran = ran;
        this.endNs = ran.schedule().endNs();
        this.bands = Band.of(ran.steps(), endNs);
        this.labels = bands.stream().map(Band::text).distinct().toList();
        this.top = labels.size() * ROW + 6;
    }

    /** The drawing, to stand in a page that has its style. */
    static String svg(Scenario scenario, Outcome.Ran ran) {
        Timeline timeline = new Timeline(ran);
        timeline.draw(scenario);
        return timeline.out.toString();
    }

    private void draw(Scenario scenario) {
        int bottom = top + CALLS + GAP + LATENCY;
        add(
                "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"timeline\">%n",
                WIDTH, bottom + 44);
        bands(bottom);
        List<List<Call>> slices = slices();
        calls(slices);
        latency(slices);
        seconds(bottom);
        recovery(scenario, bottom);
        legend(bottom + 38);
        add("</svg>%n");
    }

    private double x(long ns) {
        return LEFT + (double) Math.clamp(ns, 0, endNs) / endNs * (RIGHT - LEFT);
    }

    private void bands(int bottom) {
        for (Band band : bands) {
            int row = labels.indexOf(band.text());
            int y = row * ROW;
            double from = x(band.fromNs());
            double width = Math.max(1.5, x(band.toNs()) - from);
            add(
                    "<rect class=\"band\" x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\"/>%n",
                    from, y, width, bottom - y);
            add("<path class=\"edge\" d=\"M%.1f %dV%d\"/>%n", from, y, bottom);
        }
        for (int row = 0; row < labels.size(); row++) {
            String label = labels.get(row);
            double from =
                    bands.stream()
                            .filter(band -> band.text().equals(label))
                            .mapToDouble(band -> x(band.fromNs()))
                            .min()
                            .orElse(LEFT);
            boolean left = from > WIDTH * 0.55;
            add(
                    "<text x=\"%.1f\" y=\"%d\"%s>%s</text>%n",
                    left ? from - 4 : from + 4,
                    row * ROW + 11,
                    left ? " text-anchor=\"end\"" : "",
                    Escape.text(label));
        }
    }

    private List<List<Call>> slices() {
        int count = (int) ((endNs + SLICE_NS - 1) / SLICE_NS);
        List<List<Call>> slices = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            slices.add(new ArrayList<>());
        }
        ran.calls()
                .forEach(
                        call ->
                                slices.get((int) Math.min(count - 1, call.dueNs() / SLICE_NS))
                                        .add(call));
        return slices;
    }

    private void calls(List<List<Call>> slices) {
        int most = Math.max(1, slices.stream().mapToInt(List::size).max().orElse(1));
        add("<path class=\"axis\" d=\"M%d %dH%d\"/>%n", LEFT, top + CALLS, RIGHT);
        add("<text x=\"0\" y=\"%d\">%d/s</text>%n", top + 10, most * 1_000_000_000L / SLICE_NS);
        add("<text x=\"0\" y=\"%d\">0</text>%n", top + CALLS);
        for (int i = 0; i < slices.size(); i++) {
            Map<CallEnd, Integer> ends = new EnumMap<>(CallEnd.class);
            slices.get(i).forEach(call -> ends.merge(call.end(), 1, Integer::sum));
            double from = x(i * SLICE_NS);
            double width = Math.max(0.5, x((i + 1) * SLICE_NS) - from - 0.6);
            double y = top + CALLS;
            for (Map.Entry<CallEnd, Integer> end : ends.entrySet()) {
                double height = (double) end.getValue() / most * CALLS;
                y -= height;
                add(
                        "<rect class=\"%s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\""
                                + " height=\"%.1f\"/>%n",
                        style(end.getKey()), from, y, width, height);
            }
        }
    }

    private void latency(List<List<Call>> slices) {
        int base = top + CALLS + GAP + LATENCY;
        for (int ms = 1; ms <= MOST_MS; ms *= 10) {
            double y = y(ms * 1_000_000L, base);
            add("<path class=\"axis\" d=\"M%d %.1fH%d\"/>%n", LEFT, y, RIGHT);
            String label = ms < 1000 ? ms + " ms" : ms / 1000 + " s";
            add("<text x=\"0\" y=\"%.1f\">%s</text>%n", y + 4, label);
        }
        line(slices, 0.99, "p99", base);
        line(slices, 0.5, "p50", base);
    }

    private double y(long ns, int base) {
        double ms = Math.clamp(ns / 1e6, LEAST_MS, MOST_MS);
        return base - Math.log(ms / LEAST_MS) / Math.log(MOST_MS / LEAST_MS) * LATENCY;
    }

    /** Interrupted where nothing was answered. */
    private void line(List<List<Call>> slices, double share, String style, int base) {
        StringBuilder points = new StringBuilder();
        for (int i = 0; i < slices.size(); i++) {
            List<Long> sorted =
                    slices.get(i).stream()
                            .filter(Call::isAnswered)
                            .map(Call::latencyNs)
                            .sorted()
                            .toList();
            if (sorted.isEmpty()) {
                polyline(points, style);
                points = new StringBuilder();
            } else {
                double at = x(i * SLICE_NS + SLICE_NS / 2);
                double y = y(Figures.quantile(sorted, share), base);
                points.append(String.format(Locale.ROOT, "%.1f,%.1f ", at, y));
            }
        }
        polyline(points, style);
    }

    private void polyline(StringBuilder points, String style) {
        if (!points.isEmpty()) {
            add("<polyline class=\"%s\" points=\"%s\"/>%n", style, points.toString().strip());
        }
    }

    private void seconds(int bottom) {
        long seconds = endNs / 1_000_000_000;
        long step = Math.max(1, seconds / 12);
        for (long second = 0; second <= seconds; second += step) {
            add(
                    "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%d s</text>%n",
                    x(second * 1_000_000_000), bottom + 14, second);
        }
    }

    private void recovery(Scenario scenario, int bottom) {
        ran.verdict()
                .recovery()
                .ifPresent(
                        time -> {
                            StepDone from =
                                    switch (scenario.promise().recovery().from()) {
                                        case FIRST -> ran.steps().getFirst();
                                        case LAST -> ran.steps().getLast();
                                    };
                            double x = x(from.beganNs() + time.toNanos());
                            add(
                                    "<path class=\"back\" d=\"M%.1f %dV%d\"/>%n",
                                    x, top + CALLS, bottom);
                            add(
                                    "<text class=\"back\" x=\"%.1f\" y=\"%d\">steady again after"
                                            + " %.2f s</text>%n",
                                    x + 4, top + CALLS + 13, time.toMillis() / 1e3);
                        });
    }

    private void legend(int y) {
        int x = LEFT;
        for (CallEnd end : CallEnd.values()) {
            add(
                    "<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"10\" height=\"10\"/>"
                            + "<text x=\"%d\" y=\"%d\">%s</text>%n",
                    style(end), x, y - 9, x + 14, y, end.label());
            x += 34 + 6 * end.label().length();
        }
        add("<text class=\"p50\" x=\"%d\" y=\"%d\">median</text>%n", x, y);
        add("<text class=\"p99\" x=\"%d\" y=\"%d\">99th percentile</text>%n", x + 60, y);
    }

    private static String style(CallEnd end) {
        return end.label().replace(' ', '-');
    }

    private void add(String format, Object... values) {
        out.append(String.format(Locale.ROOT, format, values));
    }
}
