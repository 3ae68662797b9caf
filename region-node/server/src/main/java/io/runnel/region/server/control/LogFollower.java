package io.runnel.region.server.control;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.runnel.cluster.store.LogPage;
import io.runnel.exec.http.Exchange;
import io.runnel.exec.task.TaskRef;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;

/**
 * One reader who wants to see lines as they come: NDJSON, a line of the log each; {@code
 * {"dropped":N}} when lines were dropped; {@code {"now":TIME}} when nothing came for a while, so
 * that a connection that is gone is noticed. On the response's event loop.
 */
final class LogFollower {
    static final String CONTENT_TYPE = "application/x-ndjson";
    static final long STEP_MS = 200;
    static final Duration QUIET = Duration.ofSeconds(15);

    private static final int PAGE = 500;

    private final ControlSettings settings;
    private final TaskRef task;
    private final Exchange exchange;
    private final HttpServerResponse response;
    private final BooleanSupplier closed;
    private long after;
    private long dropped;
    private long lastWriteNanos;

    /** The socket has not taken all yet: the queue of a secured connection does not tell that. */
    private boolean writing;

    LogFollower(ControlSettings settings, TaskRef task, Exchange exchange, BooleanSupplier closed) {
        this.settings = settings;
        this.task = task;
        this.exchange = exchange;
        this.response = exchange.response();
        this.closed = closed;
        this.lastWriteNanos = settings.nanoClock().getAsLong();
    }

    void start(Optional<Long> from, int limit) {
        response.setChunked(true);
        response.putHeader(HttpHeaders.CONTENT_TYPE, CONTENT_TYPE);
        response.putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        response.writeHead();
        after = from.orElse(0L);
        take(
                from.isPresent()
                        ? settings.store().readLogs(task, after, PAGE)
                        : settings.store().lastLogs(task, limit));
    }

    private void take(CompletionStage<LogPage> page) {
        page.whenComplete(
                (lines, failure) ->
                        exchange.onLoop(
                                () -> {
                                    if (failure != null || isOver()) {
                                        end();
                                    } else {
                                        write(lines);
                                    }
                                }));
    }

    private boolean isOver() {
        return closed.getAsBoolean() || exchange.isFinished();
    }

    private void write(LogPage page) {
        Buffer lines = Buffer.buffer();
        for (LogPage.Entry entry : page.entries()) {
            ObjectNode json = ControlJson.object();
            LogOperations.put(json, entry);
            lines.appendString(json.toString()).appendString("\n");
            after = entry.id();
        }
        if (page.droppedLines() != dropped) {
            dropped = page.droppedLines();
            lines.appendString("{\"dropped\":%d}\n".formatted(dropped));
        }
        long now = settings.nanoClock().getAsLong();
        if (lines.length() == 0 && now - lastWriteNanos > QUIET.toNanos()) {
            lines.appendString("{\"now\":\"%s\"}\n".formatted(settings.clock().instant()));
        }
        if (lines.length() > 0) {
            lastWriteNanos = now;
            writing = true;
            response.write(lines).onComplete(taken -> writing = false);
        }
        settings.vertx().setTimer(page.entries().size() == PAGE ? 1 : STEP_MS, tick -> step());
    }

    private void step() {
        if (isOver()) {
            end();
        } else if (writing || response.writeQueueFull()) {
            settings.vertx().setTimer(STEP_MS, tick -> step());
        } else {
            take(settings.store().readLogs(task, after, PAGE));
        }
    }

    private void end() {
        if (!exchange.isFinished()) {
            response.end();
        }
    }
}
