package io.runnel.attestation.signature;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.runnel.attestation.MessageCode;

import java.util.HexFormat;
import java.util.Optional;

/**
 * What signs in one scope: derived from a secret, of which it tells nothing. Immutable, safe for
 * any thread.
 */
public final class SigningKey {
    private static final int BYTES = 32;
    private static final String VERSION = "AWS4";
    private static final String END = "aws4_request";

    private final byte[] bytes;
    private final MessageCode code;

    private SigningKey(byte[] bytes) {
        this.bytes = bytes.clone();
        this.code = new MessageCode(bytes);
    }

    /** That of a key's secret. */
    public static SigningKey derive(String secret, SigningScope scope) {
        byte[] ofDay = code((VERSION + secret).getBytes(UTF_8), scope.dayText());
        byte[] ofRegion = code(ofDay, scope.region());
        return new SigningKey(code(code(ofRegion, scope.service()), END));
    }

    private static byte[] code(byte[] key, String text) {
        return new MessageCode(key).of(text.getBytes(UTF_8));
    }

    /** One that was derived elsewhere; empty if it is none. */
    public static Optional<SigningKey> of(byte[] derived) {
        return derived.length == BYTES ? Optional.of(new SigningKey(derived)) : Optional.empty();
    }

    /** For who may have it. */
    public byte[] bytes() {
        return bytes.clone();
    }

    /** In small hexadecimal letters. */
    String sign(String text) {
        return HexFormat.of().formatHex(code.of(text.getBytes(UTF_8)));
    }

    @Override
    public String toString() {
        return "SigningKey";
    }
}
