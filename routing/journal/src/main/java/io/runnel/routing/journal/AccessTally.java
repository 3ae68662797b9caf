package io.runnel.routing.journal;

import io.runnel.exec.task.RequestId;
import io.runnel.routing.edge.AccessNote;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Counts calls that were allowed or denied alike, until they are written down. There are never more
 * than {@link #MOST_KINDS} kinds of them: whoever asks for a thousand names has the first of them
 * noted, and the others counted. Safe for any thread.
 */
final class AccessTally {
    static final int MOST_KINDS = 256;

    private final Map<AccessNote.Kind, Count> counts = new LinkedHashMap<>();
    private long others;

    private static final class Count {
        private final RequestId first;
        private long calls;

        Count(RequestId first) {
            this.first = first;
        }
    }

    /**
     * What was counted.
     *
     * @param others calls of which nothing more is known
     */
    record Taken(List<AccessLine> lines, long others) {}

    synchronized void add(AccessNote note) {
        Count count = counts.get(note.kind());
        if (count == null && counts.size() < MOST_KINDS) {
            count = new Count(note.request());
            counts.put(note.kind(), count);
        }
        if (count == null) {
            others++;
        } else {
            count.calls++;
        }
    }

    /** Takes what was counted since the last time. */
    synchronized Taken take(Instant now) {
        List<AccessLine> lines =
                counts.entrySet().stream()
                        .map(
                                one ->
                                        new AccessLine(
                                                now,
                                                one.getKey(),
                                                one.getValue().first,
                                                one.getValue().calls))
                        .toList();
        Taken taken = new Taken(lines, others);
        counts.clear();
        others = 0;
        return taken;
    }
}
