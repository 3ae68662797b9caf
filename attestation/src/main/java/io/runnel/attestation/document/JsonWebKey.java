package io.runnel.attestation.document;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.runnel.attestation.certificate.KeyPairs;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * The public half of a key that signs documents, as RFC 7517 writes it. Its id is its thumbprint
 * (RFC 7638, SHA-256), so nobody has to agree on it. Immutable.
 *
 * @param id what JWTs that it signed name it by
 * @param chain its certificate first, then who certified it, without the root
 */
public record JsonWebKey(String id, List<X509Certificate> chain) {
    private static final int NUMBER_BYTES = 32;
    private static final Base64.Encoder BASE64URL = Base64.getUrlEncoder().withoutPadding();

    /** Copies what could change. */
    public JsonWebKey {
        chain = List.copyOf(chain);
    }

    /**
     * That of a certified key.
     *
     * @throws IllegalArgumentException if it is not on P-256
     */
    public static JsonWebKey of(List<X509Certificate> chain) {
        String id =
                id(chain.getFirst().getPublicKey())
                        .orElseThrow(
                                () -> new IllegalArgumentException("only keys on P-256 have one"));
        return new JsonWebKey(id, chain);
    }

    /** The id of a key; nothing if it is not on P-256. */
    static Optional<String> id(PublicKey key) {
        if (!KeyPairs.isP256(key) || !(key instanceof ECPublicKey onCurve)) {
            return Optional.empty();
        }
        byte[] required = numbers(onCurve).toString().getBytes(StandardCharsets.US_ASCII);
        return Optional.of(BASE64URL.encodeToString(Hashes.sha256().digest(required)));
    }

    /** What RFC 7638 requires, in its order. */
    private static ObjectNode numbers(ECPublicKey key) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("crv", "P-256")
                .put("kty", "EC")
                .put("x", number(key.getW().getAffineX()))
                .put("y", number(key.getW().getAffineY()));
    }

    /** Always as long as the curve's numbers are. */
    private static String number(BigInteger number) {
        byte[] bytes = number.toByteArray();
        byte[] fixed = new byte[NUMBER_BYTES];
        int length = Math.min(bytes.length, NUMBER_BYTES);
        System.arraycopy(bytes, bytes.length - length, fixed, NUMBER_BYTES - length, length);
        return BASE64URL.encodeToString(fixed);
    }

    /** As it stands among others. */
    public ObjectNode json() {
        ObjectNode json = numbers((ECPublicKey) chain.getFirst().getPublicKey());
        json.put("use", "sig").put("alg", "ES256").put("kid", id);
        ArrayNode certificates = json.putArray("x5c");
        chain.forEach(certificate -> certificates.add(encoded(certificate)));
        return json;
    }

    private static String encoded(X509Certificate certificate) {
        try {
            return Base64.getEncoder().encodeToString(certificate.getEncoded());
        } catch (CertificateEncodingException e) {
            throw new IllegalArgumentException("a certificate that cannot be written", e);
        }
    }
}
