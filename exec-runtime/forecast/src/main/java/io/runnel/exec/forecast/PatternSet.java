package io.runnel.exec.forecast;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** The patterns of one task's demand, four at most. Not thread-safe. */
final class PatternSet {
    private static final int MOST = 4;
    private static final double ALIKE = 0.05;
    private static final Pattern[] NONE = {};

    private Pattern[] patterns = NONE;

    /** Windows that closed are missed; whether one was, so that a pattern is trusted no longer. */
    boolean advance(long nowMs) {
        int before = actedOn();
        for (Pattern pattern : patterns) {
            pattern.advance(nowMs);
        }
        return actedOn() < before;
    }

    /** A call came; whether a pattern accounts for it. */
    boolean observe(long nowMs, int running, long lingerMs, boolean isPure) {
        boolean explained = false;
        for (Pattern pattern : patterns) {
            explained |= pattern.observe(nowMs, running, lingerMs, isPure);
        }
        return explained;
    }

    /**
     * A burst came that no pattern accounts for: it may be one of a pattern that was missed.
     *
     * @param isPure whether hardly any burst comes that no pattern accounts for
     */
    void restart(long nowMs, int running, boolean isPure) {
        for (Pattern pattern : patterns.clone()) {
            boolean isRevoked = pattern.state() == PatternState.REVOKED;
            boolean isMissed = isPure && pattern.missesInRow() > 0;
            if (running >= pattern.leastPeak()
                    && (isRevoked || isMissed)
                    && !pattern.restartAt(nowMs)) {
                remove(pattern);
            }
        }
    }

    /** How many patterns isolates are prepared for. */
    int actedOn() {
        int count = 0;
        for (Pattern pattern : patterns) {
            count += pattern.state().isActedOn() ? 1 : 0;
        }
        return count;
    }

    /** How many isolates that are there anyway the patterns make superfluous between bursts. */
    int predictable() {
        long sum = 0;
        for (Pattern pattern : patterns) {
            if (pattern.state().isActedOn()) {
                sum += Math.round(pattern.degree() * pattern.amount());
            }
        }
        return (int) sum;
    }

    /** Takes up what was found, unless it is known; whether it was taken up. */
    boolean adopt(Pattern found, long nowMs) {
        found.advance(nowMs);
        if (!found.state().isActedOn()) {
            return false;
        }
        for (Pattern pattern : patterns.clone()) {
            if (pattern.state().isActedOn() && isExplained(found, pattern)) {
                return false;
            }
            if (!pattern.state().isActedOn() && isAlike(found.rhythm(), pattern.rhythm())) {
                remove(pattern);
            }
        }
        return add(found);
    }

    private boolean add(Pattern found) {
        if (patterns.length < MOST) {
            patterns = Arrays.copyOf(patterns, patterns.length + 1);
            patterns[patterns.length - 1] = found;
            return true;
        }
        for (int i = 0; i < patterns.length; i++) {
            if (!patterns[i].state().isActedOn()) {
                patterns[i] = found;
                return true;
            }
        }
        return false;
    }

    private void remove(Pattern gone) {
        patterns =
                Arrays.stream(patterns).filter(pattern -> pattern != gone).toArray(Pattern[]::new);
    }

    private static boolean isAlike(Rhythm one, Rhythm other) {
        return Math.abs(one.periodMs() - other.periodMs()) <= ALIKE * other.periodMs();
    }

    /** Whether the bursts of one come when those of the other do: the same, or some of them. */
    private static boolean isExplained(Pattern pattern, Pattern other) {
        Rhythm one = pattern.rhythm();
        Rhythm by = other.rhythm();
        double apart = one.expectedMs() - by.expectedMs();
        double phase = Math.abs(apart - Math.rint(apart / by.periodMs()) * by.periodMs());
        boolean isRarer = one.periodMs() > by.periodMs() && pattern.amount() <= 2 * other.amount();
        return phase <= one.halfWindowMs() + by.halfWindowMs() && (isAlike(one, by) || isRarer);
    }

    /** What the patterns need now, and when that changes. */
    void plan(
            PlanDraft draft,
            long nowMs,
            long startMs,
            ForecastSettings settings,
            StartSchedule schedule) {
        for (Pattern pattern : patterns) {
            if (pattern.state().isActedOn()) {
                plan(draft, pattern, nowMs, startMs, settings, schedule);
            }
        }
    }

    private static void plan(
            PlanDraft draft,
            Pattern pattern,
            long nowMs,
            long startMs,
            ForecastSettings settings,
            StartSchedule schedule) {
        Rhythm rhythm = pattern.rhythm();
        int amount = Math.min(pattern.amount(), settings.mostHeld());
        long workMs = schedule.workMs(amount, startMs);
        long leadMs = workMs + settings.marginMs();
        long latestMs = (long) rhythm.opensMs() - leadMs;
        long slackMs = Math.min(settings.slackMs(), (long) (rhythm.periodMs() / 10));
        if (pattern.startMs() == Pattern.NOT_PLACED && nowMs >= latestMs - slackMs) {
            pattern.placeStart(schedule.place(nowMs, latestMs, workMs, slackMs));
        }
        boolean isPlaced = pattern.startMs() != Pattern.NOT_PLACED;
        boolean isPrepared = isPlaced && nowMs >= pattern.startMs();
        boolean isHeld = nowMs <= pattern.heldUntilMs();
        boolean isShortWay = pattern.heldUntilMs() + leadMs >= latestMs;
        if (isPrepared || isHeld || isShortWay) {
            draft.hold(amount);
        }
        if (isHeld) {
            draft.askAgainAt(pattern.heldUntilMs() + 1);
        }
        long startsMs = isPlaced ? pattern.startMs() : latestMs - slackMs;
        draft.askAgainAt(isPrepared ? (long) rhythm.closesMs() + 1 : startsMs);
    }

    /** The highest degree of those whose burst is going on or may begin soon. */
    double chance(long nowMs, long withinMs) {
        double chance = 0;
        for (Pattern pattern : patterns) {
            boolean isNear =
                    nowMs <= pattern.heldUntilMs()
                            || pattern.rhythm().opensMs() <= nowMs + withinMs;
            if (pattern.state().isActedOn() && isNear) {
                chance = Math.max(chance, pattern.degree());
            }
        }
        return chance;
    }

    List<Forecast> forecasts() {
        List<Forecast> all = new ArrayList<>();
        for (Pattern pattern : patterns) {
            all.add(Forecast.of(pattern));
        }
        all.sort(Comparator.comparingLong(Forecast::expectedMs));
        return all;
    }
}
