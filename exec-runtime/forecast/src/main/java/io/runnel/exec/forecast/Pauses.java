package io.runnel.exec.forecast;

/**
 * How long an idle isolate is worth keeping for calls that no period explains, by the pauses that
 * lay before such calls. After the hybrid histogram policy of Shahrad et al., "Serverless in the
 * Wild" (USENIX ATC 2020): what 99 of 100 pauses do not pass, and a tenth more; and if nearly all
 * pauses are long, an isolate is let go first and made again when the shortest of them, less a
 * tenth, is over.
 *
 * <p>Other than there, bins are a quarter of an octave wide instead of a minute, and no more is
 * ever spent on one pause than the keep-alive of a task of which nothing is known: where 99 of 100
 * pauses would need more, as many are covered as that time can, or none when that would be less
 * than one in twenty. Not thread-safe.
 */
final class Pauses {
    private static final long LONGEST_MS = 4L * 3_600_000;
    private static final int LEAST_PAUSES = 5;
    private static final int FEW = 32;
    private static final int EVERY = 8;
    private static final double HEAD = 0.05;
    private static final double TAIL = 0.99;
    private static final double LESS = 0.9;
    private static final double MORE = 1.1;
    private static final double WORTH_IT = 0.05;
    private static final long BRIEF_MS = 60_000;
    private static final double CALLS_TO_TRUST = 9;

    private final LogHistogram pauses = new LogHistogram(LONGEST_MS);
    private final long mostKeptMs;
    private long waitMs;
    private long keepMs;

    Pauses(long mostKeptMs) {
        this.mostKeptMs = mostKeptMs;
        this.keepMs = mostKeptMs;
    }

    /** A call came after so long without one. */
    void record(long pauseMs) {
        pauses.record(pauseMs);
        int total = pauses.total();
        if (total >= LEAST_PAUSES && (total <= FEW || total % EVERY == 0)) {
            decide();
        }
    }

    private void decide() {
        long head = (long) (pauses.startOfMs(HEAD) * LESS);
        long tail = (long) (pauses.endOfMs(TAIL) * MORE);
        boolean isLong = head >= BRIEF_MS && head >= tail / 4;
        waitMs = isLong && tail - head <= mostKeptMs ? head : 0;
        if (waitMs > 0 || tail <= mostKeptMs) {
            keepMs = tail;
        } else {
            keepMs = worthKeeping();
        }
    }

    private long worthKeeping() {
        double covered = pauses.shareUpTo(mostKeptMs);
        if (covered < WORTH_IT) {
            return Math.min(BRIEF_MS, mostKeptMs);
        }
        return Math.min(mostKeptMs, pauses.endOfMs(covered * TAIL));
    }

    /**
     * How likely it is that a pause that lasts so long already ends soon: as many as did of those
     * that lasted so long, and one more, of which nothing is known but how many calls came before.
     * What was called once comes back one time in ten; what is paused for long is for longer.
     */
    double chance(long idleMs, long withinMs, int calls) {
        double before = pauses.shareUpTo(idleMs);
        double soon = pauses.shareUpTo(idleMs + withinMs) - before;
        double again = calls / (calls + CALLS_TO_TRUST);
        double unknown = again * withinMs / (withinMs + idleMs);
        int total = pauses.total();
        return (total * soon + unknown) / (total * (1 - before) + 1);
    }

    /** Since the last use an isolate is let go for so long first; 0 if it is kept. */
    long waitMs() {
        return waitMs;
    }

    /** Since the last use an isolate is kept for so long. */
    long keepMs() {
        return keepMs;
    }
}
