package io.runnel.attestation.certificate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequestBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;
import org.junit.jupiter.api.Test;

import java.security.KeyPair;
import java.util.Arrays;
import java.util.Optional;

/** What shows that its sender has a key. */
class CertificateRequestTest {
    private final TestNetwork net = new TestNetwork();
    private final KeyPair pair = KeyPairs.generate(net.random);
    private final byte[] sound = CertificateRequest.of(pair, "n-1", "{}");

    @Test
    void itSaysWhatWasSigned() {
        assertEquals(
                Optional.of(new CertificateRequest(pair.getPublic(), "n-1", "{}")),
                CertificateRequest.read(sound));
    }

    @Test
    void nothingOfItCanBeChanged() {
        for (int i = 0; i < sound.length; i++) {
            byte[] changed = sound.clone();
            changed[i] ^= 1;
            assertEquals(Optional.empty(), CertificateRequest.read(changed), "byte " + i);
        }
    }

    @Test
    void whoHasNotTheKeyAsksInVain() throws Exception {
        KeyPair other = KeyPairs.generate(net.random);
        byte[] foreign =
                CertificateRequest.of(
                        new KeyPair(pair.getPublic(), other.getPrivate()), "n-1", "{}");
        assertEquals(Optional.empty(), CertificateRequest.read(foreign));
        byte[] weak = CertificateRequest.of(Forged.ec("secp384r1"), "n-1", "{}");
        assertEquals(Optional.empty(), CertificateRequest.read(weak));
    }

    @Test
    void whatIsOfAnotherFormIsNone() throws Exception {
        assertEquals(Optional.empty(), CertificateRequest.read(new byte[0]));
        byte[] longer = Arrays.copyOf(sound, sound.length + 1);
        assertEquals(Optional.empty(), CertificateRequest.read(longer));
        byte[] large = CertificateRequest.of(pair, "n-1", "x".repeat(8192));
        assertEquals(Optional.empty(), CertificateRequest.read(large));
        assertEquals(Optional.empty(), CertificateRequest.read(signed(bare())), "no nonce");
        assertEquals(
                Optional.empty(),
                CertificateRequest.read(
                        signed(
                                bare().addAttribute(
                                                PKCSObjectIdentifiers.pkcs_9_at_unstructuredName,
                                                new DERUTF8String("{}")))),
                "no nonce");
        assertEquals(
                Optional.empty(),
                CertificateRequest.read(
                        signed(
                                bare().addAttribute(
                                                PKCSObjectIdentifiers.pkcs_9_at_challengePassword,
                                                new DERUTF8String("n-1"))
                                        .addAttribute(
                                                PKCSObjectIdentifiers.pkcs_9_at_unstructuredName,
                                                new DERUTF8String[] {
                                                    new DERUTF8String("{}"), new DERUTF8String("{}")
                                                }))),
                "two evidences");
    }

    private PKCS10CertificationRequestBuilder bare() {
        return new JcaPKCS10CertificationRequestBuilder(
                new X500Name("CN=request"), pair.getPublic());
    }

    private byte[] signed(PKCS10CertificationRequestBuilder request) throws Exception {
        return request.build(
                        new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate()))
                .getEncoded();
    }
}
