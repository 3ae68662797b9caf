package io.runnel.exec.isolate;

import io.runnel.exec.forecast.Forecast;
import io.runnel.exec.forecast.Plan;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A plan in words. */
final class PlanWords {
    private PlanWords() {}

    static String of(Plan plan, List<Forecast> forecasts, long nowMs) {
        Optional<Forecast> next =
                forecasts.stream().filter(forecast -> forecast.state().isActedOn()).findFirst();
        if (next.isEmpty()) {
            return withoutPeriod(plan);
        }
        String burst =
                "%d at once are expected in %s"
                        .formatted(next.get().amount(), time(next.get().expectedMs() - nowMs));
        String now =
                plan.held() > 0
                        ? "%d are held for that".formatted(plan.held())
                        : "nothing is held for that yet";
        return "%s; %s; %s".formatted(burst, now, spare(plan));
    }

    private static String withoutPeriod(Plan plan) {
        return plan.held() > 0
                ? "no period; %d are held, for pauses often end about now".formatted(plan.held())
                : "no period; " + spare(plan);
    }

    private static String spare(Plan plan) {
        if (plan.spare() == 0) {
            return "none is kept besides";
        }
        String what =
                plan.spare() == Plan.ALL ? "what was used is" : "up to " + plan.spare() + " are";
        return "%s kept for %s".formatted(what, time(plan.spareMs()));
    }

    /** As people say it: to the second, and about minutes, hours and days. */
    static String time(long ms) {
        if (ms < 0) {
            return "-" + time(-ms);
        }
        if (ms < 100_000) {
            return String.format(Locale.ROOT, "%.1f s", ms / 1_000.0);
        }
        if (ms < 100 * 60_000L) {
            return "%d min".formatted(Math.round(ms / 60_000.0));
        }
        long hours = Math.round(ms / 3_600_000.0);
        return hours < 48 ? "%d h".formatted(hours) : "%d days".formatted(Math.round(hours / 24.0));
    }
}
