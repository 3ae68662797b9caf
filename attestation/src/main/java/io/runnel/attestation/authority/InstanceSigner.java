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
import java.util.Optional;
import java.util.Set;

/** Says of calls who they are, by the key of their node. Safe for any thread. */
public final class InstanceSigner implements InstanceDocuments {
    private final NodeIdentity node;
    private final InstantSource clock;

    /** By this node's key, whichever it has at the time. */
    public InstanceSigner(NodeIdentity node, InstantSource clock) {
        this.node = node;
        this.clock = clock;
    }

    @Override
    public Optional<String> of(Invocation call, boolean restored, String audience, String nonce) {
        Asked asked = new Asked(given(audience), given(nonce));
        return node.signer().map(signer -> sign(signer, call, restored, asked));
    }

    private static Optional<String> given(String text) {
        return text.isEmpty() ? Optional.empty() : Optional.of(text);
    }

    private String sign(DocumentSigner signer, Invocation call, boolean restored, Asked asked) {
        return signer.signAsJwt(
                signer.draft(
                        Kind.INSTANCE,
                        restored ? Event.RESTORE : Event.LAUNCH,
                        facts(call),
                        Set.of(),
                        asked,
                        clock.instant()));
    }

    /** All of the host's own records; of what the guest may choose there is nothing. */
    static ObjectNode facts(Invocation call) {
        Task task = call.task();
        ObjectNode facts = JsonNodeFactory.instance.objectNode();
        facts.put("account", task.ref().account().value())
                .put("task", task.ref().name().value())
                .put("version", task.version())
                .put("code", "sha256:" + task.code().value())
                .put("runtime", task.runtime().label())
                .put("reuse", task.reuse().label())
                .put("invocation", call.id().toString());
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
