package io.runnel.exec.admin;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.runnel.attestation.authority.NodeIdentity;
import io.runnel.attestation.document.Asked;
import io.runnel.attestation.document.DocumentSigner;
import io.runnel.attestation.document.Event;
import io.runnel.attestation.document.Kind;
import io.runnel.attestation.document.SignedDocument;
import io.vertx.core.MultiMap;

import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Who this node is, signed: {@code GET /v1/identity?audience=A&nonce=N}. Nothing while no authority
 * has certified it; only that, if it was revoked. Safe for any thread.
 */
public final class IdentityPage implements AdminPage {
    private static final String PATH = "/v1/identity";

    private final NodeIdentity identity;
    private final Supplier<ObjectNode> facts;
    private final InstantSource clock;

    /**
     * Of one node.
     *
     * @param facts what is to be signed of it now; may block for milliseconds
     */
    public IdentityPage(NodeIdentity identity, Supplier<ObjectNode> facts, InstantSource clock) {
        this.identity = identity;
        this.facts = facts;
        this.clock = clock;
    }

    @Override
    public boolean serves(String path) {
        return path.equals(PATH);
    }

    @Override
    public Optional<Document> document(String path) {
        return document(path, MultiMap.caseInsensitiveMultiMap());
    }

    @Override
    public Optional<Document> document(String path, MultiMap query) {
        Asked asked = asked(query);
        return identity.signer()
                .map(signer -> Document.json(signed(signer, asked)))
                .or(this::revoked);
    }

    private Optional<Document> revoked() {
        ObjectNode answer = JsonNodeFactory.instance.objectNode().put("revoked", true);
        return identity.isRevoked()
                ? Optional.of(Document.json(answer.toString().getBytes(StandardCharsets.UTF_8)))
                : Optional.empty();
    }

    private byte[] signed(DocumentSigner signer, Asked asked) {
        DocumentSigner.Draft draft =
                signer.draft(
                        Kind.NODE, Event.REQUEST, facts.get(), Set.of(), asked, clock.instant());
        SignedDocument signed = signer.sign(draft);
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        answer.put("document", new String(signed.json(), StandardCharsets.UTF_8));
        answer.put("cms", Base64.getEncoder().encodeToString(signed.cms()));
        answer.put("jwt", signer.signAsJwt(draft));
        return answer.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static Asked asked(MultiMap query) {
        try {
            return new Asked(one(query, "audience"), one(query, "nonce"));
        } catch (IllegalArgumentException e) {
            throw new BadQueryException(e.getMessage(), e);
        }
    }

    private static Optional<String> one(MultiMap query, String name) {
        List<String> all = query.getAll(name);
        if (all.size() > 1) {
            throw new IllegalArgumentException(name + " must be given once");
        }
        return all.stream().findFirst();
    }
}
