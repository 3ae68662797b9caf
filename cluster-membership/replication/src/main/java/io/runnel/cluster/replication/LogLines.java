package io.runnel.cluster.replication;

import io.runnel.cluster.replication.ReplicationException.Code;
import io.runnel.exec.task.RequestId;
import io.runnel.exec.task.TaskRef;
import io.vertx.core.buffer.Buffer;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How batches of log lines are written between nodes: NDJSON of {@code {"task":"demo/hello",
 * "request":ID,"at":MILLIS,"node":"pop/ams","text":TEXT}} and {@code
 * {"task":"demo/hello","dropped":37}}.
 */
final class LogLines {
    /** The longest text, each character escaped, and the rest of the line. */
    static final int MOST_LINE_BYTES = 6 * LogLine.MOST_CHARACTERS + 2_048;

    private static final String DROPPED = "dropped";

    private LogLines() {}

    static Buffer write(LogBatch batch) {
        Buffer all = Buffer.buffer();
        batch.droppedLines().forEach((task, lines) -> all.appendBytes(write(task, lines)));
        batch.lines().forEach(line -> all.appendBytes(write(line)));
        return all;
    }

    private static byte[] write(TaskRef task, long droppedLines) {
        return JsonLine.write(
                JsonLine.object().put("task", task.toString()).put(DROPPED, droppedLines));
    }

    private static byte[] write(LogLine line) {
        return JsonLine.write(
                JsonLine.object()
                        .put("task", line.task().toString())
                        .put("request", line.request().value())
                        .put("at", line.at().toEpochMilli())
                        .put("node", line.node())
                        .put("text", line.text()));
    }

    /**
     * All of a body.
     *
     * @throws ReplicationException {@code BAD_LINE} or {@code LINE_TOO_LONG}
     */
    static LogBatch read(String id, Buffer body) {
        List<LogLine> lines = new ArrayList<>();
        Map<TaskRef, Long> dropped = new HashMap<>();
        LineSplitter splitter = new LineSplitter(MOST_LINE_BYTES);
        splitter.split(body, line -> read(JsonLine.read(line), lines, dropped));
        splitter.finish();
        return new LogBatch(id, lines, dropped);
    }

    private static void read(JsonLine line, List<LogLine> lines, Map<TaskRef, Long> dropped) {
        try {
            TaskRef task = TaskRef.parse("task", line.text("task"));
            if (line.has(DROPPED)) {
                dropped.merge(task, positive(line.count(DROPPED)), Math::addExact);
            } else {
                lines.add(read(task, line));
            }
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new ReplicationException(Code.BAD_LINE, e.getMessage(), e);
        }
    }

    private static LogLine read(TaskRef task, JsonLine line) {
        return new LogLine(
                task,
                new RequestId(line.text("request")),
                Instant.ofEpochMilli(line.count("at")),
                line.text("node"),
                line.text("text"));
    }

    private static long positive(long lines) {
        if (lines == 0) {
            throw new IllegalArgumentException("dropped lines must be positive");
        }
        return lines;
    }
}
