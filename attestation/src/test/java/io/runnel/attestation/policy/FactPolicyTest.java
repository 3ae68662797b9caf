package io.runnel.attestation.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.runnel.attestation.identity.Reason;
import io.runnel.attestation.identity.Rejection;
import io.runnel.attestation.identity.Verdict;
import io.runnel.exec.task.Requirements;

import org.junit.jupiter.api.Test;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What facts must be. */
class FactPolicyTest {
    private final Map<String, List<String>> asked = new LinkedHashMap<>();

    private Verdict<ObjectNode> check(String facts) {
        return new FactPolicy(new Requirements(asked)).check(json(facts));
    }

    private static ObjectNode json(String text) {
        try {
            return (ObjectNode) new ObjectMapper().readTree(text);
        } catch (JsonProcessingException e) {
            throw new AssertionError(text, e);
        }
    }

    private static Verdict<ObjectNode> rejected(Rejection... why) {
        return new Verdict.Rejected<>(List.of(why));
    }

    @Test
    void whatIsAllowedIsReliedOnAndNothingElse() {
        asked.put("software.digest", List.of("sha256:aa", "sha256:bb"));
        asked.put("slots", List.of("4"));
        asked.put("runtimes", List.of("wasm", "js"));
        assertEquals(
                Verdict.trusted(
                        json(
                                """
                                {"software.digest":"sha256:bb","slots":4,"runtimes":["js"]}\
                                """)),
                check(
                        """
                        {"software":{"digest":"sha256:bb"},"slots":4,"runtimes":["js"],"x":1}\
                        """));
    }

    @Test
    void eachThatIsNotIsNamed() {
        asked.put("software.digest", List.of("sha256:aa"));
        asked.put("zone", List.of("a"));
        asked.put("runtimes", List.of("wasm"));
        assertEquals(
                rejected(
                        new Rejection(Reason.FACT_NOT_ALLOWED, "runtimes is [\"wasm\",\"js\"]"),
                        new Rejection(
                                Reason.FACT_NOT_ALLOWED,
                                "software.digest is sha256:" + "c".repeat(89) + "..."),
                        new Rejection(Reason.FACT_MISSING, "zone")),
                check(
                        "{\"software\":{\"digest\":\"sha256:%s\"},\"runtimes\":[\"wasm\",\"js\"]}"
                                .formatted("c".repeat(200))));
    }

    @Test
    void whatIsNestedDeeperIsNoValue() {
        asked.put("software", List.of("x"));
        assertEquals(
                rejected(new Rejection(Reason.FACT_MISSING, "software")),
                check("{\"software\":{\"digest\":\"x\"}}"));
        assertEquals(
                rejected(new Rejection(Reason.FACT_NOT_ALLOWED, "software is [{}]")),
                check("{\"software\":[{}]}"));
    }

    @Test
    void whoIsAskedNothingPasses() {
        assertEquals(
                Verdict.trusted(json("{}")),
                new FactPolicy(Requirements.NONE).check(json("{\"a\":1}")));
    }
}
