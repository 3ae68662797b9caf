package io.runnel.attestation.document;

import io.runnel.attestation.certificate.KeyPairs;

import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.crypto.signers.StandardDSAEncoding;

import java.io.IOException;
import java.math.BigInteger;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECPoint;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Whether a key made a signature: ECDSA on P-256 with SHA-256. By Bouncy Castle's arithmetic, which
 * takes less than half as long as the JDK's: nothing here is secret, so it may take longer for some
 * numbers than for others. What it works out of a key is kept, for a bounded number of keys. Safe
 * for any thread.
 */
public final class SignatureCheck {
    private static final int MOST_KEYS = 512;
    private static final int NUMBER_BYTES = 32;
    private static final ECDomainParameters P256 = p256();

    /** Guarded by itself. */
    private final Map<PublicKey, ECPublicKeyParameters> keys =
            new LinkedHashMap<>(16, 0.75F, true) {
                @Override
                protected boolean removeEldestEntry(
                        Map.Entry<PublicKey, ECPublicKeyParameters> eldest) {
                    return size() > MOST_KEYS;
                }
            };

    private static ECDomainParameters p256() {
        X9ECParameters curve = CustomNamedCurves.getByName("P-256");
        return new ECDomainParameters(curve.getCurve(), curve.getG(), curve.getN(), curve.getH());
    }

    /**
     * Whether this key made it, as X.509 and CMS write it.
     *
     * @param key certified: others would be kept as well
     * @param digest SHA-256 of what is to be signed
     * @param signature two numbers in DER; hostile
     */
    boolean isOf(PublicKey key, byte[] digest, byte[] signature) {
        try {
            BigInteger[] numbers = StandardDSAEncoding.INSTANCE.decode(P256.getN(), signature);
            return isOf(key, digest, numbers[0], numbers[1]);
        } catch (IOException | IllegalArgumentException | ClassCastException e) {
            // What Bouncy Castle throws at other forms is not all declared.
            return false;
        }
    }

    /**
     * Whether this key made it, as JWTs and records write it.
     *
     * @param key as for the other form
     * @param signed what is to be signed
     * @param signature two numbers of 32 bytes each; hostile
     */
    public boolean isOfJwt(PublicKey key, byte[] signed, byte[] signature) {
        if (signature.length != 2 * NUMBER_BYTES) {
            return false;
        }
        MessageDigest digest = Hashes.sha256();
        return isOf(
                key,
                digest.digest(signed),
                new BigInteger(1, Arrays.copyOf(signature, NUMBER_BYTES)),
                new BigInteger(1, Arrays.copyOfRange(signature, NUMBER_BYTES, 2 * NUMBER_BYTES)));
    }

    private boolean isOf(PublicKey key, byte[] digest, BigInteger first, BigInteger second) {
        Optional<ECPublicKeyParameters> prepared = prepared(key);
        if (prepared.isEmpty()) {
            return false;
        }
        ECDSASigner check = new ECDSASigner();
        check.init(false, prepared.get());
        return check.verifySignature(digest, first, second);
    }

    private Optional<ECPublicKeyParameters> prepared(PublicKey key) {
        if (!KeyPairs.isP256(key) || !(key instanceof ECPublicKey onCurve)) {
            return Optional.empty();
        }
        synchronized (keys) {
            ECPublicKeyParameters known = keys.get(key);
            if (known != null) {
                return Optional.of(known);
            }
        }
        try {
            ECPublicKeyParameters made = prepare(onCurve.getW());
            synchronized (keys) {
                keys.put(key, made);
            }
            return Optional.of(made);
        } catch (IllegalArgumentException e) {
            // A point that is not on the curve.
            return Optional.empty();
        }
    }

    private static ECPublicKeyParameters prepare(ECPoint point) {
        return new ECPublicKeyParameters(
                P256.getCurve().createPoint(point.getAffineX(), point.getAffineY()), P256);
    }
}
