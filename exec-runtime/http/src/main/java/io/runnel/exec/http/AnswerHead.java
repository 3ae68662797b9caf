package io.runnel.exec.http;

import io.runnel.exec.task.Outcome;
import io.runnel.exec.task.StartKind;
import io.runnel.exec.task.Usage;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * What stands on every answer of a call that was given to a guest here.
 *
 * @param expected how the call was going to start, for answers that leave before it is known
 */
record AnswerHead(CallFacts facts, StartKind expected) {
    // Made bytes once: that is most of what it takes to send them.
    private static final List<CharSequence> VERSIONS =
            IntStream.range(0, 100)
                    .mapToObj(n -> HttpHeaders.createOptimized(Integer.toString(n)))
                    .toList();
    private static final Map<StartKind, CharSequence> STARTS = starts();

    private static Map<StartKind, CharSequence> starts() {
        Map<StartKind, CharSequence> starts = new EnumMap<>(StartKind.class);
        for (StartKind start : StartKind.values()) {
            starts.put(start, HttpHeaders.createOptimized(start.label()));
        }
        return starts;
    }

    /** The guest's status and headers, and ours, which it cannot set. */
    void putOn(HttpServerResponse response, Answer answer, Optional<Outcome> outcome) {
        response.setStatusCode(answer.status());
        MultiMap headers = response.headers();
        for (Answer.Header header : answer.headers()) {
            headers.add(header.name(), header.value());
        }
        putOn(response, outcome);
    }

    private static CharSequence version(int version) {
        return version < VERSIONS.size() ? VERSIONS.get(version) : Integer.toString(version);
    }

    private static CharSequence start(StartKind start) {
        return STARTS.get(start);
    }

    /** Our headers only. */
    void putOn(HttpServerResponse response, Optional<Outcome> outcome) {
        MultiMap headers = response.headers();
        facts.headers().accept(headers, outcome);
        headers.set(RunnelHeaders.TASK_VERSION, version(facts.task().version()));
        if (outcome.isEmpty()) {
            headers.set(RunnelHeaders.START, start(expected));
        } else if (outcome.get() instanceof Outcome.Refused refused) {
            OutcomeStatus.of(refused)
                    .ifPresent(code -> headers.set(RunnelHeaders.NOT_RUN, code.label()));
        } else {
            Usage usage = outcome.get().usage();
            headers.set(RunnelHeaders.START, start(usage.start()));
            headers.set(RunnelHeaders.SERVER_TIMING, ServerTiming.of(usage).toString());
        }
    }
}
