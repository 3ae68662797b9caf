package io.runnel.cluster.replication;

import io.runnel.cluster.replication.ReplicationException.Code;
import io.runnel.exec.task.NodeName;
import io.runnel.exec.task.RequestId;
import io.runnel.exec.task.TaskRef;
import io.vertx.core.buffer.Buffer;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * How lines of logs are written between nodes: NDJSON of {@code {"task":"demo/hello",
 * "request":ID,"at":MILLIS,"node":"ams","text":TEXT}}.
 */
final class LogLines {
    /** The longest text, each character escaped, and the rest of the line. */
    static final int MOST_LINE_BYTES = 6 * LogLine.MOST_CHARACTERS + 1_024;

    private LogLines() {}

    static byte[] write(LogLine line) {
        return JsonLine.write(
                JsonLine.object()
                        .put("task", line.task().toString())
                        .put("request", line.request().value())
                        .put("at", line.at().toEpochMilli())
                        .put("node", line.node().value())
                        .put("text", line.text()));
    }

    static Buffer write(List<LogLine> lines) {
        Buffer all = Buffer.buffer();
        lines.forEach(line -> all.appendBytes(write(line)));
        return all;
    }

    /**
     * All lines of a body.
     *
     * @throws ReplicationException {@code BAD_LINE} or {@code LINE_TOO_LONG}
     */
    static List<LogLine> read(Buffer body) {
        List<LogLine> lines = new ArrayList<>();
        LineSplitter splitter = new LineSplitter(MOST_LINE_BYTES);
        splitter.split(body, line -> lines.add(read(line)));
        splitter.finish();
        return lines;
    }

    private static LogLine read(byte[] utf8) {
        JsonLine line = JsonLine.read(utf8);
        try {
            return new LogLine(
                    task(line.text("task")),
                    new RequestId(line.text("request")),
                    Instant.ofEpochMilli(line.count("at")),
                    new NodeName(line.text("node")),
                    line.text("text"));
        } catch (IllegalArgumentException e) {
            throw new ReplicationException(Code.BAD_LINE, e.getMessage(), e);
        }
    }

    private static TaskRef task(String written) {
        int slash = written.indexOf('/');
        if (slash < 0) {
            throw new IllegalArgumentException("task must be ACCOUNT/NAME");
        }
        return TaskRef.of(written.substring(0, slash), written.substring(slash + 1));
    }
}
