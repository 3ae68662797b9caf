package io.runnel.cluster.replication;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * Which source is tried next, and after which pause. Sources are numbers, the preferred one is 0.
 * They are tried in rounds: all of them when none is followed, those before the followed one when
 * there is one. For one thread.
 */
final class SourceChoice {
    private static final long LONGEST_PROBE_PAUSE_MS = 30_000;
    private static final int MOST_DOUBLINGS = 10;

    private final int sources;
    private final BackOff backOff;
    private final long probeMs;
    private final Deque<Integer> round = new ArrayDeque<>();
    private int first;
    private int brief;

    /**
     * Nothing tried yet.
     *
     * @param backOff pauses between rounds of all
     * @param probe the pause between rounds of better ones
     */
    SourceChoice(int sources, BackOff backOff, Duration probe) {
        this.sources = sources;
        this.backOff = backOff;
        this.probeMs = probe.toMillis();
    }

    /** Begins a round. */
    void beginRound(Optional<Integer> followed) {
        round.clear();
        int count = followed.orElse(sources);
        int start = followed.isPresent() ? 0 : first;
        for (int i = 0; i < count; i++) {
            round.add((start + i) % sources);
        }
        first = 0;
    }

    /** The next one of this round. */
    Optional<Integer> next() {
        return Optional.ofNullable(round.poll());
    }

    /** How long to wait for the next round; none is needed while the preferred one is followed. */
    Optional<Long> pauseMs(Optional<Integer> followed) {
        if (followed.isEmpty()) {
            return Optional.of(backOff.nextMs());
        }
        // One that comes up and goes down again is not changed over to every second.
        long pauseMs = probeMs << Math.min(brief, MOST_DOUBLINGS);
        return followed.get() == 0
                ? Optional.empty()
                : Optional.of(Math.min(pauseMs, Math.max(probeMs, LONGEST_PROBE_PAUSE_MS)));
    }

    /** This one sends, and is followed. */
    void found() {
        round.clear();
    }

    /**
     * The followed one was lost; says whether the others are to be tried at once.
     *
     * @param steady whether it was followed for a while
     */
    boolean lost(int source, boolean steady) {
        if (steady) {
            backOff.reset();
            brief = 0;
        } else {
            brief++;
        }
        first = (source + 1) % sources;
        if (!steady || sources == 1) {
            return false;
        }
        beginRound(Optional.empty());
        // The lost one comes last in the round; it has its turn after the pause.
        round.removeLast();
        return true;
    }
}
