package io.runnel.attestation.federation;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Somebody who issues tokens, signed with RSA; nothing here is of the library that checks them. */
public final class TestIssuer {
    private final String url;
    private final String keyId;
    private final KeyPair pair;

    /**
     * With a new key.
     *
     * @param url who it is
     */
    public TestIssuer(String url, String keyId, int bits) {
        this.url = url;
        this.keyId = keyId;
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(bits);
            pair = generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Its public key, in a set. */
    public String keys() {
        RSAPublicKey key = (RSAPublicKey) pair.getPublic();
        return """
        {"keys":[{"kty":"RSA","kid":"%s","use":"sig","n":"%s","e":"%s"}]}\
        """
                .formatted(keyId, number(key.getModulus()), number(key.getPublicExponent()));
    }

    private static String number(BigInteger value) {
        byte[] bytes = value.toByteArray();
        return encoded(bytes[0] == 0 ? Arrays.copyOfRange(bytes, 1, bytes.length) : bytes);
    }

    /** The public key's own bytes, of which a fool makes a secret. */
    public byte[] publicKey() {
        return pair.getPublic().getEncoded();
    }

    /** What a token for somebody says, for ten minutes from {@code now}; texts only. */
    public Map<String, Object> claims(String subject, String audience, Instant now) {
        Map<String, Object> claims = new TreeMap<>();
        claims.put("iss", url);
        claims.put("sub", subject);
        claims.put("aud", audience);
        claims.put("iat", now.getEpochSecond());
        claims.put("exp", now.plusSeconds(600).getEpochSecond());
        return claims;
    }

    /** A token that says so. */
    public String token(Map<String, Object> claims) {
        String text = unsigned("RS256", claims);
        try {
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(pair.getPrivate());
            signature.update(text.getBytes(UTF_8));
            return text + "." + encoded(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The first two parts of a token. */
    public String unsigned(String algorithm, Map<String, Object> claims) {
        String header =
                "{\"alg\":\"%s\",\"typ\":\"JWT\",\"kid\":\"%s\"}".formatted(algorithm, keyId);
        String body =
                claims.entrySet().stream()
                        .map(claim -> "\"%s\":%s".formatted(claim.getKey(), json(claim.getValue())))
                        .collect(Collectors.joining(",", "{", "}"));
        return encoded(header.getBytes(UTF_8)) + "." + encoded(body.getBytes(UTF_8));
    }

    private static String json(Object value) {
        return value instanceof String ? "\"" + value + "\"" : value.toString();
    }

    /** As parts of tokens are written. */
    public static String encoded(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
