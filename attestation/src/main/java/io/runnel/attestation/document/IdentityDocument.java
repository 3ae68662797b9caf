package io.runnel.attestation.document;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.runnel.attestation.identity.Identity;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * What is said of a node, of one run of a task, or of what a node's process runs. Immutable.
 *
 * @param serial which document it is: 128 random bits, in base64url
 * @param issuer who says it
 * @param kind of what it speaks
 * @param event what happened that it was made
 * @param issuedAt when, in whole seconds
 * @param notAfter until when it is to be believed, at most {@link #LIFE} later
 * @param asked what its asker said
 * @param subject the facts that it shows; {@code node} is always among them
 * @param withheld hashes of facts that it does not show, in order: {@link Disclosure}
 */
public record IdentityDocument(
        String serial,
        Identity issuer,
        Kind kind,
        Event event,
        Instant issuedAt,
        Instant notAfter,
        Asked asked,
        ObjectNode subject,
        List<String> withheld) {
    /** The form of all of them; another form has another name. */
    public static final String SCHEMA = "runnel/identity/1";

    /** For how long one is believed. */
    public static final Duration LIFE = Duration.ofMinutes(10);

    /** The claim of a JWT that holds the document. */
    static final String DOCUMENT = "document";

    /** The fact that is never withheld: on which node it is, as the URI of its identity. */
    public static final String NODE = "node";

    /** Copies what could change. */
    public IdentityDocument {
        subject = subject.deepCopy();
        withheld = withheld.stream().sorted().toList();
    }

    @Override
    public ObjectNode subject() {
        return subject.deepCopy();
    }

    /** A fact of the subject, or nothing. */
    JsonNode fact(String name) {
        return subject.path(name);
    }

    /** The text that is signed. */
    byte[] bytes() {
        return CanonicalJson.write(tree());
    }

    /**
     * What a JWT carries: the claims of RFC 7519, for who reads nothing else, and the document,
     * from which they all follow.
     */
    byte[] claims() {
        ObjectNode claims =
                JsonNodeFactory.instance
                        .objectNode()
                        .put("iss", issuer.uri())
                        .put("sub", fact(NODE).asText())
                        .put("iat", issuedAt.getEpochSecond())
                        .put("exp", notAfter.getEpochSecond())
                        .put("jti", serial);
        asked.audience().ifPresent(audience -> claims.put("aud", audience));
        asked.nonce().ifPresent(nonce -> claims.put("nonce", nonce));
        claims.set(DOCUMENT, tree());
        return CanonicalJson.write(claims);
    }

    private ObjectNode tree() {
        ObjectNode all =
                JsonNodeFactory.instance
                        .objectNode()
                        .put("schema", SCHEMA)
                        .put("serial", serial)
                        .put("issuer", issuer.uri())
                        .put("kind", kind.label())
                        .put("event", event.label())
                        .put("issuedAt", issuedAt.toString())
                        .put("notAfter", notAfter.toString());
        asked.audience().ifPresent(audience -> all.put("audience", audience));
        asked.nonce().ifPresent(nonce -> all.put("nonce", nonce));
        all.set("subject", subject);
        if (!withheld.isEmpty()) {
            withheld.forEach(all.withArray("withheld")::add);
        }
        return all;
    }
}
