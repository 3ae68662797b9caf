package io.runnel.chaos;

import static org.junit.jupiter.api.Assertions.fail;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.util.Base64;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** What is in documents that are JWTs, and what thieves make of them. */
final class Jwts {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String HMAC = "HmacSHA256";

    private Jwts() {}

    /** A part as it is meant: 0 is the header, 1 what is claimed. */
    static JsonNode part(String document, int index) {
        try {
            return JSON.readTree(Base64.getUrlDecoder().decode(document.split("\\.", -1)[index]));
        } catch (IOException e) {
            return fail(document, e);
        }
    }

    /** A part as it is written. */
    static String encoded(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** The same claims, which say that nobody signed them. */
    static String unsigned(String document) {
        return header(document, "none") + "." + document.split("\\.", -1)[1] + ".";
    }

    /** The same claims, with a code of which the secret is the signer's public key. */
    static String signedWithItsPublicKey(String document) {
        String text = header(document, "HS256") + "." + document.split("\\.", -1)[1];
        byte[] leaf = Base64.getDecoder().decode(part(document, 0).at("/x5c/0").asText());
        try {
            byte[] key =
                    CertificateFactory.getInstance("X.509")
                            .generateCertificate(new ByteArrayInputStream(leaf))
                            .getPublicKey()
                            .getEncoded();
            Mac mac = Mac.getInstance(HMAC);
            mac.init(new SecretKeySpec(key, HMAC));
            return text + "." + encoded(mac.doFinal(text.getBytes(US_ASCII)));
        } catch (GeneralSecurityException e) {
            return fail(document, e);
        }
    }

    private static String header(String document, String algorithm) {
        return encoded(((ObjectNode) part(document, 0)).put("alg", algorithm).toString());
    }

    private static String encoded(String json) {
        return encoded(json.getBytes(US_ASCII));
    }
}
