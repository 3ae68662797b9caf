package io.runnel.attestation.authority;

import static io.runnel.attestation.certificate.TestNetwork.NOW;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.runnel.attestation.Verdicts;
import io.runnel.attestation.certificate.TestNetwork;
import io.runnel.attestation.document.Asked;
import io.runnel.attestation.document.Believed;
import io.runnel.attestation.document.DocumentVerifier;
import io.runnel.attestation.document.Event;
import io.runnel.exec.task.Caller;
import io.runnel.exec.task.CodeDigest;
import io.runnel.exec.task.HandlerKind;
import io.runnel.exec.task.InstanceDocuments;
import io.runnel.exec.task.Invocation;
import io.runnel.exec.task.Limits;
import io.runnel.exec.task.RequestId;
import io.runnel.exec.task.RuntimeKind;
import io.runnel.exec.task.Task;
import io.runnel.exec.task.TaskRef;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** What the host says of a run: its own records, and of the guest's words two. */
class InstanceSignerTest {
    private static final RequestId ID = RequestId.next(1_700_000_000_000L, new Random(1));

    private final TestNetwork net = new TestNetwork();
    private final NodeIdentity node = new NodeIdentity(net.random);
    private final InstanceSigner signer = new InstanceSigner(node, () -> NOW);

    private static InstanceDocuments.Run run(boolean restored, String startedAt) {
        Task task =
                new Task(
                        TaskRef.of("demo", "hello"),
                        7,
                        RuntimeKind.WASM,
                        HandlerKind.EVENT,
                        CodeDigest.of(new byte[] {1}),
                        Limits.DEFAULT,
                        Map.of("ACCOUNT", "thief"));
        Invocation call =
                new Invocation(
                        ID,
                        task,
                        Caller.ANONYMOUS,
                        Map.of("RUNNEL_ACCOUNT", "thief", "startedAt", "never"),
                        List.of("task", "thief"),
                        Long.MAX_VALUE);
        return new InstanceDocuments.Run(call, restored, Instant.parse(startedAt));
    }

    private Believed believed(InstanceDocuments.Run run) {
        String jwt = signer.of(run, "bank", "n").orElseThrow();
        return Verdicts.facts(
                new DocumentVerifier(net.verifier)
                        .verify(
                                jwt,
                                List.of(),
                                new Asked(Optional.of("bank"), Optional.of("n")),
                                NOW));
    }

    @Test
    void aDocumentSaysWhatTheHostKnowsOfTheRun() {
        node.become(net.ams);
        Believed believed = believed(run(false, "2026-11-28T11:59:58.765Z"));
        assertEquals(Event.LAUNCH, believed.document().event());
        var facts = believed.facts();
        assertEquals("demo", facts.path("account").asText());
        assertEquals("hello", facts.path("task").asText());
        assertEquals(7, facts.path("version").asInt());
        assertEquals(ID.toString(), facts.path("invocation").asText());
        assertEquals("runnel://net/pop/ams", facts.path("node").asText());
        assertEquals("2026-11-28T11:59:58.765Z", facts.path("startedAt").asText());
        assertEquals(Event.RESTORE, believed(run(true, "2026-11-28T12:00:00Z")).document().event());
    }

    @Test
    void theStartIsToldToTheMillisecondAndInOneForm() {
        node.become(net.ams);
        Map.of(
                        "2026-11-28T12:00:00Z", "2026-11-28T12:00:00.000Z",
                        "2026-11-28T12:00:00.5Z", "2026-11-28T12:00:00.500Z",
                        "2026-11-28T12:00:00.000999999Z", "2026-11-28T12:00:00.000Z",
                        "2026-11-28T12:00:00.123999999Z", "2026-11-28T12:00:00.123Z")
                .forEach(
                        (at, told) ->
                                assertEquals(
                                        told,
                                        believed(run(false, at))
                                                .facts()
                                                .path("startedAt")
                                                .asText()));
    }

    @Test
    void whoIsNobodySignsNothingAndNobodyAsksOtherwiseThanMayBe() {
        InstanceDocuments.Run run = run(false, "2026-11-28T12:00:00Z");
        assertEquals(Optional.empty(), signer.of(run, "bank", "n"));
        node.become(net.ams);
        assertThrows(IllegalArgumentException.class, () -> signer.of(run, "a b", "n"));
        assertThrows(IllegalArgumentException.class, () -> signer.of(run, "a", "n\n"));
        node.lose();
        assertEquals(Optional.empty(), signer.of(run, "bank", "n"));
    }
}
