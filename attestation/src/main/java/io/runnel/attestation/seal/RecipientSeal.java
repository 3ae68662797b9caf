package io.runnel.attestation.seal;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.runnel.attestation.certificate.CertifiedKey;
import io.runnel.attestation.certificate.KeyPairs;

import org.bouncycastle.crypto.AsymmetricCipherKeyPair;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.hpke.HPKE;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;
import org.bouncycastle.util.BigIntegers;

import java.math.BigInteger;
import java.security.PublicKey;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECPoint;
import java.util.Arrays;
import java.util.Optional;

/**
 * Seals a text to whoever has the private half of a certified key, and to nobody else: HPKE (RFC
 * 9180, base mode) with P-256, HKDF-SHA256 and AES-256-GCM, bound to what it is about. The sealed
 * form is the encapsulated key, then what it encrypts. Safe for any thread.
 */
public final class RecipientSeal {
    private static final byte[] INFO = "runnel sealed to a node".getBytes(UTF_8);
    private static final int FIELD_BYTES = 32;
    private static final int POINT_BYTES = 1 + 2 * FIELD_BYTES;
    private static final byte UNCOMPRESSED = 4;

    private RecipientSeal() {}

    /**
     * Seals a text.
     *
     * @param to on P-256
     * @param about what it is of: who opens it must know
     * @throws IllegalArgumentException if the key is another kind's
     */
    public static byte[] seal(PublicKey to, String about, byte[] text) {
        HPKE hpke = hpke();
        try {
            byte[][] made =
                    hpke.seal(
                            recipient(hpke, to),
                            INFO,
                            about.getBytes(UTF_8),
                            text,
                            null,
                            null,
                            null);
            byte[] whole = Arrays.copyOf(made[1], POINT_BYTES + made[0].length);
            System.arraycopy(made[0], 0, whole, POINT_BYTES, made[0].length);
            return whole;
        } catch (InvalidCipherTextException e) {
            throw new IllegalStateException("a text cannot be sealed", e);
        }
    }

    /**
     * The text that was sealed.
     *
     * @param sealed hostile
     * @return empty if it was not sealed to this key, or is about something else
     */
    public static Optional<byte[]> open(CertifiedKey own, String about, byte[] sealed) {
        if (sealed.length < POINT_BYTES || !(own.key() instanceof ECPrivateKey secret)) {
            return Optional.empty();
        }
        HPKE hpke = hpke();
        AsymmetricCipherKeyPair pair =
                hpke.deserializePrivateKey(
                        BigIntegers.asUnsignedByteArray(FIELD_BYTES, secret.getS()),
                        point(own.certificate().getPublicKey()));
        try {
            return Optional.of(
                    hpke.open(
                            Arrays.copyOf(sealed, POINT_BYTES),
                            pair,
                            INFO,
                            about.getBytes(UTF_8),
                            Arrays.copyOfRange(sealed, POINT_BYTES, sealed.length),
                            null,
                            null,
                            null));
        } catch (InvalidCipherTextException | IllegalArgumentException e) {
            // No such point, or another's.
            return Optional.empty();
        }
    }

    private static HPKE hpke() {
        return new HPKE(
                HPKE.mode_base, HPKE.kem_P256_SHA256, HPKE.kdf_HKDF_SHA256, HPKE.aead_AES_GCM256);
    }

    private static AsymmetricKeyParameter recipient(HPKE hpke, PublicKey to) {
        if (!KeyPairs.isP256(to)) {
            throw new IllegalArgumentException("what is sealed is sealed to keys on P-256");
        }
        return hpke.deserializePublicKey(point(to));
    }

    private static byte[] point(PublicKey key) {
        ECPoint point = ((ECPublicKey) key).getW();
        byte[] written = new byte[POINT_BYTES];
        written[0] = UNCOMPRESSED;
        put(written, 1, point.getAffineX());
        put(written, 1 + FIELD_BYTES, point.getAffineY());
        return written;
    }

    private static void put(byte[] written, int at, BigInteger number) {
        System.arraycopy(
                BigIntegers.asUnsignedByteArray(FIELD_BYTES, number), 0, written, at, FIELD_BYTES);
    }
}
