package io.runnel.exec.http;

import io.runnel.exec.task.Outcome;
import io.runnel.exec.task.StartKind;
import io.runnel.exec.task.Usage;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerResponse;

import java.util.Optional;

/**
 * What stands on every answer of a call that was given to a guest here.
 *
 * @param expected how the call was going to start, for answers that leave before it is known
 */
record AnswerHead(CallFacts facts, StartKind expected) {
    /** The guest's status and headers, and ours, which it cannot set. */
    void putOn(HttpServerResponse response, Answer answer, Optional<Outcome> outcome) {
        response.setStatusCode(answer.status());
        MultiMap headers = response.headers();
        for (Answer.Header header : answer.headers()) {
            headers.add(header.name(), header.value());
        }
        putOn(response, outcome);
    }

    /** Our headers only. */
    void putOn(HttpServerResponse response, Optional<Outcome> outcome) {
        MultiMap headers = response.headers();
        facts.headers().accept(headers);
        headers.set(RunnelHeaders.TASK_VERSION, Integer.toString(facts.task().version()));
        if (outcome.isEmpty()) {
            headers.set(RunnelHeaders.START, expected.label());
        } else if (outcome.get() instanceof Outcome.Refused refused) {
            OutcomeStatus.of(refused)
                    .ifPresent(code -> headers.set(RunnelHeaders.NOT_RUN, code.label()));
        } else {
            Usage usage = outcome.get().usage();
            headers.set(RunnelHeaders.START, usage.start().label());
            headers.set(RunnelHeaders.SERVER_TIMING, ServerTiming.of(usage).toString());
        }
    }
}
