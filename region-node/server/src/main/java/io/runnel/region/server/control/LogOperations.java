package io.runnel.region.server.control;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.runnel.cluster.store.LogPage;
import io.runnel.exec.http.ErrorCode;
import io.runnel.exec.task.TaskRef;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;

/** What tasks wrote to standard error, as it was or as it comes. */
final class LogOperations {
    static final int MOST_FOLLOWERS = 64;
    static final int MOST_LISTED = 1000;
    static final int LISTED = 100;

    private final ControlSettings settings;
    private final AtomicInteger followers = new AtomicInteger();
    private volatile boolean closed;

    LogOperations(ControlSettings settings) {
        this.settings = settings;
    }

    CompletionStage<? extends Reply> read(Call call) {
        TaskRef task = TaskOperations.task(call, call.catalog()).value().ref();
        int limit = (int) call.number("limit", 1, MOST_LISTED, LISTED);
        Optional<Long> after =
                call.query("after").map(text -> call.number("after", 0, Long.MAX_VALUE, 0));
        return call.flag("follow") ? follow(call, task, after, limit) : once(task, after, limit);
    }

    private CompletionStage<LogPage> page(TaskRef task, Optional<Long> after, int limit) {
        return after.isPresent()
                ? settings.store().readLogs(task, after.get(), limit)
                : settings.store().lastLogs(task, limit);
    }

    private CompletionStage<Reply> once(TaskRef task, Optional<Long> after, int limit) {
        return page(task, after, limit)
                .thenApply(
                        page -> {
                            ObjectNode json =
                                    ControlJson.list("lines", page.entries(), LogOperations::put);
                            json.put("dropped", page.droppedLines());
                            json.put(
                                    "next",
                                    page.entries().isEmpty()
                                            ? after.orElse(0L)
                                            : page.entries().getLast().id());
                            return Reply.ok(json);
                        });
    }

    static void put(ObjectNode json, LogPage.Entry entry) {
        json.put("id", entry.id());
        json.put("at", entry.line().at().toString());
        json.put("request", entry.line().request().value());
        json.put("node", entry.line().node());
        json.put("text", entry.line().text());
    }

    private CompletionStage<Reply> follow(
            Call call, TaskRef task, Optional<Long> after, int limit) {
        if (followers.incrementAndGet() > MOST_FOLLOWERS) {
            followers.decrementAndGet();
            throw new RefusedException(
                    ErrorCode.OVER_CAPACITY, "at most %d followers".formatted(MOST_FOLLOWERS));
        }
        // Not by the reply, which nobody writes any more once the client has gone.
        call.exchange().whenFinished(followers::decrementAndGet);
        return CompletableFuture.completedFuture(
                new Reply.Streamed(
                        exchange ->
                                new LogFollower(settings, task, exchange, () -> closed)
                                        .start(after, limit)));
    }

    /** Ends the followers, each within its next step. */
    void close() {
        closed = true;
    }
}
