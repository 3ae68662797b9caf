package io.runnel.cluster.replication;

import io.runnel.exec.task.TaskRef;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Lines of logs that wait for one region. When they become too many, the oldest go; how many of
 * which task went is said in the next batch. A batch stays the same until it is settled, so that it
 * can be sent again under its id. Safe for any thread; holds its lock for moments only.
 */
final class LogBuffer {
    private static final long LINE_OVERHEAD_BYTES = 128;
    private static final int MOST_TASKS_WITH_LOSSES = 256;

    private final String batchIdStem;
    private final long mostBytes;
    private final long batchBytes;
    private final Deque<LogLine> waiting = new ArrayDeque<>();
    private final Map<TaskRef, Long> losses = new HashMap<>();
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
        while (bytes > mostBytes) {
            lose(takeFirst().task(), 1);
        }
        return bytes >= batchBytes;
    }

    /** Lines that were lost before they came here. */
    synchronized void addDropped(TaskRef task, long lines) {
        lose(task, lines);
    }

    synchronized boolean hasBatch() {
        return bytes >= batchBytes;
    }

    /** The batch that is not settled yet, else the next one, if there is anything. */
    synchronized Optional<LogBatch> next() {
        if (unsettled.isEmpty() && !(waiting.isEmpty() && losses.isEmpty())) {
            unsettled = Optional.of(takeBatch());
        }
        return unsettled;
    }

    /** The batch has arrived. */
    synchronized void settle() {
        unsettled = Optional.empty();
    }

    /** The batch will never arrive. */
    synchronized void giveUp() {
        unsettled.ifPresent(batch -> batch.lines().forEach(line -> lose(line.task(), 1)));
        unsettled = Optional.empty();
    }

    /** How many lines were dropped, ever. */
    synchronized long dropped() {
        return dropped;
    }

    private LogBatch takeBatch() {
        List<LogLine> lines = new ArrayList<>();
        long taken = 0;
        while (taken < batchBytes && !waiting.isEmpty()) {
            LogLine line = takeFirst();
            taken += size(line);
            lines.add(line);
        }
        LogBatch batch = new LogBatch(batchIdStem + batches++, lines, losses);
        losses.clear();
        return batch;
    }

    private LogLine takeFirst() {
        LogLine line = waiting.removeFirst();
        bytes -= size(line);
        return line;
    }

    /** Of too many tasks at once the losses are only in the sum. */
    private void lose(TaskRef task, long lines) {
        dropped += lines;
        if (losses.containsKey(task) || losses.size() < MOST_TASKS_WITH_LOSSES) {
            losses.merge(task, lines, Long::sum);
        }
    }

    private static long size(LogLine line) {
        return line.text().length() + LINE_OVERHEAD_BYTES;
    }
}
