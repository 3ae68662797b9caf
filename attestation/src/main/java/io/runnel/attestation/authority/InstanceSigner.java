package io.runnel.attestation.authority;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.runnel.attestation.document.Asked;
import io.runnel.attestation.document.DocumentSigner;
import io.runnel.attestation.document.Event;
import io.runnel.attestation.document.Kind;
import io.runnel.exec.task.InstanceDocuments;
import io.runnel.exec.task.Invocation;
import io.runnel.exec.task.Task;

import java.time.InstantSource;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Says of calls who they are, by the key of their node. Safe for any thread. */
public final class InstanceSigner implements InstanceDocuments {
    /** In UTC; what is below a millisecond is left out. */
    private static final DateTimeFormatter TO_THE_MILLISECOND =
            new DateTimeFormatterBuilder().appendInstant(3).toFormatter(Locale.ROOT);

    private final NodeIdentity node;
    private final InstantSource clock;

    /** By this node's key, whichever it has at the time. */
    public InstanceSigner(NodeIdentity node, InstantSource clock) {
        this.node = node;
        this.clock = clock;
    }

    @Override
    public Optional<String> of(Run run, String audience, String nonce) {
        Asked asked = new Asked(given(audience), given(nonce));
        return node.signer().map(signer -> sign(signer, run, asked));
    }

    private static Optional<String> given(String text) {
        return text.isEmpty() ? Optional.empty() : Optional.of(text);
    }

    private String sign(DocumentSigner signer, Run run, Asked asked) {
        return signer.signAsJwt(
                signer.draft(
                        Kind.INSTANCE,
                        run.restored() ? Event.RESTORE : Event.LAUNCH,
                        facts(run),
                        Set.of(),
                        asked,
                        clock.instant()));
    }

    /** All of the host's own records; of what the guest may choose there is nothing. */
    static ObjectNode facts(Run run) {
        Invocation call = run.call();
        Task task = call.task();
        ObjectNode facts = JsonNodeFactory.instance.objectNode();
        facts.put("account", task.ref().account().value())
                .put("task", task.ref().name().value())
                .put("version", task.version())
                .put("code", "sha256:" + task.code().value())
                .put("runtime", task.runtime().label())
                .put("reuse", task.reuse().label())
                .put("invocation", call.id().toString())
                .put("startedAt", TO_THE_MILLISECOND.format(run.startedAt()));
        facts.putObject("limits")
                .put("memoryBytes", task.limits().memory().bytes())
                .put("timeoutMillis", task.limits().timeout().toMillis());
        ArrayNode outbound = facts.putArray("outbound");
        task.options().outbound().forEach(host -> outbound.add(host.toString()));
        ArrayNode devices = facts.putArray("devices");
        task.options().devices().forEach(device -> devices.add(device.toString()));
        return facts;
    }
}
