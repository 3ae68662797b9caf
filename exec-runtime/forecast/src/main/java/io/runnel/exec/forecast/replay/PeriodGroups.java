package io.runnel.exec.forecast.replay;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** The periods of many tasks, those that are nearly the same together. */
final class PeriodGroups {
    private static final double ALIKE = 1.1;
    private static final int MOST_LINES = 20;

    private final List<List<FoundPeriod>> groups = new ArrayList<>();

    PeriodGroups(List<FoundPeriod> periods) {
        List<FoundPeriod> sorted = new ArrayList<>(periods);
        sorted.sort(Comparator.comparingLong(p -> p.forecast().periodMs()));
        long first = 0;
        for (FoundPeriod period : sorted) {
            long ms = period.forecast().periodMs();
            if (ms > first * ALIKE) {
                first = ms;
                groups.add(new ArrayList<>());
            }
            groups.getLast().add(period);
        }
    }

    /** One line for each group, the shortest period first. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        groups.stream().limit(MOST_LINES).map(PeriodGroups::line).forEach(lines::add);
        if (groups.size() > MOST_LINES) {
            lines.add("and %d other periods".formatted(groups.size() - MOST_LINES));
        }
        return lines;
    }

    private static String line(List<FoundPeriod> group) {
        FoundPeriod middle = group.get(group.size() / 2);
        long least = group.stream().mapToLong(p -> p.forecast().jitterMs()).min().orElse(0);
        long most = group.stream().mapToLong(p -> p.forecast().jitterMs()).max().orElse(0);
        String jitter =
                group.size() == 1
                        ? Words.time(least)
                        : "%s to %s".formatted(Words.time(least), Words.time(most));
        return String.format(
                Locale.ROOT,
                "every %s, jitter %s: %s, as %s (degree %.2f)",
                Words.time(middle.forecast().periodMs()),
                jitter,
                Words.count(group.size(), "task"),
                middle.task(),
                middle.forecast().degree());
    }
}
