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
 * taken. Above, calls wait: that is how much of the places to wait is taken. At 100 the next call
 * would be refused, whoever made it: that is not said while several tenants are active, for of them
 * one that has less than its share is let in. POPs would hold its calls back with the others'.
 */
record NodeLoad(TaskRunner runner) {
    /** From here on calls are refused. */
    static final int FULL = 100;

    /** From here on calls wait, or the next one would. */
    static final int CALM = 50;

    /** As they are sent. */
    private static final List<CharSequence> TEXTS =
            IntStream.rangeClosed(0, FULL)
                    .mapToObj(Integer::toString)
                    .map(HttpHeaders::createOptimized)
                    .toList();

    static int percent(LoadReport now) {
        int percent = percent(now.running(), now.waiting(), now.mostRunning(), now.mostWaiting());
        return now.shared() ? Math.min(percent, FULL - 1) : percent;
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
        response.headers().set(RunnelHeaders.LOAD, TEXTS.get(percent(runner.loadReport())));
    }
}
