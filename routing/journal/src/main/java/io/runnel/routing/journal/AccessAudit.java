package io.runnel.routing.journal;

import io.runnel.routing.edge.AccessNote;
import io.vertx.core.Vertx;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * Who was denied what at this node, and some of what was allowed: each second what is alike is
 * written down in one line. Noting is safe for any thread and never blocks.
 */
public final class AccessAudit implements Consumer<AccessNote>, AutoCloseable {
    static final int MOST_SHOWN = 1_000;

    private static final Duration EVERY = Duration.ofSeconds(1);

    private final AccessTally tally = new AccessTally();
    private final Deque<AccessLine> last = new ArrayDeque<>();
    private final AccessFiles files;
    private final InstantSource clock;

    /**
     * One that nothing was noted by.
     *
     * @param folder where its files are; made if it is not there
     * @throws IOException if it cannot write there
     */
    AccessAudit(Path folder, InstantSource clock) throws IOException {
        this.files = new AccessFiles(folder);
        this.clock = clock;
    }

    /**
     * One that writes each second.
     *
     * @param folder where its files are; made if it is not there
     * @param disk where it writes
     * @throws IOException if it cannot write there
     */
    public static AccessAudit start(Vertx vertx, Path folder, Executor disk, InstantSource clock)
            throws IOException {
        AccessAudit audit = new AccessAudit(folder, clock);
        vertx.setPeriodic(EVERY.toMillis(), tick -> disk.execute(audit::write));
        return audit;
    }

    @Override
    public void accept(AccessNote note) {
        tally.add(note);
    }

    /** Writes down what was noted since the last time. Blocks. */
    synchronized void write() {
        Instant now = clock.instant();
        AccessTally.Taken taken = tally.take(now);
        for (AccessLine line : taken.lines()) {
            files.write(line::write);
            last.addFirst(line);
        }
        while (last.size() > MOST_SHOWN) {
            last.removeLast();
        }
        if (taken.others() > 0) {
            files.write(
                    json -> {
                        json.writeStartObject();
                        json.writeStringField("at", now.toString());
                        json.writeNumberField("others", taken.others());
                        json.writeEndObject();
                    });
        }
    }

    /** What was written down last, newest first. Blocks. */
    synchronized List<AccessLine> last() {
        write();
        return List.copyOf(last);
    }

    /** Writes down what is left. Blocks. */
    @Override
    public void close() {
        write();
        files.close();
    }
}
