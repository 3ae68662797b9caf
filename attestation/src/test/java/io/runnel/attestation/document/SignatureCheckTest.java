package io.runnel.attestation.document;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jose.crypto.impl.ECDSA;

import io.runnel.attestation.certificate.Forged;

import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.junit.jupiter.api.Test;

import java.math.BigInteger;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Signatures that the JDK made are taken, and others are not. */
class SignatureCheckTest {
    private static final long SEED = 20_261_128L;
    private static final BigInteger ORDER = CustomNamedCurves.getByName("P-256").getN();

    private final SignatureCheck check = new SignatureCheck();
    private final KeyPair pair = Forged.ec("secp256r1");
    private final byte[] text = "who are you".getBytes(java.nio.charset.StandardCharsets.UTF_8);
    private final byte[] digest = Hashes.sha256().digest(text);
    private final byte[] signature = signed(pair.getPrivate(), text);

    SignatureCheckTest() throws Exception {}

    private static byte[] signed(PrivateKey key, byte[] what) throws Exception {
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(key);
        signature.update(what);
        return signature.sign();
    }

    private static byte[] der(BigInteger first, BigInteger second) throws Exception {
        ASN1EncodableVector numbers = new ASN1EncodableVector();
        numbers.add(new ASN1Integer(first));
        numbers.add(new ASN1Integer(second));
        return new DERSequence(numbers).getEncoded();
    }

    @Test
    void itSaysWhatTheJdkSays() throws Exception {
        Random random = new Random(SEED);
        for (int turn = 0; turn < 200; turn++) {
            KeyPair own = turn % 10 == 0 ? Forged.ec("secp256r1") : pair;
            byte[] what = new byte[random.nextInt(300)];
            random.nextBytes(what);
            byte[] made = signed(own.getPrivate(), what);
            byte[] hash = Hashes.sha256().digest(what);
            assertTrue(check.isOf(own.getPublic(), hash, made), "turn " + turn);
            byte[] plain = ECDSA.transcodeSignatureToConcat(made, 64);
            assertTrue(check.isOfJwt(own.getPublic(), what, plain), "turn " + turn);
            plain[random.nextInt(64)] ^= (byte) (1 << random.nextInt(8));
            assertFalse(check.isOfJwt(own.getPublic(), what, plain), "turn " + turn);
            hash[random.nextInt(32)] ^= (byte) (1 << random.nextInt(8));
            assertFalse(check.isOf(own.getPublic(), hash, made), "turn " + turn);
        }
    }

    @Test
    void anotherKeyDidNotMakeIt() throws Exception {
        assertTrue(check.isOf(pair.getPublic(), digest, signature));
        for (String curve : List.of("secp256r1", "secp384r1", "secp521r1")) {
            assertFalse(check.isOf(Forged.ec(curve).getPublic(), digest, signature), curve);
        }
        assertTrue(check.isOf(pair.getPublic(), digest, signature));
    }

    /** Zeros verify by any key where they are not looked at (CVE-2022-21449). */
    @Test
    void numbersAreOfTheirRange() throws Exception {
        List<BigInteger> wrong =
                List.of(BigInteger.ZERO, ORDER, ORDER.add(BigInteger.ONE), BigInteger.ONE.negate());
        for (BigInteger first : wrong) {
            for (BigInteger second : wrong) {
                assertFalse(check.isOf(pair.getPublic(), digest, der(first, second)));
            }
            assertFalse(check.isOf(pair.getPublic(), digest, der(first, BigInteger.ONE)));
            assertFalse(check.isOf(pair.getPublic(), digest, der(BigInteger.ONE, first)));
        }
        assertFalse(check.isOfJwt(pair.getPublic(), text, new byte[64]));
        byte[] full = new byte[64];
        Arrays.fill(full, (byte) 0xff);
        assertFalse(check.isOfJwt(pair.getPublic(), text, full));
    }

    @Test
    void thereIsOneWayToWriteIt() throws Exception {
        byte[] plain = ECDSA.transcodeSignatureToConcat(signature, 64);
        assertTrue(check.isOfJwt(pair.getPublic(), text, plain));
        for (int length : new int[] {0, 1, 32, 63, 65, 66, 128}) {
            assertFalse(check.isOfJwt(pair.getPublic(), text, Arrays.copyOf(plain, length)));
        }
        assertFalse(check.isOfJwt(pair.getPublic(), text, signature));
        assertFalse(check.isOf(pair.getPublic(), digest, plain));
        for (int length = 0; length < signature.length; length++) {
            assertFalse(
                    check.isOf(pair.getPublic(), digest, Arrays.copyOf(signature, length)),
                    "length " + length);
        }
        assertFalse(
                check.isOf(
                        pair.getPublic(), digest, Arrays.copyOf(signature, signature.length + 1)));
        // An indefinite length, as BER has it.
        byte[] open = Arrays.copyOf(signature, signature.length + 2);
        open[1] = (byte) 0x80;
        assertFalse(check.isOf(pair.getPublic(), digest, open));
    }

    @Test
    void aPointThatIsNotOnTheCurveMadeNothing() {
        ECPublicKey right = (ECPublicKey) pair.getPublic();
        PublicKey wrong =
                new Elsewhere(
                        right.getParams(), new ECPoint(right.getW().getAffineX(), BigInteger.TWO));
        assertFalse(check.isOf(wrong, digest, signature));
        assertFalse(check.isOfJwt(wrong, text, new byte[64]));
        assertFalse(
                check.isOf(
                        new Elsewhere(right.getParams(), ECPoint.POINT_INFINITY),
                        digest,
                        signature));
    }

    /** Whoever chooses the generator of a known key has a private key to it (CVE-2020-0601). */
    @Test
    void aKeyDoesNotChooseItsCurve() {
        ECPublicKey right = (ECPublicKey) pair.getPublic();
        ECParameterSpec own = right.getParams();
        ECParameterSpec chosen =
                new ECParameterSpec(
                        own.getCurve(), right.getW(), own.getOrder(), own.getCofactor());
        assertTrue(check.isOf(new Elsewhere(own, right.getW()), digest, signature));
        assertFalse(check.isOf(new Elsewhere(chosen, right.getW()), digest, signature));
    }

    /** A key whose point may be anywhere. */
    private record Elsewhere(ECParameterSpec params, ECPoint point) implements ECPublicKey {
        @Override
        public ECPoint getW() {
            return point;
        }

        @Override
        public ECParameterSpec getParams() {
            return params;
        }

        @Override
        public String getAlgorithm() {
            return "EC";
        }

        @Override
        public String getFormat() {
            return "none";
        }

        @Override
        public byte[] getEncoded() {
            return new byte[0];
        }
    }
}
