package io.runnel.region.server.authority;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.runnel.attestation.certificate.CertifiedKey;
import io.runnel.attestation.certificate.KeyPairs;
import io.runnel.attestation.document.Asked;
import io.runnel.attestation.document.DocumentSigner;
import io.runnel.attestation.document.Event;
import io.runnel.attestation.document.Kind;
import io.runnel.attestation.identity.Identity;
import io.runnel.attestation.join.JoinProof;
import io.runnel.attestation.join.JoinRequest;
import io.runnel.attestation.join.JoinToken;
import io.runnel.cluster.replication.CertificateHandler.Answer;
import io.runnel.exec.task.NodeName;
import io.runnel.exec.task.PopId;

import java.security.KeyPair;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;

/** A POP that wants a key certified. */
final class Joiner {
    final PopId name;
    private final SecureRandom random;
    private final InstantSource clock;
    KeyPair next;

    /** What it says of itself. */
    final ObjectNode evidence = JsonNodeFactory.instance.objectNode().put("role", "pop");

    /** What it was certified with last. */
    Optional<CertifiedKey> current = Optional.empty();

    Joiner(PopId name, SecureRandom random, InstantSource clock) {
        this.name = name;
        this.random = random;
        this.clock = clock;
        this.next = KeyPairs.generate(random);
    }

    /** The same POP somewhere else: whoever has its disk. */
    Joiner copy() {
        Joiner copy = new Joiner(name, random, clock);
        copy.current = current;
        return copy;
    }

    /** A token that this authority makes for it. */
    String token(RegionAuthority authority) {
        return authority
                .admit(new NodeName(name.value()), JoinToken.LIFE, "admin/key")
                .orElseThrow()
                .token();
    }

    Answer join(RegionAuthority authority, String token) {
        return ask(authority, authority.nonce(name), new JoinProof.Token(token));
    }

    /** With a token that is made for it first. */
    Answer join(RegionAuthority authority) {
        return join(authority, token(authority));
    }

    Answer renew(RegionAuthority authority) {
        String nonce = authority.nonce(name);
        return ask(authority, nonce, document(authority, nonce));
    }

    JoinProof document(RegionAuthority authority, String nonce) {
        return new JoinProof.Document(
                document(
                        Kind.NODE,
                        authority.identity(),
                        nonce,
                        JoinRequest.hash(next.getPublic())));
    }

    String document(Kind kind, Identity audience, String nonce, String nextKey) {
        DocumentSigner signer = new DocumentSigner(current.orElseThrow(), random);
        ObjectNode facts = evidence.deepCopy();
        facts.remove("software");
        return signer.signAsJwt(
                signer.draft(
                        kind,
                        Event.REQUEST,
                        facts.put(JoinRequest.NEXT_KEY, nextKey),
                        Set.of(),
                        new Asked(Optional.of(audience.uri()), Optional.of(nonce)),
                        clock.instant()));
    }

    /** Asks; has another next key when this one is certified. */
    Answer ask(RegionAuthority authority, String nonce, JoinProof proof) {
        Answer answer = askAgain(authority, nonce, proof);
        answer.chain()
                .ifPresent(
                        chain -> current = Optional.of(new CertifiedKey(next.getPrivate(), chain)));
        if (answer.chain().isPresent()) {
            next = KeyPairs.generate(random);
        }
        return answer;
    }

    /** Asks, and loses the answer. */
    Answer askAgain(RegionAuthority authority, String nonce, JoinProof proof) {
        JoinRequest request =
                JoinRequest.read(JoinRequest.of(next, nonce, evidence, proof)).orElseThrow();
        return authority.certify(name, request, "127.0.0.1");
    }
}
