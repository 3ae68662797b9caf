package io.runnel.attestation.document;

import static io.runnel.attestation.certificate.TestNetwork.NOW;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.util.Base64;

import io.runnel.attestation.Verdicts;
import io.runnel.attestation.certificate.CertifiedKey;
import io.runnel.attestation.certificate.TestNetwork;
import io.runnel.attestation.identity.Reason;

import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DERSet;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.cms.Attribute;
import org.bouncycastle.asn1.cms.AttributeTable;
import org.bouncycastle.asn1.cms.CMSAttributes;
import org.bouncycastle.asn1.cms.CMSObjectIdentifiers;
import org.bouncycastle.asn1.cms.ContentInfo;
import org.bouncycastle.asn1.cms.SignedData;
import org.bouncycastle.asn1.cms.SignerInfo;
import org.bouncycastle.asn1.cms.Time;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.cert.jcajce.JcaCertStore;
import org.bouncycastle.cms.CMSProcessableByteArray;
import org.bouncycastle.cms.CMSSignedDataGenerator;
import org.bouncycastle.cms.DefaultSignedAttributeTableGenerator;
import org.bouncycastle.cms.SimpleAttributeTableGenerator;
import org.bouncycastle.cms.jcajce.JcaSignerInfoGeneratorBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.List;

/** Documents that somebody changed, or made in a way that we do not. */
class HostileDocumentsTest {
    private final DocumentScene scene = new DocumentScene();
    private final TestNetwork net = scene.net;
    private final IdentityDocument document = scene.draft().document();
    private final byte[] json = document.bytes();
    private final byte[] cms =
            scene.signer.sign(new DocumentSigner.Draft(document, List.of())).cms();
    private final String jwt =
            scene.signer.signAsJwt(new DocumentSigner.Draft(document, List.of()));

    private List<Reason> reasons(byte[] text, byte[] signature) {
        return Verdicts.reasons(scene.verify(text, signature));
    }

    private List<Reason> reasons(String token) {
        return Verdicts.reasons(scene.verify(token));
    }

    @Test
    void noBitOfADocumentMayChange() {
        assertEquals(List.of(), reasons(json, cms));
        for (int bit = 0; bit < json.length * 8; bit++) {
            assertNotEquals(List.of(), reasons(flipped(json, bit), cms), "bit " + bit);
        }
    }

    @Test
    void noBitOfASignatureMayChange() {
        // One of each byte, not always the same.
        for (int at = 0; at < cms.length; at++) {
            int bit = at * 8 + at % 8;
            assertNotEquals(List.of(), reasons(json, flipped(cms, bit)), "bit " + bit);
        }
    }

    @Test
    void noCharacterOfAJwtMayChange() {
        assertEquals(List.of(), reasons(jwt));
        for (int at = 0; at < jwt.length(); at++) {
            // The next one differs in the last bit, which the last letter of a part has no use for.
            for (char other : new char[] {'A', (char) (jwt.charAt(at) + 1)}) {
                String changed = jwt.substring(0, at) + other + jwt.substring(at + 1);
                if (!changed.equals(jwt)) {
                    assertNotEquals(List.of(), reasons(changed), "character " + at);
                }
            }
        }
    }

    private static byte[] flipped(byte[] bytes, int bit) {
        byte[] changed = bytes.clone();
        changed[bit / 8] ^= (byte) (1 << bit % 8);
        return changed;
    }

    @Test
    void reorderedOrRespacedItIsAnother() {
        String text = new String(json, StandardCharsets.UTF_8);
        String spaced = text.replaceFirst(":", ": ");
        assertEquals(
                List.of(Reason.NOT_CANONICAL),
                reasons(spaced.getBytes(StandardCharsets.UTF_8), cms));
        int comma = text.indexOf(',');
        String reordered =
                "{"
                        + text.substring(comma + 1, text.length() - 1)
                        + ","
                        + text.substring(1, comma)
                        + "}";
        assertEquals(
                List.of(Reason.NOT_CANONICAL),
                reasons(reordered.getBytes(StandardCharsets.UTF_8), cms));
    }

    @Test
    void withoutASignatureItIsNothing() throws Exception {
        assertEquals(List.of(Reason.UNSIGNED), reasons(json, new byte[0]));
        assertEquals(List.of(Reason.UNSIGNED), reasons(json, bySigners(false)));
        String unsigned = jwt.substring(0, jwt.lastIndexOf('.') + 1);
        assertEquals(List.of(Reason.UNSIGNED), reasons(unsigned));
    }

