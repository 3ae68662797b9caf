package io.runnel.cluster.replication;

import io.runnel.exec.task.TaskRef;
import io.vertx.core.Context;
import io.vertx.core.Vertx;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/** The way of log lines to one region: one batch at a time, in order. Runs on its context. */
final class LogLane {
    private static final Logger LOG = System.getLogger(LogLane.class.getName());

    private final Vertx vertx;
    private final Context context;
    private final LogBuffer buffer;
    private final LogSink sink;
    private final BackOff backOff;
    private final AtomicBoolean called = new AtomicBoolean();
    private final CompletableFuture<Void> emptied = new CompletableFuture<>();
    private boolean busy;
    private boolean closing;

    LogLane(Vertx vertx, Context context, LogBuffer buffer, LogSink sink, BackOff backOff) {
        this.vertx = vertx;
        this.context = context;
        this.buffer = buffer;
        this.sink = sink;
        this.backOff = backOff;
    }

    /** From any thread. */
    void add(LogLine line) {
        boolean batchIsWhole = buffer.add(line);
        if (batchIsWhole && called.compareAndSet(false, true)) {
            context.runOnContext(now -> pump());
        }
    }

    /** From any thread. */
    void addDropped(TaskRef task, long lines) {
        buffer.addDropped(task, lines);
    }

    long dropped() {
        return buffer.dropped();
    }

    /** Sends what is there, unless a batch is under way or has just failed. */
    void pump() {
        called.set(false);
        if (busy) {
            return;
        }
        Optional<LogBatch> next = buffer.next();
        busy = next.isPresent();
        next.ifPresent(this::send);
        if (next.isEmpty() && closing) {
            emptied.complete(null);
        }
    }

    /** Completes when all is sent; from then on nothing more is to be added. */
    CompletableFuture<Void> close() {
        context.runOnContext(
                now -> {
                    closing = true;
                    pump();
                });
        return emptied;
    }

    private void send(LogBatch batch) {
        CompletableFuture.completedStage(batch)
                .thenCompose(sink::append)
                .whenComplete(
                        (done, failure) ->
                                context.runOnContext(now -> sent(Optional.ofNullable(failure))));
    }

    private void sent(Optional<Throwable> failure) {
        Optional<Throwable> cause = failure.map(Causes::unwrap);
        if (cause.isEmpty()) {
            buffer.settle();
            backOff.reset();
            goOn();
        } else if (cause.get() instanceof ReplicationException known && !known.retryable()) {
            LOG.log(Level.WARNING, "log lines are given up", known);
            buffer.giveUp();
            goOn();
        } else {
            LOG.log(Level.DEBUG, "log lines could not be sent, they are kept", cause.get());
            vertx.setTimer(backOff.nextMs(), again -> goOn());
        }
    }

    private void goOn() {
        busy = false;
        if (closing || buffer.hasBatch()) {
            pump();
        }
    }
}
