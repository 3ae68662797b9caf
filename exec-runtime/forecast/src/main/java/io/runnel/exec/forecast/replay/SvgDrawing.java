package io.runnel.exec.forecast.replay;

import java.util.List;
import java.util.Locale;

/** Lanes under each other, each with axes of its own. */
final class SvgDrawing {
    private static final int WIDTH = 980;
    private static final int LEFT = 60;
    private static final int RIGHT = 24;
    private static final int TOP = 70;
    private static final int LANE = 150;
    private static final int PLOT = 84;
    private static final int MOST_TICKS = 8;
    private static final long DAY_MS = 86_400_000;
    private static final long[] STEPS_MS = {
        1_000,
        5_000,
        10_000,
        30_000,
        60_000,
        5 * 60_000,
        10 * 60_000,
        30 * 60_000,
        3_600_000,
        3 * 3_600_000,
        6 * 3_600_000,
        12 * 3_600_000,
        DAY_MS
    };
    private static final String HELD = "#9cc4e8";
    private static final String HELD_LINE = "#2f6fab";
    private static final String EXPECTED = "#f2c14e";
    private static final String WARM = "#1b1b1b";
    private static final String COLD = "#c8102e";

    private final long startMs;
    private final List<PlotLane> lanes;
    private final StringBuilder text = new StringBuilder();

    /**
     * A drawing.
     *
     * @param startMs times are written as days, hours and minutes after this
     */
    SvgDrawing(long startMs, List<PlotLane> lanes) {
        this.startMs = startMs;
        this.lanes = lanes;
    }

    String text() {
        int height = TOP + lanes.size() * LANE + 10;
        add(
                "<svg xmlns='http://www.w3.org/2000/svg' width='%d' height='%d' viewBox='0 0 %d %d'"
                    + " font-family='DejaVu Sans, Helvetica, Arial, sans-serif' font-size='12'>",
                WIDTH, height, WIDTH, height);
        add("<rect width='100%%' height='100%%' fill='white'/>");
        label(LEFT, 24, "start", "Calls, what was expected, and what was held for it");
        legend();
        for (int i = 0; i < lanes.size(); i++) {
            lane(lanes.get(i), TOP + i * LANE);
        }
        add("</svg>");
        return text.toString();
    }

    private void legend() {
        int y = 46;
        rect(LEFT, y - 10, 14, 12, HELD, 1);
        label(LEFT + 20, y, "start", "isolates there (ready, running or starting)");
        rect(LEFT + 330, y - 10, 14, 12, EXPECTED, 0.7);
        label(LEFT + 350, y, "start", "a burst is expected");
        dot(LEFT + 515, y - 4, WARM, 3);
        label(LEFT + 525, y, "start", "call, warm");
        cross(LEFT + 625, y - 4);
        label(LEFT + 637, y, "start", "call that waited for a start");
    }

    private void lane(PlotLane lane, int top) {
        int base = top + 22 + PLOT;
        label(LEFT, top + 14, "start", lane.title());
        for (PlotLane.Window window : lane.windows()) {
            double from = Math.max(LEFT, x(lane, window.opensMs()));
            double width = Math.max(2, x(lane, window.closesMs()) - from);
            if (from < WIDTH - RIGHT && from + width > LEFT) {
                double shown = Math.min(width, WIDTH - RIGHT - from);
                rect(from, base - PLOT, shown, PLOT, EXPECTED, 0.55);
            }
        }
        held(lane, base);
        for (PlotLane.Call call : lane.calls()) {
            double y = y(lane, call.running(), base);
            if (call.wasCold()) {
                cross(x(lane, call.atMs()), y);
            } else {
                dot(x(lane, call.atMs()), y, WARM, 2.2);
            }
        }
        axes(lane, base);
    }

    private void held(PlotLane lane, int base) {
        StringBuilder path = new StringBuilder();
        double y = base;
        path.append(point('M', LEFT, base));
        for (PlotLane.Step step : lane.steps()) {
            double x = x(lane, step.atMs());
            path.append(point('L', x, y));
            y = y(lane, step.isolates(), base);
            path.append(point('L', x, y));
        }
        path.append(point('L', WIDTH - RIGHT, y)).append(point('L', WIDTH - RIGHT, base));
        add(
                "<path d='%sZ' fill='%s' fill-opacity='0.75' stroke='%s' stroke-width='1'/>",
                path, HELD, HELD_LINE);
    }

    private void axes(PlotLane lane, int base) {
        add(
                "<path d='%s%s%s' fill='none' stroke='#555'/>",
                point('M', LEFT, base - PLOT),
                point('L', LEFT, base),
                point('L', WIDTH - RIGHT, base));
        label(LEFT - 6, base + 4, "end", "0");
        label(LEFT - 6, y(lane, lane.most(), base) + 4, "end", Integer.toString(lane.most()));
        add(
                "<text transform='translate(%d,%d) rotate(-90)' text-anchor='middle'"
                        + " fill='#444' font-size='11'>isolates</text>",
                LEFT - 34, base - PLOT / 2);
        long span = lane.untilMs() - lane.fromMs();
        long step = step(span);
        long first = Math.ceilDiv(lane.fromMs() - startMs, step) * step;
        for (long since = first; since <= lane.untilMs() - startMs; since += step) {
            double x = x(lane, since + startMs);
            add("<path d='%s%s' stroke='#555'/>", point('M', x, base), point('L', x, base + 4));
            label(x, base + 17, "middle", Words.moment(since, step < 60_000));
        }
        label(
                (LEFT + WIDTH - RIGHT) / 2.0,
                base + 32,
                "middle",
                "time since the start of the trace");
    }

    /** The smallest step between ticks that people count in and that leaves few enough. */
    private static long step(long span) {
        for (long step : STEPS_MS) {
            if (span / step <= MOST_TICKS) {
                return step;
            }
        }
        return Math.max(1, span / MOST_TICKS / DAY_MS + 1) * DAY_MS;
    }

    private static double x(PlotLane lane, long ms) {
        double span = Math.max(1, lane.untilMs() - lane.fromMs());
        return LEFT + (WIDTH - LEFT - RIGHT) * (ms - lane.fromMs()) / span;
    }

    private static double y(PlotLane lane, int isolates, int base) {
        return base - (PLOT - 8.0) * isolates / lane.most();
    }

    private static String point(char command, double x, double y) {
        return String.format(Locale.ROOT, "%c%.1f %.1f", command, x, y);
    }

    private void rect(double x, double y, double width, double height, String fill, double seen) {
        add(
                "<rect x='%.1f' y='%.1f' width='%.1f' height='%.1f' fill='%s'"
                        + " fill-opacity='%.2f'/>",
                x, y, width, height, fill, seen);
    }

    private void dot(double x, double y, String fill, double radius) {
        add("<circle cx='%.1f' cy='%.1f' r='%.1f' fill='%s'/>", x, y, radius, fill);
    }

    private void cross(double x, double y) {
        add(
                "<path d='%s%s%s%s' stroke='%s' stroke-width='2'/>",
                point('M', x - 4, y - 4),
                point('L', x + 4, y + 4),
                point('M', x - 4, y + 4),
                point('L', x + 4, y - 4),
                COLD);
    }

    private void label(double x, double y, String anchor, String words) {
        add(
                "<text x='%.1f' y='%.1f' text-anchor='%s' fill='#222'>%s</text>",
                x, y, anchor, Words.xml(words));
    }

    private void add(String format, Object... values) {
        text.append(String.format(Locale.ROOT, format, values)).append('\n');
    }
}
