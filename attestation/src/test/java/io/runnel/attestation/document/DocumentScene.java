package io.runnel.attestation.document;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.runnel.attestation.certificate.TestNetwork;
import io.runnel.attestation.identity.Verdict;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A POP that signs documents of what runs on it, and somebody who checks them. */
final class DocumentScene {
    static final Asked ASKED = new Asked(Optional.of("https://bank.example"), Optional.of("n-0S6"));

    final TestNetwork net = new TestNetwork();
    final DocumentSigner signer = new DocumentSigner(net.ams, net.random);
    final DocumentVerifier verifier = new DocumentVerifier(net.verifier);

    static ObjectNode facts() {
        ObjectNode facts = JsonNodeFactory.instance.objectNode();
        facts.put("account", "demo").put("task", "hello").put("version", 7);
        facts.set("limits", JsonNodeFactory.instance.objectNode().put("memoryBytes", 1 << 20));
        return facts;
    }

    DocumentSigner.Draft draft() {
        return draft(Set.of());
    }

    DocumentSigner.Draft draft(Set<String> withheld) {
        return signer.draft(Kind.INSTANCE, Event.LAUNCH, facts(), withheld, ASKED, TestNetwork.NOW);
    }

    Verdict<Believed> verify(byte[] json, byte[] cms) {
        return verify(new SignedDocument(json, cms, List.of()));
    }

    Verdict<Believed> verify(SignedDocument signed) {
        return verifier.verify(signed, ASKED, TestNetwork.NOW);
    }

    Verdict<Believed> verify(String jwt) {
        return verifier.verify(jwt, List.of(), ASKED, TestNetwork.NOW);
    }
}
