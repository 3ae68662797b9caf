package io.runnel.cluster.replication;

import io.runnel.exec.task.RegionId;
import io.runnel.routing.catalog.FeedRecord;
import io.runnel.routing.catalog.Position;
import io.vertx.core.buffer.Buffer;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The newest lines of each origin's log, written out once for all followers, so that what is new
 * goes out without asking the store. Holds about a MiB for each origin. Safe for any thread.
 */
final class FeedTail {
    private static final long MOST_BYTES = 1024 * 1024;
    private static final int MOST_LINES_A_CALL = 256;

    /**
     * A record as it is sent.
     *
     * @param bytes shared: to be written, never to be changed
     */
    record Line(Position at, String prev, Buffer bytes) {
        boolean follows(Position known) {
            return at.log().equals(known.log())
                    && at.seq() == known.seq() + 1
                    && known.agreesWith(prev);
        }
    }

    private static final class Newest {
        private final Deque<Line> lines = new ArrayDeque<>();
        private long bytes;

        void add(Line line) {
            if (!lines.isEmpty() && !line.follows(lines.getLast().at)) {
                lines.clear();
                bytes = 0;
            }
            lines.addLast(line);
            bytes += line.bytes.length();
            while (bytes > MOST_BYTES) {
                bytes -= lines.removeFirst().bytes.length();
            }
        }
    }

    private final Map<RegionId, Newest> origins = new HashMap<>();

    void add(List<FeedRecord> records) {
        for (FeedRecord record : records) {
            Buffer bytes = FeedLines.write(new FeedLine.Change(record));
            Line line = new Line(Position.of(record), record.prev(), bytes);
            synchronized (origins) {
                origins.computeIfAbsent(record.origin(), added -> new Newest()).add(line);
            }
        }
    }

    void forget(RegionId origin) {
        synchronized (origins) {
            origins.remove(origin);
        }
    }

    /** Some of the lines that follow on this one; none if the first of them is not held. */
    List<Line> after(RegionId origin, Position known) {
        synchronized (origins) {
            Newest newest = origins.get(origin);
            List<Line> found = new ArrayList<>();
            for (Line line : newest == null ? List.<Line>of() : newest.lines) {
                if ((!found.isEmpty() || line.follows(known)) && found.size() < MOST_LINES_A_CALL) {
                    found.add(line);
                }
            }
            return found;
        }
    }
}
