package io.runnel.attestation.join;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.runnel.attestation.certificate.CertificateRequest;
import io.runnel.attestation.document.CanonicalJson;
import io.runnel.attestation.document.Hashes;
import io.runnel.attestation.identity.Verdict;

import java.security.KeyPair;
import java.security.PublicKey;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;

/**
 * A POP wants a key certified: the key with a signature by it over the authority's nonce and the
 * evidence, and what lets the POP ask. As text it is canonical JSON.
 *
 * @param request whose signature was checked
 * @param evidence what the POP says of itself, by that key
 */
public record JoinRequest(CertificateRequest request, ObjectNode evidence, JoinProof proof) {
    /** The fact of a document that says for which key it is: the hash of that. */
    public static final String NEXT_KEY = "nextKey";

    /** The longest text that is read. */
    public static final int MOST_BYTES = CanonicalJson.MOST_BYTES;

    private static final String REQUEST = "request";
    private static final String TOKEN = "token";
    private static final String DOCUMENT = "document";
    private static final int FIELDS = 2;

    /** Copies what could change. */
    public JoinRequest {
        evidence = evidence.deepCopy();
    }

    @Override
    public ObjectNode evidence() {
        return evidence.deepCopy();
    }

    /** The request as text. */
    public static byte[] of(KeyPair pair, String nonce, ObjectNode evidence, JoinProof proof) {
        byte[] der =
                CertificateRequest.of(
                        pair, nonce, new String(CanonicalJson.write(evidence), UTF_8));
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put(REQUEST, Base64.getEncoder().encodeToString(der));
        switch (proof) {
            case JoinProof.Token(String text) -> json.put(TOKEN, text);
            case JoinProof.Document(String jwt) -> json.put(DOCUMENT, jwt);
        }
        return CanonicalJson.write(json);
    }

    /**
     * Reads one; empty if it is none, or its key did not sign it.
     *
     * @param text hostile
     */
    public static Optional<JoinRequest> read(byte[] text) {
        return CanonicalJson.read(text) instanceof Verdict.Trusted<JsonNode>(JsonNode json)
                ? read(json)
                : Optional.empty();
    }

    private static Optional<JoinRequest> read(JsonNode json) {
        if (json.size() != FIELDS || !json.path(REQUEST).isTextual()) {
            return Optional.empty();
        }
        Optional<JoinProof> proof =
                json.path(TOKEN).isTextual()
                        ? Optional.of(new JoinProof.Token(json.path(TOKEN).textValue()))
                        : Optional.of(json.path(DOCUMENT))
                                .filter(JsonNode::isTextual)
                                .map(jwt -> new JoinProof.Document(jwt.textValue()));
        return proof.flatMap(
                shown ->
                        decoded(json.path(REQUEST).textValue())
                                .flatMap(CertificateRequest::read)
                                .flatMap(request -> read(request, shown)));
    }

    private static Optional<byte[]> decoded(String text) {
        try {
            return Optional.of(Base64.getDecoder().decode(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Optional<JoinRequest> read(CertificateRequest request, JoinProof proof) {
        return CanonicalJson.read(request.evidence().getBytes(UTF_8))
                                instanceof Verdict.Trusted<JsonNode>(JsonNode json)
                        && json instanceof ObjectNode evidence
                ? Optional.of(new JoinRequest(request, evidence, proof))
                : Optional.empty();
    }

    /** SHA-256 of a key (its SubjectPublicKeyInfo), in lower-case hexadecimal digits. */
    public static String hash(PublicKey key) {
        return HexFormat.of().formatHex(Hashes.sha256().digest(key.getEncoded()));
    }
}
