package io.runnel.routing.forward;

import io.runnel.exec.http.Exchange;
import io.runnel.exec.http.HeaderRules;
import io.runnel.exec.http.RunnelHeaders;
import io.runnel.exec.http.ServerTiming;
import io.runnel.exec.task.RegionId;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A region's answer on its way to the client. For its event loop. */
final class Answer {
    private static final String REQUEST_ID = RunnelHeaders.REQUEST_ID.toString();
    private static final String LOAD = RunnelHeaders.LOAD.toString();
    private static final String TIMING = "forward";
    private static final String COLD = "cold";
    private static final int MOST_DIGITS = 9;
    private static final int NO_CONTENT = 204;
    private static final int NOT_MODIFIED = 304;

    private final Attempt attempt;
    private final HttpClientResponse response;
    private final long headNanos;
    private AnswerPump pump;

    Answer(Attempt attempt, HttpClientResponse response, long headNanos) {
        this.attempt = attempt;
        this.response = response;
        this.headNanos = headNanos;
    }

    /** The region's status and headers, then the POP's. */
    void writeHead(HttpServerResponse to, ForwardCall call) {
        to.setStatusCode(response.statusCode());
        MultiMap headers = to.headers();
        HeaderRules.eachFromNode(
                response.headers(),
                (name, value) -> {
                    if (!isOfTheHop(name)) {
                        headers.add(RunnelHeaders.spelled(name), value);
                    }
                });
        List<String> phases = new ArrayList<>(headers.getAll(RunnelHeaders.SERVER_TIMING));
        phases.add(new ServerTiming().with(TIMING, headNanos).toString());
        headers.set(RunnelHeaders.SERVER_TIMING, String.join(", ", phases));
        call.headers().accept(headers);
    }

    /** The id is on the answer already; how loaded a region is, is no user's business. */
    private static boolean isOfTheHop(String name) {
        return REQUEST_ID.equalsIgnoreCase(name) || LOAD.equalsIgnoreCase(name);
    }

    void pump(Exchange exchange, Vertx vertx, Runnable onEnd) {
        int status = response.statusCode();
        boolean bodiless =
                status == NO_CONTENT
                        || status == NOT_MODIFIED
                        || exchange.request().method().equals(HttpMethod.HEAD);
        pump = new AnswerPump(response, exchange.response(), attempt.connection(), bodiless, onEnd);
        pump.start(vertx);
    }

    RegionId region() {
        return attempt.lane().region();
    }

    void stop() {
        pump.stop();
    }

    ForwardResult result(List<FailedAttempt> failed) {
        return new ForwardResult.Answered(
                attempt.lane().link(), response.statusCode(), run(), headNanos, failed);
    }

    private Optional<ForwardResult.Run> run() {
        String version = response.getHeader(RunnelHeaders.TASK_VERSION);
        String start = response.getHeader(RunnelHeaders.START);
        boolean isSaid = version != null && start != null && version.length() <= MOST_DIGITS;
        return isSaid && version.chars().allMatch(c -> c >= '0' && c <= '9') && !version.isEmpty()
                ? Optional.of(new ForwardResult.Run(Integer.parseInt(version), !start.equals(COLD)))
                : Optional.empty();
    }
}
