package io.runnel.exec.forecast;

/**
 * One period of a task's demand, followed from burst to burst: its {@link Rhythm}, how many calls
 * its bursts bring, and how far it is trusted.
 *
 * <p>The degree of periodicity is the share of the last ten windows in which the burst came, times
 * 1 - jitter / period. A pattern is trusted from 0.75 on and no longer below 0.5. Three windows in
 * a row without a burst revoke it.
 *
 * <p>Not thread-safe: whoever owns the {@link Demand}.
 */
final class Pattern {
    static final double TRUSTED = 0.75;
    static final double NOT_TRUSTED = 0.5;
    static final int MOST_MISSES = 3;
    static final long NOT_PLACED = Long.MIN_VALUE;

    private static final int REMEMBERED = 10;
    private static final int LEAST_WINDOWS = 4;
    private static final int LEAST_WINDOWS_AGAIN = 2;
    private static final int SEASONED_HITS = 6;
    private static final int MOST_REVIVALS = 8;

    private final Rhythm rhythm;
    private final short leastPeak;
    private final Amounts amounts = new Amounts();

    private PatternState state = PatternState.LEARNING;
    private long heldUntilMs = Long.MIN_VALUE;
    private long startMs = NOT_PLACED;
    private short history;
    private byte windows;
    private byte leastWindows = LEAST_WINDOWS;
    private byte missesInRow;
    private byte revivals;
    private int hits;
    private int misses;

    /**
     * A pattern of which one burst is known.
     *
     * @param lastPeak how many calls ran at once in it
     * @param leastPeak less than this many calls at once are none of its bursts
     */
    Pattern(Rhythm rhythm, int lastPeak, int leastPeak) {
        this.rhythm = rhythm;
        this.leastPeak = (short) leastPeak;
        amounts.add(lastPeak);
    }

    /** Windows that closed before now without their burst are missed. */
    void advance(long nowMs) {
        while (state != PatternState.REVOKED && nowMs > rhythm.closesMs()) {
            record(false);
            missesInRow++;
            rhythm.missed();
            startMs = NOT_PLACED;
            doubt();
        }
    }

    /**
     * A call came; {@link #advance} was called before.
     *
     * @param running calls that run now, with this one
     * @param lingerMs how long after one of its calls another may come in the same burst
     * @param isPure whether hardly any burst comes that no pattern accounts for: then what comes
     *     near the window is its burst, and what comes in it is surely so
     * @return whether this pattern accounts for it
     */
    boolean observe(long nowMs, int running, long lingerMs, boolean isPure) {
        if (state == PatternState.REVOKED || running < leastPeak) {
            return false;
        }
        if (nowMs <= heldUntilMs) {
            hold(nowMs, lingerMs);
            amounts.raise(running);
            return true;
        }
        long closesMs = (long) rhythm.closesMs();
        boolean isHit = Math.abs(rhythm.errorMs(nowMs)) <= rhythm.halfWindowMs();
        if (isHit) {
            hit(nowMs);
        } else if (!isPure || !isNear(nowMs)) {
            return false;
        }
        startMs = NOT_PLACED;
        hold(nowMs, lingerMs);
        if (isHit && !isPure) {
            heldUntilMs = Math.max(heldUntilMs, closesMs);
        }
        amounts.add(running);
        return true;
    }

    private void hit(long nowMs) {
        record(true);
        missesInRow = 0;
        rhythm.hit(nowMs);
        trust();
    }

    private boolean isNear(long nowMs) {
        double error = rhythm.errorMs(nowMs);
        double nearMs = 2 * rhythm.halfWindowMs();
        if (error < 0 && -error <= nearMs) {
            tooEarly(nowMs, error);
            return true;
        }
        double sinceLast = error + rhythm.periodMs();
        if (missesInRow > 0 && sinceLast <= nearMs) {
            tooLate(nowMs, sinceLast);
            return true;
        }
        return false;
    }

    /** It came before its window, and was not prepared for: the window counts as missed. */
    private void tooEarly(long nowMs, double error) {
        record(false);
        rhythm.outside(nowMs, error);
        doubt();
    }

    /** It came after its window, which has been counted as missed. */
    private void tooLate(long nowMs, double error) {
        missesInRow = 0;
        rhythm.outside(nowMs, error);
        trust();
    }

    private void hold(long nowMs, long lingerMs) {
        heldUntilMs = nowMs + Math.min((long) (rhythm.periodMs() / 10), lingerMs);
    }

    private void record(boolean hit) {
        history = (short) (((history << 1) | (hit ? 1 : 0)) & ((1 << REMEMBERED) - 1));
        windows = (byte) Math.min(windows + 1, REMEMBERED);
        hits += hit ? 1 : 0;
        misses += hit ? 0 : 1;
    }

    private void trust() {
        boolean isProven = windows >= leastWindows && degree() >= TRUSTED;
        if (state == PatternState.SUSPECT) {
            state = state.become(PatternState.PERIODIC);
        } else if (state == PatternState.LEARNING && isProven) {
            state = state.become(PatternState.PERIODIC);
            revivals = 0;
        }
    }

    private void doubt() {
        if (state == PatternState.PERIODIC) {
            state = state.become(PatternState.SUSPECT);
        }
        boolean isDistrusted = windows >= leastWindows && degree() < NOT_TRUSTED;
        if (missesInRow >= MOST_MISSES || isDistrusted) {
            state = state.become(PatternState.REVOKED);
            heldUntilMs = Long.MIN_VALUE;
        }
    }

    /**
     * A burst came where none was expected, although this one's was due: demand may have moved.
     * What was moved so is expected one period after it; what was revoked is watched again.
     *
     * @return whether the pattern may still be of use
     */
    boolean restartAt(long nowMs) {
        if (state == PatternState.REVOKED) {
            if (hits < SEASONED_HITS || revivals++ >= MOST_REVIVALS) {
                return false;
            }
            state = state.become(PatternState.LEARNING);
            history = 0;
            windows = 0;
            missesInRow = 0;
            leastWindows = LEAST_WINDOWS_AGAIN;
        }
        rhythm.restart(nowMs);
        startMs = NOT_PLACED;
        return true;
    }

    /** How periodic it is, from 0 to 1. */
    double degree() {
        double share = windows == 0 ? 0 : (double) Integer.bitCount(history) / windows;
        return share * Math.max(0, 1 - rhythm.jitterMs() / rhythm.periodMs());
    }

    /** How many isolates its bursts need: the 95th percentile of the last ten. */
    int amount() {
        return amounts.high();
    }

    Rhythm rhythm() {
        return rhythm;
    }

    PatternState state() {
        return state;
    }

    int leastPeak() {
        return leastPeak;
    }

    int missesInRow() {
        return missesInRow;
    }

    int hits() {
        return hits;
    }

    int misses() {
        return misses;
    }

    /** Until when isolates are kept for what may still come of its last burst. */
    long heldUntilMs() {
        return heldUntilMs;
    }

    /** When the start for the next window is to be made, or {@link #NOT_PLACED}. */
    long startMs() {
        return startMs;
    }

    void placeStart(long atMs) {
        startMs = atMs;
    }
}