    @Test
    void otherCmsThanOursIsNotTaken() throws Exception {
        assertEquals(List.of(), reasons(json, bySigners(false, net.ams)));
        assertEquals(
                List.of(Reason.SEVERAL_SIGNERS), reasons(json, bySigners(false, net.ams, net.eu1)));
        assertEquals(List.of(Reason.MALFORMED), reasons(json, bySigners(true, net.ams)));
        assertEquals(
                List.of(Reason.UNSIGNED_ATTRIBUTES),
                reasons(json, by(net.ams, "SHA256withECDSA", true, net.ams.chain())));
        for (String algorithm : List.of("SHA1withECDSA", "SHA384withECDSA", "SHA512withECDSA")) {
            assertEquals(
                    List.of(Reason.ALGORITHM_NOT_ALLOWED),
                    reasons(json, by(net.ams, algorithm, false, net.ams.chain())),
                    algorithm);
        }
        List<X509Certificate> more = new ArrayList<>(net.ams.chain());
        more.add(net.eu1.certificate());
        assertEquals(
                List.of(Reason.ISSUER_UNKNOWN),
                reasons(json, by(net.ams, "SHA256withECDSA", false, more)));
        assertEquals(
                List.of(Reason.ISSUER_UNKNOWN),
                reasons(json, by(net.ams, "SHA256withECDSA", false, List.of())));
        more.addAll(List.of(net.us.certificate(), net.root.certificate()));
        assertEquals(
                List.of(Reason.CHAIN_TOO_LONG),
                reasons(json, by(net.ams, "SHA256withECDSA", false, more)));
    }

    /** What names the algorithm is covered by no signature. */
    @Test
    void theAlgorithmHasNoParameters() throws Exception {
        SignedData data = SignedData.getInstance(ContentInfo.getInstance(cms).getContent());
        SignerInfo own = SignerInfo.getInstance(data.getSignerInfos().getObjectAt(0));
        assertArrayEquals(cms, with(data, own, own.getDigestEncryptionAlgorithm()));
        byte[] more =
                with(
                        data,
                        own,
                        new AlgorithmIdentifier(
                                own.getDigestEncryptionAlgorithm().getAlgorithm(),
                                DERNull.INSTANCE));
        assertEquals(List.of(Reason.SIGNATURE_WRONG), reasons(json, more));
    }

    private static byte[] with(SignedData data, SignerInfo signer, AlgorithmIdentifier algorithm)
            throws Exception {
        var changed =
                new SignerInfo(
                        signer.getSID(),
                        signer.getDigestAlgorithm(),
                        signer.getAuthenticatedAttributes(),
                        algorithm,
                        signer.getEncryptedDigest(),
                        null);
        return new ContentInfo(
                        CMSObjectIdentifiers.signedData,
                        new SignedData(
                                data.getDigestAlgorithms(),
                                data.getEncapContentInfo(),
                                data.getCertificates(),
                                null,
                                new DERSet(changed)))
                .getEncoded("DER");
    }

    @Test
    void whatIsTooLargeOrTooLongIsNotRead() {
        assertEquals(List.of(Reason.TOO_LARGE), reasons(new byte[10 << 20], cms));
        assertEquals(List.of(Reason.TOO_LARGE), reasons(json, new byte[10 << 20]));
        assertEquals(List.of(Reason.TOO_LARGE), reasons("A".repeat(10 << 20)));
        assertEquals(
                List.of(Reason.TRAILING_DATA), reasons(json, Arrays.copyOf(cms, cms.length + 1)));
        assertEquals(List.of(Reason.MALFORMED), reasons(json, Arrays.copyOf(cms, cms.length / 2)));
    }

    private byte[] bySigners(boolean attached, CertifiedKey... signers) throws Exception {
        var generator = new CMSSignedDataGenerator();
        for (CertifiedKey signer : signers) {
            generator.addSignerInfoGenerator(
                    builder().build(content(signer, "SHA256withECDSA"), signer.certificate()));
            generator.addCertificates(new JcaCertStore(signer.chain()));
        }
        return generator
                .generate(new CMSProcessableByteArray(json), attached)
                .toASN1Structure()
                .getEncoded("DER");
    }

    private byte[] by(
            CertifiedKey signer,
            String algorithm,
            boolean unsigned,
            List<X509Certificate> certificates)
            throws Exception {
        var generator = new CMSSignedDataGenerator();
        JcaSignerInfoGeneratorBuilder builder = builder();
        if (unsigned) {
            ASN1EncodableVector attributes = new ASN1EncodableVector();
            attributes.add(
                    new Attribute(
                            new ASN1ObjectIdentifier("1.2.3.4"),
                            new DERSet(new DERUTF8String("smuggled"))));
            builder.setUnsignedAttributeGenerator(
                    new SimpleAttributeTableGenerator(new AttributeTable(attributes)));
        }
        generator.addSignerInfoGenerator(
                builder.build(content(signer, algorithm), signer.certificate()));
        generator.addCertificates(new JcaCertStore(certificates));
        return generator
                .generate(new CMSProcessableByteArray(json), false)
                .toASN1Structure()
                .getEncoded("DER");
    }

    private static JcaSignerInfoGeneratorBuilder builder() throws Exception {
        var time = new Attribute(CMSAttributes.signingTime, new DERSet(new Time(Date.from(NOW))));
        return new JcaSignerInfoGeneratorBuilder(new JcaDigestCalculatorProviderBuilder().build())
                .setSignedAttributeGenerator(
                        new DefaultSignedAttributeTableGenerator(
                                new AttributeTable(new DERSet(time))));
    }

