package io.runnel.exec.http;

import io.runnel.exec.isolate.OutputSink;
import io.runnel.exec.task.Caller;
import io.runnel.exec.task.CodeDigest;
import io.runnel.exec.task.HandlerKind;
import io.runnel.exec.task.Limits;
import io.runnel.exec.task.Mobility;
import io.runnel.exec.task.RequestId;
import io.runnel.exec.task.RuntimeKind;
import io.runnel.exec.task.Task;
import io.runnel.exec.task.TaskRef;
import io.vertx.core.MultiMap;

import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** One call's facts, for tests of what is pure. */
final class CallFixture {
    static final RequestId ID = RequestId.next(1L << 40, new Random(1));

    private CallFixture() {}

    static CallFacts facts(Caller caller, String rest, Map<String, String> environment) {
        return facts(caller, rest, Optional.empty(), environment);
    }

    static CallFacts facts(
            Caller caller,
            String rest,
            Optional<RouteFacts> route,
            Map<String, String> environment) {
        Task task =
                new Task(
                        TaskRef.of("demo", "hello"),
                        7,
                        RuntimeKind.WASM,
                        HandlerKind.HTTP,
                        CodeDigest.of(new byte[0]),
                        Limits.DEFAULT,
                        environment);
        return new CallFacts(
                task,
                Map.of(),
                caller,
                new Origin("192.0.2.1", "edge.example", 8081, "http"),
                rest,
                route,
                SetParameters.NONE,
                Long.MAX_VALUE,
                (headers, outcome) -> {},
                OutputSink.NOWHERE,
                (outcome, bytes) -> {},
                Mobility.FIXED,
                moved -> {},
                outcome -> {});
    }

    static RequestView request(String query, String... namesAndValues) {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            headers.add(namesAndValues[i], namesAndValues[i + 1]);
        }
        return new RequestView(ID, "POST", "HTTP/1.1", "/fn/demo/hello/a", query, headers);
    }
}
