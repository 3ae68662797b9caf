package io.runnel.routing.usage;

import io.runnel.exec.task.RegionId;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * How far a segment has been looked through, and whose records were found. Each frame is looked at
 * once; later only what goes to a region, from where the region is. For one thread, but where it
 * says so.
 */
final class SegmentReading {
    private final SpoolSegment segment;
    private final UsageDecoder decoder = new UsageDecoder();
    private final long start;
    private final boolean live;
    private final Map<RegionId, Integer> ends = new HashMap<>();
    private int behind = SpoolHeader.BYTES;
    private boolean torn;
    private volatile boolean finished;
    private volatile boolean forced;

    /**
     * Nothing of it yet.
     *
     * @param start the place at which the segment begins
     * @param live whether this process writes it: then what is claimed will be whole
     */
    SegmentReading(SpoolSegment segment, long start, boolean live) {
        this.segment = segment;
        this.start = start;
        this.live = live;
    }

    SpoolSegment segment() {
        return segment;
    }

    long start() {
        return start;
    }

    /** The place behind what was looked through. */
    long to() {
        return start + behind;
    }

    /** Whether no record will ever be found behind {@link #to}. For any thread. */
    boolean isFinished() {
        return finished;
    }

    /** Has the system write what was written to it. For any thread. */
    void force() {
        boolean last = finished;
        segment.force();
        forced = last;
    }

    /** Whether the disk has everything that will ever be in it. For any thread. */
    boolean isForced() {
        return forced;
    }

    /** Whether there is something behind {@link #to} that cannot be read. */
    boolean isTorn() {
        return torn;
    }

    /** Behind the last record of each region. */
    Map<RegionId, Integer> ends() {
        return ends;
    }

    /** The place behind the last record of the region, if there is one. */
    Optional<Long> end(RegionId home) {
        return Optional.ofNullable(ends.get(home)).map(end -> start + end);
    }

    /** Looks through what has come. Returns how many records could not be read. */
    int readOn() {
        int damaged = 0;
        while (!finished) {
            Step step = step();
            switch (step) {
                case WAIT -> {
                    return damaged;
                }
                case FINISH -> finished = true;
                case TEAR -> {
                    damaged++;
                    torn = true;
                    finished = true;
                }
                case SKIP -> {
                    damaged++;
                    behind = next(behind);
                }
                case TAKE -> behind = next(behind);
            }
        }
        return damaged;
    }

    private enum Step {
        /** Somebody writes there, or will. */
        WAIT,
        /** There is nothing more. */
        FINISH,
        /** There is something, but not where it ends. */
        TEAR,
        /** A frame without a record. */
        SKIP,
        /** A record. */
        TAKE
    }

    private Step step() {
        int left = segment.limit() - behind;
        if (left == 0) {
            return Step.FINISH;
        }
        if (left < FrameWord.HEAD) {
            return Step.TEAR;
        }
        int word = segment.word(behind);
        if (word == FrameWord.NOTHING) {
            return live ? Step.WAIT : segment.isEmptyFrom(behind) ? Step.FINISH : Step.TEAR;
        }
        if (word == FrameWord.END) {
            return Step.FINISH;
        }
        if (!FrameWord.isFrame(word) || !segment.hasRoom(behind, word)) {
            return Step.TEAR;
        }
        if (FrameWord.isClaimed(word)) {
            return live ? Step.WAIT : Step.SKIP;
        }
        return note() ? Step.TAKE : Step.SKIP;
    }

    private boolean note() {
        try {
            Optional<RegionId> home = segment.body(behind).map(decoder::home);
            home.ifPresent(region -> ends.put(region, next(behind)));
            return home.isPresent();
        } catch (UsageFormatException _) {
            return false;
        }
    }

    private int next(int at) {
        return at + FrameWord.frameBytes(FrameWord.length(segment.word(at)));
    }

    /** Gathers from a place on. Returns false as soon as something does not fit any more. */
    boolean gather(long from, Stretch stretch) {
        int next;
        for (int at = offset(from); at < behind; at = next) {
            next = next(at);
            Optional<byte[]> body =
                    FrameWord.isClaimed(segment.word(at)) ? Optional.empty() : segment.body(at);
            if (body.isPresent() && !stretch.take(start + at, body.get(), start + next)) {
                return false;
            }
        }
        return true;
    }

    /**
     * The last beginning of a frame that is not behind {@code place}.
     *
     * @param from one that is before it, or a place before the segment
     */
    long floor(long place, long from) {
        int at = offset(from);
        while (at < behind && start + next(at) <= place) {
            at = next(at);
        }
        return start + at;
    }

    private int offset(long place) {
        return (int) Math.max(SpoolHeader.BYTES, place - start);
    }
}
