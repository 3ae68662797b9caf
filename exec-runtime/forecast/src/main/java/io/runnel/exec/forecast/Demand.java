package io.runnel.exec.forecast;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * How one task was called on one node, and so what should be held for it: at most 4 KB, whatever
 * comes.
 *
 * <p>Recording a call and asking for the plan take less than 2 µs and allocate next to nothing. The
 * search for periods is apart: when {@link #isSearchDue} says so, {@link #search} takes a copy, the
 * copy runs on any thread, and {@link #adopt} takes up what it found.
 *
 * <p>What is held is made of three parts:
 *
 * <ul>
 *   <li><b>Bursts that are expected</b>. From shortly before the window of each trusted pattern
 *       until its burst is over there are as many isolates as the 95th percentile of its last ten
 *       bursts. Shortly before is what a start takes at the 99th percentile, and a margin.
 *   <li><b>Spare ones</b>. Between bursts a reduced number stays: what bursts usually need less the
 *       patterns' part of it, each weighed by its degree, and never less than what was needed
 *       lately by bursts that no pattern explains.
 *   <li>Without a pattern, all that is idle is kept for as long as the task's {@link Pauses} say.
 * </ul>
 *
 * <p>Mechanism: US10042660. Not thread-safe: one owner at a time. Times are milliseconds of one
 * clock that does not go backwards; one that does is taken to stand still.
 */
public final class Demand {
    private static final int STRAYS = 32;
    private static final int CALLS_BEFORE_BINS = 32;
    private static final long LONGEST_START_MS = 120_000;
    private static final double SLOWEST = 0.99;
    private static final float PURE = 0.3f;
    private static final float RECENT = 1 / 8f;

    private final ForecastSettings settings;
    private final Bursts bursts;
    private final BurstRing strays = new BurstRing(STRAYS);
    private final PatternSet patterns = new PatternSet();
    private final Pauses pauses;
    private final LogHistogram starts = new LogHistogram(LONGEST_START_MS);
    private final SearchClock clock;
    private BinPyramid bins;
    private long nowMs;
    private long idleSinceMs = Long.MIN_VALUE;
    private long lastStrayMs = Long.MIN_VALUE;
    private long startMs;
    private float strayShare;
    private int calls;
    private int running;
    private boolean isStray = true;
    private boolean isStrayKept;

    /** Nothing is known yet. */
    public Demand(ForecastSettings settings, long nowMs) {
        this.settings = settings;
        this.nowMs = nowMs;
        this.bursts = new Bursts(settings.leastGapMs());
        this.pauses = new Pauses(settings.keepAliveMs());
        this.clock = new SearchClock(nowMs);
        this.startMs = settings.unmeasuredStartMs();
    }

    /**
     * A call came.
     *
     * @param running calls of this task that run now, with this one
     */
    public void arrived(long atMs, int running) {
        moveTo(atMs);
        long pauseMs = this.running > 0 ? 0 : nowMs - idleSinceMs;
        boolean isFirst = idleSinceMs == Long.MIN_VALUE;
        boolean isPure = strayShare < PURE;
        boolean isExplained = patterns.observe(nowMs, running, bursts.lingerMs(), isPure);
        if (bursts.record(nowMs, running)) {
            isStray = !isExplained;
            isStrayKept = false;
            strayShare += RECENT * ((isStray ? 1 : 0) - strayShare);
            if (isStray) {
                strayBegins(running, isPure);
            }
            if (isStray && !isFirst) {
                // Between the calls of one burst there is no pause that anything could be kept for.
                pauses.record(pauseMs);
            }
        } else if (isStrayKept) {
            strays.raise(running);
        }
        record(running);
    }

    private void strayBegins(int running, boolean isPure) {
        patterns.restart(nowMs, running, isPure);
        if (patterns.actedOn() > 0) {
            strays.add(nowMs, running);
            isStrayKept = true;
            lastStrayMs = nowMs;
        }
        clock.unexplained(nowMs);
    }

    private void record(int running) {
        this.running = running;
        idleSinceMs = nowMs;
        clock.called();
        if (bins != null) {
            bins.record(nowMs, running);
        } else if (++calls == CALLS_BEFORE_BINS) {
            bins = new BinPyramid(nowMs);
            bins.record(nowMs, running);
        }
    }

    /**
     * A call ended.
     *
     * @param running calls of this task that still run
     */
    public void ended(long atMs, int running) {
        moveTo(atMs);
        this.running = running;
        idleSinceMs = nowMs;
    }

    /** A start, for a call or for a forecast, took so long. */
    public void started(long tookMs) {
        starts.record(tookMs);
        startMs = Math.max(1, starts.endOfMs(SLOWEST));
    }

    /** What should be held from now on. */
    public Plan plan(long atMs, StartSchedule schedule) {
        moveTo(atMs);
        PlanDraft draft = new PlanDraft();
        if (patterns.actedOn() > 0) {
            patterns.plan(draft, nowMs, startMs, settings, schedule);
            return draft.plan(settings.mostHeld(), spare(), pauses.keepMs());
        }
        if (pauses.waitMs() > 0 && running == 0) {
            return afterPause(draft);
        }
        return draft.plan(settings.mostHeld(), Plan.ALL, pauses.keepMs());
    }

    /** Nothing for a while, then what is usually needed, until a call is hardly likely any more. */
    private Plan afterPause(PlanDraft draft) {
        long fromMs = idleSinceMs + pauses.waitMs() - startMs - settings.marginMs();
        long untilMs = idleSinceMs + pauses.keepMs();
        if (nowMs < fromMs) {
            draft.askAgainAt(fromMs);
        } else if (nowMs < untilMs) {
            draft.hold(Math.max(1, bursts.usualPeak()));
            draft.askAgainAt(untilMs);
        }
        return draft.plan(settings.mostHeld(), 0, 0);
    }

    /**
     * How likely it is that a call comes soon, from 0 to 1. Of the patterns, the degree of one
     * whose burst is going on or may begin; of other calls, how many pauses as long as this one
     * ended so soon, and where there were hardly any, how often it was called and how long ago.
     *
     * @param withinMs what is soon
     */
    public double chance(long atMs, long withinMs) {
        moveTo(atMs);
        if (running > 0) {
            return 1;
        }
        double periodic = patterns.chance(nowMs, withinMs);
        boolean isKnown = patterns.actedOn() > 0;
        long idleMs = idleSinceMs == Long.MIN_VALUE ? 0 : nowMs - idleSinceMs;
        double other = pauses.chance(idleMs, withinMs, calls) * (isKnown ? strayShare : 1);
        return Math.max(periodic, other);
    }

    private int spare() {
        int left = Math.max(0, bursts.usualPeak() - patterns.predictable());
        boolean wereStrays =
                lastStrayMs != Long.MIN_VALUE && nowMs - lastStrayMs <= pauses.keepMs();
        return wereStrays ? Math.max(left, strays.highPeak()) : left;
    }

    private void moveTo(long atMs) {
        nowMs = Math.max(nowMs, atMs);
        if (patterns.advance(nowMs)) {
            clock.changed();
        }
    }

    /** Whether a search for periods may find something that is not known yet. */
    public boolean isSearchDue(long atMs) {
        return clock.isDue(atMs, unexplained().size())
                || (bins != null && clock.isDueForBins(atMs));
    }

    private BurstRing unexplained() {
        return patterns.actedOn() > 0 ? strays : bursts.ring();
    }

    /** A copy of what was recorded, to be searched anywhere. */
    public PeriodSearch search(long atMs) {
        moveTo(atMs);
        List<EventSeries> series = new ArrayList<>();
        series.add(unexplained().series(bursts.gapMs()));
        clock.searched(nowMs);
        if (bins != null && clock.isDueForBins(nowMs)) {
            series.addAll(bins.series(bursts.ring().startMs(0)));
            clock.searchedBins(nowMs);
        }
        return new PeriodSearch(series, settings);
    }

    /**
     * Takes up what a search of this demand found.
     *
     * @return how many patterns are new
     */
    public int adopt(PeriodSearch.Findings findings, long atMs) {
        moveTo(atMs);
        int adopted = 0;
        for (Pattern pattern : findings.patterns()) {
            adopted += patterns.adopt(pattern, nowMs) ? 1 : 0;
        }
        if (adopted == 0) {
            clock.foundNothing(unexplained().size());
            return 0;
        }
        clock.changed();
        remember(findings.rest());
        strayShare = Math.min(strayShare, (float) strays.size() / bursts.ring().size());
        return adopted;
    }

    private void remember(EventSeries rest) {
        strays.clear();
        isStrayKept = false;
        for (int i = 0; i < rest.size(); i++) {
            strays.add(rest.timeMs(i), rest.peak(i));
            lastStrayMs = rest.timeMs(i);
        }
    }

    /** Searches at once and takes up what it finds: for replays and tests. */
    public int analyze(long atMs, RandomGenerator random) {
        return adopt(search(atMs).run(random), atMs);
    }

    /** What is thought of the periods of this demand, the next one first. */
    public List<Forecast> forecasts(long atMs) {
        moveTo(atMs);
        return patterns.forecasts();
    }

    /** How long before calls are expected what they need is started. */
    public long leadMs() {
        return startMs + settings.marginMs();
    }

    /** Whether isolates are prepared for a period of this demand. */
    public boolean isPeriodic() {
        return patterns.actedOn() > 0;
    }
}
