package io.runnel.cluster.store;

import io.runnel.exec.task.RequestId;
import io.runnel.exec.task.TaskRef;

import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Tasks' logs in their tables, within a space and an age: past the space the oldest lines of all
 * tasks go, and are counted for their task; past the age they go uncounted, as was promised. Each
 * method is one step of its caller's transaction.
 */
final class LogTables {
    private static final String COLUMNS = "id, account, task, request, at_ms, node, text";
    private static final int TRIM_STEP = 256;
    private static final long LINE_OVERHEAD_BYTES = 100L;

    private final Database database;
    private final Retention retention;

    LogTables(Database database, Retention retention) {
        this.database = database;
        this.retention = retention;
    }

    void append(List<TaskLogLine> lines, List<DroppedLines> dropped, Instant now) {
        long bytes = size();
        for (TaskLogLine line : lines) {
            bytes += insert(line, now);
        }
        dropped.forEach(d -> countDropped(d.task(), d.lines()));
        bytes = trim(bytes, now);
        database.update("UPDATE task_log_size SET bytes = ?", bytes);
    }

    private long size() {
        return database.first(row -> row.getLong(1), "SELECT bytes FROM task_log_size").orElse(0L);
    }

    private long insert(TaskLogLine line, Instant now) {
        long bytes = line.text().getBytes(StandardCharsets.UTF_8).length + LINE_OVERHEAD_BYTES;
        database.update(
                "INSERT INTO task_log (account, task, request, at_ms, node, text, bytes, kept_ms)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                line.task().account().value(),
                line.task().name().value(),
                line.request().value(),
                line.at().toEpochMilli(),
                line.node(),
                // A guest may write any character; not every engine keeps this one.
                line.text().replace('\0', '\uFFFD'),
                bytes,
                now.toEpochMilli());
        return bytes;
    }

    private void countDropped(TaskRef task, long lines) {
        database.update(
                "INSERT INTO task_log_dropped (account, task, lines) VALUES (?, ?, ?)"
                        + " ON CONFLICT (account, task) DO UPDATE SET lines ="
                        + " task_log_dropped.lines + excluded.lines",
                task.account().value(),
                task.name().value(),
                lines);
    }

    private record Old(long id, TaskRef task, long bytes, long keptMillis) {}

    /** Drops the oldest lines until the rest is within its limits; the bytes that are left. */
    private long trim(long bytes, Instant now) {
        long left = bytes;
        boolean more = true;
        while (more) {
            List<Old> oldest = oldest();
            Map<TaskRef, Long> forced = new HashMap<>();
            int gone = 0;
            for (Old line : oldest) {
                boolean expired = line.keptMillis() < oldestKept(now);
                if (!expired && left <= retention.mostLogs().bytes()) {
                    break;
                }
                if (!expired) {
                    forced.merge(line.task(), 1L, Long::sum);
                }
                left -= line.bytes();
                gone++;
            }
            if (gone > 0) {
                database.update("DELETE FROM task_log WHERE id <= ?", oldest.get(gone - 1).id());
                forced.forEach(this::countDropped);
            }
            more = gone == TRIM_STEP;
        }
        return left;
    }

    private List<Old> oldest() {
        return database.list(
                row ->
                        new Old(
                                row.getLong(1),
                                TaskRef.of(row.getString(2), row.getString(3)),
                                row.getLong(4),
                                row.getLong(5)),
                "SELECT id, account, task, bytes, kept_ms FROM task_log ORDER BY id LIMIT "
                        + TRIM_STEP);
    }

    private long oldestKept(Instant now) {
        return now.minus(retention.logAge()).toEpochMilli();
    }

    LogPage after(TaskRef task, long afterId, int limit, Instant now) {
        return page(
                task,
                database.list(
                        LogTables::entry,
                        "SELECT "
                                + COLUMNS
                                + " FROM task_log WHERE account = ? AND task = ? AND id > ? AND"
                                + " kept_ms >= ? ORDER BY id LIMIT ?",
                        task.account().value(),
                        task.name().value(),
                        afterId,
                        oldestKept(now),
                        limit));
    }

    LogPage last(TaskRef task, int limit, Instant now) {
        List<LogPage.Entry> newestFirst =
                database.list(
                        LogTables::entry,
                        "SELECT "
                                + COLUMNS
                                + " FROM task_log WHERE account = ? AND task = ? AND kept_ms >= ?"
                                + " ORDER BY id DESC LIMIT ?",
                        task.account().value(),
                        task.name().value(),
                        oldestKept(now),
                        limit);
        List<LogPage.Entry> entries = new ArrayList<>(newestFirst);
        Collections.reverse(entries);
        return page(task, entries);
    }

    private LogPage page(TaskRef task, List<LogPage.Entry> entries) {
        long dropped =
                database.first(
                                row -> row.getLong(1),
                                "SELECT lines FROM task_log_dropped WHERE account = ? AND task ="
                                        + " ?",
                                task.account().value(),
                                task.name().value())
                        .orElse(0L);
        return new LogPage(entries, dropped);
    }

    private static LogPage.Entry entry(ResultSet row) throws SQLException {
        TaskLogLine line =
                new TaskLogLine(
                        TaskRef.of(row.getString(2), row.getString(3)),
                        new RequestId(row.getString(4)),
                        Instant.ofEpochMilli(row.getLong(5)),
                        row.getString(6),
                        row.getString(7));
        return new LogPage.Entry(row.getLong(1), line);
    }
}
