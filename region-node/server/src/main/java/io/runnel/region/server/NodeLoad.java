package io.runnel.region.server;

import io.runnel.exec.http.RunnelHeaders;
import io.runnel.exec.isolate.LoadReport;
import io.runnel.exec.isolate.TaskRunner;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;

import java.util.List;
import java.util.stream.IntStream;

/**
 * How loaded this node is, as its answers to POPs say it. Safe for any thread.
 *
 * <p>Up to 50 percent calls do not wait for each other: that is the share of the slots that are
 * taken. Above, calls wait: that is how much of the places to wait is taken. From 100 on the next
 * call would be refused.
 */
record NodeLoad(TaskRunner runner) {
    private static final int FULL = 100;
    private static final int CALM = 50;

    /** As they are sent. */
    private static final List<CharSequence> TEXTS =
            IntStream.rangeClosed(0, FULL)
                    .mapToObj(Integer::toString)
                    .map(HttpHeaders::createOptimized)
                    .toList();

    private int percent() {
        LoadReport now = runner.loadReport();
        return percent(now.running(), now.waiting(), now.mostRunning(), now.mostWaiting());
    }

    static int percent(int running, int waiting, int mostRunning, int mostWaiting) {
        if (waiting == 0 && running <= mostRunning) {
            return CALM * running / Math.max(1, mostRunning);
        }
        return waiting >= mostWaiting
                ? FULL
                : CALM + (FULL - CALM) * waiting / Math.max(1, mostWaiting);
    }

    void putOn(HttpServerResponse response) {
        response.headers().set(RunnelHeaders.LOAD, TEXTS.get(percent()));
    }
}
