package io.runnel.exec.forecast;

/**
 * When a node starts what it holds for forecasts, so that the many that are expected on the full
 * hour are not all started at the same instant. Each is put into the last free time before it is
 * needed, and so, where it is crowded, further back: never later than it is needed, and never
 * earlier than its slack allows.
 *
 * <p>Time is taken in pieces of 100 ms, and only so much of it is remembered as slack can reach;
 * fixed memory, a few hundred steps for each start. Not thread-safe: one for each node, with what
 * guards its pool.
 */
public final class StartSchedule {
    private static final long PIECE_MS = 100;
    private static final int PIECES = 2_048;
    private static final int MOST_PIECES = 256;
    private static final long MOST_SLACK_MS = 120_000;

    private final int parallel;
    private final long[] taken = new long[PIECES];
    private long crowded;

    /**
     * Nothing is planned yet.
     *
     * @param parallel how many isolates the node starts at the same time
     */
    public StartSchedule(int parallel) {
        if (parallel < 1) {
            throw new IllegalArgumentException("parallel must be positive: " + parallel);
        }
        this.parallel = parallel;
    }

    /** How long so many starts of one length take together. */
    long workMs(int count, long startMs) {
        return (count + parallel - 1L) / parallel * startMs;
    }

    /**
     * Takes time for a start.
     *
     * @param latestMs when it must begin at the latest
     * @param workMs how long it keeps the node busy
     * @param slackMs how much earlier it may begin; two minutes at most are used
     * @return when it is to begin: now, if its latest time has passed
     */
    long place(long nowMs, long latestMs, long workMs, long slackMs) {
        if (latestMs <= nowMs) {
            return nowMs;
        }
        int pieces = Math.clamp((workMs + PIECE_MS - 1) / PIECE_MS, 1, MOST_PIECES);
        long earliest = Math.max(nowMs, latestMs - Math.min(slackMs, MOST_SLACK_MS));
        long first = latestMs / PIECE_MS;
        while (first >= earliest / PIECE_MS) {
            long conflict = lastTaken(first, pieces);
            if (conflict < first) {
                take(first, pieces);
                return Math.max(earliest, first * PIECE_MS);
            }
            first = conflict - pieces;
        }
        crowded++;
        return latestMs;
    }

    /**
     * The last of these pieces that is taken, or less than the first. A piece is marked by its own
     * number plus 1, so that what has passed needs no clearing.
     */
    private long lastTaken(long first, int pieces) {
        long piece = first + pieces - 1;
        while (piece >= first && taken[place(piece)] != piece + 1) {
            piece--;
        }
        return piece;
    }

    private void take(long first, int pieces) {
        for (long piece = first; piece < first + pieces; piece++) {
            taken[place(piece)] = piece + 1;
        }
    }

    private static int place(long piece) {
        return (int) Math.floorMod(piece, (long) PIECES);
    }

    /** How many starts found no free time within their slack and were put where others are. */
    public long crowded() {
        return crowded;
    }
}