    private static org.bouncycastle.operator.ContentSigner content(
            CertifiedKey signer, String algorithm) throws Exception {
        return new JcaContentSignerBuilder(algorithm).build(signer.key());
    }

    @Test
    void otherJwtThanOursIsNotTaken() throws Exception {
        String payload = jwt.split("\\.", -1)[1];
        String none = encoded("{\"alg\":\"none\"}") + "." + payload + ".AAAA";
        assertEquals(List.of(Reason.ALGORITHM_NOT_ALLOWED), reasons(none));
        byte[] secret = net.ams.certificate().getPublicKey().getEncoded();
        var mac = new JWSObject(new JWSHeader(JWSAlgorithm.HS256), new Payload(document.claims()));
        mac.sign(new MACSigner(secret));
        assertEquals(List.of(Reason.ALGORITHM_NOT_ALLOWED), reasons(mac.serialize()));
        assertEquals(
                List.of(Reason.MALFORMED),
                reasons(signed(new JWSHeader.Builder(JWSAlgorithm.ES256), document.claims())));
        assertEquals(
                List.of(Reason.MALFORMED), reasons(signed(header().keyID("x"), document.claims())));
        assertEquals(List.of(), reasons(signed(header(), document.claims())));
        String twice = "{\"alg\":\"ES256\",\"alg\":\"none\"}";
        assertEquals(List.of(Reason.MALFORMED), reasons(encoded(twice) + "." + payload + ".AAAA"));
        for (String text : List.of("", ".", "..", "a.b", "a.b.c.d", "a b.c.d", jwt + "\n")) {
            assertEquals(List.of(Reason.MALFORMED), reasons(text), text);
        }
    }

    @Test
    void claimsSayWhatTheDocumentSays() throws Exception {
        String claims = new String(document.claims(), StandardCharsets.UTF_8);
        for (String changed :
                List.of(
                        claims.replaceFirst("\"exp\":\\d+", "\"exp\":9999999999"),
                        claims.replaceFirst("\"aud\":\"[^\"]*\"", "\"aud\":\"thief\""),
                        claims.replaceFirst("\"sub\":\"[^\"]*\"", "\"sub\":\"thief\""),
                        claims.replaceFirst("\\{", "{\"a\":1,"))) {
            assertNotEquals(claims, changed);
            assertEquals(
                    List.of(Reason.MALFORMED),
                    reasons(signed(header(), changed.getBytes(StandardCharsets.UTF_8))),
                    changed);
        }
    }

    private JWSHeader.Builder header() throws Exception {
        List<Base64> chain = new ArrayList<>();
        for (X509Certificate certificate : net.ams.chain()) {
            chain.add(Base64.encode(certificate.getEncoded()));
        }
        return new JWSHeader.Builder(JWSAlgorithm.ES256)
                .type(DocumentSigner.TYPE)
                .x509CertChain(chain);
    }

    private String signed(JWSHeader.Builder header, byte[] claims) throws Exception {
        var object = new JWSObject(header.build(), new Payload(claims));
        object.sign(new ECDSASigner(net.ams.key(), Curve.P_256));
        return object.serialize();
    }

    private static String encoded(String text) {
        return java.util.Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void eachFieldHasOneForm() {
        ObjectNode right = (ObjectNode) Verdicts.facts(CanonicalJson.read(json));
        List<ObjectNode> wrong = new ArrayList<>();
        right.fieldNames()
                .forEachRemaining(
                        name -> {
                            ObjectNode without = right.deepCopy();
                            without.remove(name);
                            if (!List.of("audience", "nonce").contains(name)) {
                                wrong.add(without);
                            }
                            wrong.add(right.deepCopy().put(name, 1));
                            wrong.add(right.deepCopy().put(name, ""));
                            wrong.add(right.deepCopy().putNull(name));
                        });
        wrong.add(right.deepCopy().put("extra", 1));
        wrong.add(right.deepCopy().put("issuedAt", "2026-11-28T12:00:00.5Z"));
        wrong.add(right.deepCopy().put("issuedAt", "2026-11-28T13:00:00+01:00"));
        wrong.add(right.deepCopy().put("notAfter", "+1000000000-12-31T23:59:59Z"));
        ObjectNode hashes = right.deepCopy();
        hashes.withArray("withheld").add("x");
        wrong.add(hashes);
        ObjectNode nobody = right.deepCopy();
        ((ObjectNode) nobody.get("subject")).remove("node");
        wrong.add(nobody);
        for (ObjectNode text : wrong) {
            List<Reason> why = Verdicts.reasons(DocumentReader.read(CanonicalJson.write(text)));
            assertTrue(
                    why.equals(List.of(Reason.MALFORMED))
                            || why.equals(List.of(Reason.UNKNOWN_SCHEMA)),
                    () -> text + ": " + why);
        }
    }
}
