package io.runnel.exec.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.exec.task.ByteSize;
import io.runnel.exec.task.Outcome;
import io.runnel.exec.task.Outcome.Refusal;
import io.runnel.exec.task.RequestId;
import io.runnel.exec.task.Usage;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;

class ProblemsTest {
    @Test
    void aDocumentIsAsRfc9457Says() {
        RequestId id = RequestId.next(1L << 40, new Random(1));
        Problem problem = Problem.of(ErrorCode.OVER_CAPACITY).withDetail("a \"b\"");
        assertEquals(
                "{\"type\":\"urn:runnel:problem:over-capacity\","
                        + "\"title\":\"There is no capacity for this call now.\","
                        + "\"status\":503,\"code\":\"over-capacity\","
                        + "\"detail\":\"a \\\"b\\\"\",\"requestId\":\""
                        + id
                        + "\"}",
                new String(Problems.document(problem, id), StandardCharsets.UTF_8));
        assertEquals(OptionalInt.of(1), problem.retryAfterSeconds());
        assertEquals(OptionalInt.empty(), Problem.of(ErrorCode.TASK_TRAPPED).retryAfterSeconds());
    }

    @Test
    void theCodesOfTheContractHaveItsStatus() {
        Map<String, Integer> contract =
                Map.ofEntries(
                        Map.entry("task-not-found", 404),
                        Map.entry("unauthenticated", 401),
                        Map.entry("access-denied", 403),
                        Map.entry("payload-too-large", 413),
                        Map.entry("rate-limited", 429),
                        Map.entry("budget-exhausted", 429),
                        Map.entry("task-timeout", 504),
                        Map.entry("task-trapped", 502),
                        Map.entry("stack-exceeded", 502),
                        Map.entry("memory-exceeded", 502),
                        Map.entry("output-too-large", 502),
                        Map.entry("over-capacity", 503),
                        Map.entry("region-unreachable", 503),
                        Map.entry("runtime-unavailable", 503),
                        Map.entry("loop-detected", 508));
        Set<String> seen = new HashSet<>();
        for (ErrorCode code : ErrorCode.values()) {
            seen.add(code.label());
            Integer status = contract.get(code.label());
            assertTrue(status == null || status == code.status(), code.label());
        }
        assertTrue(seen.containsAll(contract.keySet()), seen.toString());
    }

    @Test
    void everyOutcomeHasItsCode() {
        Map<Outcome, ErrorCode> expected =
                Map.of(
                        new Outcome.FunctionError(Usage.NONE, 1),
                        ErrorCode.FUNCTION_ERROR,
                        new Outcome.Trapped(Usage.NONE, "unreachable"),
                        ErrorCode.TASK_TRAPPED,
                        new Outcome.TimedOut(Usage.NONE, Duration.ofSeconds(1)),
                        ErrorCode.TASK_TIMEOUT,
                        new Outcome.MemoryExceeded(Usage.NONE, ByteSize.ofMiB(1)),
                        ErrorCode.MEMORY_EXCEEDED,
                        new Outcome.StackExceeded(Usage.NONE, ByteSize.ofKiB(1)),
                        ErrorCode.STACK_EXCEEDED,
                        new Outcome.OutputExceeded(Usage.NONE, ByteSize.ofKiB(1)),
                        ErrorCode.OUTPUT_TOO_LARGE,
                        new Outcome.Refused(Refusal.OVER_CAPACITY, "x"),
                        ErrorCode.OVER_CAPACITY,
                        new Outcome.Refused(Refusal.DRAINING, "x"),
                        ErrorCode.OVER_CAPACITY,
                        new Outcome.Refused(Refusal.RUNTIME_UNAVAILABLE, "x"),
                        ErrorCode.RUNTIME_UNAVAILABLE,
                        new Outcome.Refused(Refusal.CODE_UNAVAILABLE, "x"),
                        ErrorCode.RUNTIME_UNAVAILABLE);
        expected.forEach(
                (outcome, code) ->
                        assertEquals(code, OutcomeStatus.of(outcome).orElseThrow(), "" + outcome));
        assertTrue(OutcomeStatus.of(new Outcome.Completed(Usage.NONE)).isEmpty());
    }

    @Test
    void onlyWhatIsOfALimitIsToldInDetail() {
        for (Refusal refusal : Refusal.values()) {
            Outcome refused = new Outcome.Refused(refusal, "a secret, maybe");
            assertEquals(
                    refusal == Refusal.RATE_LIMITED,
                    OutcomeStatus.of(refused).orElseThrow() == ErrorCode.RATE_LIMITED);
            Problem problem =
                    OutcomeStatus.problem(OutcomeStatus.of(refused).orElseThrow(), refused);
            boolean isOfLimit = refusal == Refusal.OVER_CAPACITY || refusal == Refusal.RATE_LIMITED;
            assertEquals(isOfLimit, problem.detail().isPresent(), refusal.name());
        }
    }

    @Test
    void timingIsInMilliseconds() {
        assertEquals(
                "queue;dur=0.000, start;dur=1.005, run;dur=12345.678",
                new ServerTiming()
                        .with("queue", -1)
                        .with("start", 1_005_999)
                        .with("run", 12_345_678_901L)
                        .toString());
    }
}
