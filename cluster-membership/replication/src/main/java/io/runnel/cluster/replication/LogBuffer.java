package io.runnel.cluster.replication;

import io.runnel.exec.task.TaskRef;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Lines of logs that wait for one region. When they become too many, the oldest go; how many of
 * which task went is said in a line of its own, where they would have stood. A batch stays the same
 * until it is settled, so that it can be sent again under its id. Safe for any thread; holds its
 * lock for moments only.
 */
final class LogBuffer {
    private static final long LINE_OVERHEAD_BYTES = 128L;
    private static final int MOST_TASKS_WITH_LOSSES = 256;

    private record Loss(long lines, LogLine last) {}

    private final String batchIdStem;
    private final long mostBytes;
    private final long batchBytes;
    private final Deque<LogLine> waiting = new ArrayDeque<>();
    private final Map<TaskRef, Loss> losses = new LinkedHashMap<>();
    private Optional<LogBatch> unsettled = Optional.empty();
    private long bytes;
    private long batches;
    private long dropped;

    /**
     * An empty one.
     *
     * @param batchIdStem what batches' ids begin with
     * @param mostBytes that may wait
     * @param batchBytes about how much makes a batch
     */
    LogBuffer(String batchIdStem, long mostBytes, long batchBytes) {
        this.batchIdStem = batchIdStem;
        this.mostBytes = mostBytes;
        this.batchBytes = batchBytes;
    }

    /** Says whether a whole batch is there now. */
    synchronized boolean add(LogLine line) {
        waiting.addLast(line);
        bytes += size(line);
        while (bytes > mostBytes && !waiting.isEmpty()) {
            lose(takeFirst());
        }
        return bytes >= batchBytes;
    }

    /** The batch that is not settled yet, else the next one, if there is anything. */
    synchronized Optional<LogBatch> next() {
        if (unsettled.isEmpty() && !(waiting.isEmpty() && losses.isEmpty())) {
            unsettled = Optional.of(new LogBatch(batchIdStem + batches++, takeBatch()));
        }
        return unsettled;
    }

    /** The batch has arrived. */
    synchronized void settle() {
        unsettled = Optional.empty();
    }

    /** The batch will never arrive. */
    synchronized void giveUp() {
        unsettled.ifPresent(batch -> batch.lines().forEach(this::lose));
        unsettled = Optional.empty();
    }

    synchronized boolean hasBatch() {
        return bytes >= batchBytes;
    }

    /** How many lines were dropped, ever. */
    synchronized long dropped() {
        return dropped;
    }

    private List<LogLine> takeBatch() {
        List<LogLine> lines = new ArrayList<>();
        losses.values().forEach(loss -> lines.add(told(loss)));
        losses.clear();
        long taken = 0;
        while (taken < batchBytes && !waiting.isEmpty()) {
            LogLine line = takeFirst();
            taken += size(line);
            lines.add(line);
        }
        return lines;
    }

    private LogLine takeFirst() {
        LogLine line = waiting.removeFirst();
        bytes -= size(line);
        return line;
    }

    private void lose(LogLine line) {
        dropped++;
        Loss before = losses.get(line.task());
        if (before != null) {
            losses.put(line.task(), new Loss(before.lines + 1, line));
        } else if (losses.size() < MOST_TASKS_WITH_LOSSES) {
            losses.put(line.task(), new Loss(1, line));
        }
    }

    private static LogLine told(Loss loss) {
        LogLine last = loss.last;
        String text = "[runnel] %d lines were dropped at %s".formatted(loss.lines, last.node());
        return new LogLine(last.task(), last.request(), last.at(), last.node(), text);
    }

    private static long size(LogLine line) {
        return line.text().length() + LINE_OVERHEAD_BYTES;
    }
}
