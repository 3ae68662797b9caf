package io.runnel.exec.forecast;

/**
 * Which calls belong together. Calls that are nearer to each other than a tenth of the usual gap
 * between bursts are one burst, as are calls within a second, and none that are more than a minute
 * apart. Not thread-safe.
 */
final class Bursts {
    private static final int REMEMBERED = 64;
    private static final int FEW = 16;
    private static final byte EVERY = 4;
    private static final long MOST_GAP_MS = 60_000;
    private static final double LINGER_FADES = 0.95;

    private final BurstRing ring = new BurstRing(REMEMBERED);
    private final long leastGapMs;
    private long gapMs;
    private long lastCallMs;
    private long lingerMs;
    private int usualPeak;
    private byte untilGap;

    Bursts(long leastGapMs) {
        this.leastGapMs = leastGapMs;
        this.gapMs = leastGapMs;
    }

    /** A call came; whether a burst begins with it. */
    boolean record(long nowMs, int running) {
        long pause = nowMs - lastCallMs;
        boolean begins = ring.size() == 0 || pause > gapMs;
        lastCallMs = nowMs;
        if (begins) {
            usualPeak = ring.highPeak();
            ring.add(nowMs, running);
            if (ring.size() <= FEW || --untilGap <= 0) {
                untilGap = EVERY;
                gapMs = Math.max(leastGapMs, Math.min(MOST_GAP_MS, ring.middleGapMs() / 10));
            }
            lingerMs = (long) (lingerMs * LINGER_FADES);
        } else {
            ring.raise(running);
            lingerMs = Math.max(lingerMs, pause);
        }
        return begins;
    }

    BurstRing ring() {
        return ring;
    }

    /** Less than this lies between two calls of one burst. */
    long gapMs() {
        return gapMs;
    }

    /** After this long without a call a burst is taken to be over. */
    long lingerMs() {
        return Math.max(leastGapMs, 2 * lingerMs);
    }

    /** The 95th percentile of the ten bursts before this one. */
    int usualPeak() {
        return usualPeak;
    }
}
