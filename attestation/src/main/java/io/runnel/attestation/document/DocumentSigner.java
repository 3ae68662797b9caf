package io.runnel.attestation.document;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.util.Base64;

import io.runnel.attestation.certificate.CertifiedKey;
import io.runnel.attestation.certificate.KeyPairs;
import io.runnel.attestation.identity.Identity;

import org.bouncycastle.asn1.DERSet;
import org.bouncycastle.asn1.cms.Attribute;
import org.bouncycastle.asn1.cms.AttributeTable;
import org.bouncycastle.asn1.cms.CMSAttributes;
import org.bouncycastle.asn1.cms.Time;
import org.bouncycastle.cert.jcajce.JcaCertStore;
import org.bouncycastle.cms.CMSException;
import org.bouncycastle.cms.CMSProcessableByteArray;
import org.bouncycastle.cms.CMSSignedDataGenerator;
import org.bouncycastle.cms.DefaultSignedAttributeTableGenerator;
import org.bouncycastle.cms.SignerInfoGenerator;
import org.bouncycastle.cms.jcajce.JcaSignerInfoGeneratorBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;

import java.io.IOException;
import java.security.SecureRandom;
import java.security.cert.CertificateEncodingException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Set;

/**
 * Makes documents and signs them with one key: ECDSA on P-256 with SHA-256. Safe for any thread.
 */
public final class DocumentSigner {
    static final JOSEObjectType TYPE = new JOSEObjectType("runnel-identity+jwt");

    private static final String ALGORITHM = "SHA256withECDSA";
    private static final int SERIAL_BYTES = 16;

    private final CertifiedKey key;
    private final SecureRandom random;
    private final JWSSigner jws;
    private final JWSHeader header;
    private final JcaCertStore certificates;

    /**
     * Signs with this key.
     *
     * @throws IllegalArgumentException if it is not on P-256
     */
    public DocumentSigner(CertifiedKey key, SecureRandom random) {
        if (!KeyPairs.isP256(key.certificate().getPublicKey())) {
            throw new IllegalArgumentException("documents are signed by keys on P-256");
        }
        this.key = key;
        this.random = random;
        try {
            this.jws = new ECDSASigner(key.key(), Curve.P_256);
            List<Base64> chain = new ArrayList<>();
            for (var certificate : key.chain()) {
                chain.add(Base64.encode(certificate.getEncoded()));
            }
            this.header =
                    new JWSHeader.Builder(JWSAlgorithm.ES256)
                            .type(TYPE)
                            .keyID(JsonWebKey.of(key.chain()).id())
                            .x509CertChain(chain)
                            .build();
            this.certificates = new JcaCertStore(key.chain());
        } catch (JOSEException | CertificateEncodingException e) {
            throw new IllegalArgumentException("a key that cannot sign documents", e);
        }
    }

    /** Whose key it is. */
    public CertifiedKey key() {
        return key;
    }

    /**
     * A document that this signer may sign: of itself or of what runs on it.
     *
     * @param facts {@code node} is put to them
     * @param withheld which of the facts it is not to show
     */
    public Draft draft(
            Kind kind,
            Event event,
            ObjectNode facts,
            Set<String> withheld,
            Asked asked,
            Instant now) {
        return draft(kind, event, facts, key.identity(), withheld, asked, now);
    }

    /**
     * What a supervisor says of a node's process that it started: for everybody.
     *
     * @param digest of the node's software, as its own document says it: {@code sha256:...}
     * @param startedAt when the process was started
     */
    public Draft measurement(Identity node, String digest, Instant startedAt, Instant now) {
        ObjectNode facts =
                JsonNodeFactory.instance
                        .objectNode()
                        .put(MeasurementCheck.DIGEST, digest)
                        .put("startedAt", startedAt.truncatedTo(ChronoUnit.SECONDS).toString());
        return draft(Kind.MEASUREMENT, Event.LAUNCH, facts, node, Set.of(), Asked.NOTHING, now);
    }

    private Draft draft(
            Kind kind,
            Event event,
            ObjectNode facts,
            Identity node,
            Set<String> withheld,
            Asked asked,
            Instant now) {
        ObjectNode shown = facts.deepCopy();
        List<Disclosure> disclosures = new ArrayList<>();
        for (String name : withheld) {
            if (shown.has(name)) {
                disclosures.add(Disclosure.of(name, shown.remove(name), random));
            }
        }
        shown.put(IdentityDocument.NODE, node.uri());
        Instant issuedAt = now.truncatedTo(ChronoUnit.SECONDS);
        return new Draft(
                new IdentityDocument(
                        serial(),
                        key.identity(),
                        kind,
                        event,
                        issuedAt,
                        issuedAt.plus(IdentityDocument.LIFE),
                        asked,
                        shown,
                        disclosures.stream().map(Disclosure::hash).toList()),
                disclosures);
    }

    /** A document that is not signed yet, and what opens its withheld facts. */
    public record Draft(IdentityDocument document, List<Disclosure> disclosures) {
        /** Copies what could change. */
        public Draft {
            disclosures = List.copyOf(disclosures);
        }
    }

    private String serial() {
        byte[] serial = new byte[SERIAL_BYTES];
        random.nextBytes(serial);
        return java.util.Base64.getUrlEncoder().withoutPadding().encodeToString(serial);
    }

    /** Signed as CMS, which {@code openssl cms -verify} checks. */
    public SignedDocument sign(Draft draft) {
        byte[] json = draft.document().bytes();
        try {
            CMSSignedDataGenerator generator = new CMSSignedDataGenerator();
            generator.addSignerInfoGenerator(signerInfo(draft.document().issuedAt()));
            generator.addCertificates(certificates);
            byte[] cms =
                    generator
                            .generate(new CMSProcessableByteArray(json), false)
                            .toASN1Structure()
                            .getEncoded("DER");
            return new SignedDocument(json, cms, draft.disclosures());
        } catch (CMSException | IOException e) {
            throw new IllegalStateException("a document cannot be signed", e);
        }
    }

    private SignerInfoGenerator signerInfo(Instant signedAt) {
        var time =
                new Attribute(CMSAttributes.signingTime, new DERSet(new Time(Date.from(signedAt))));
        try {
            return new JcaSignerInfoGeneratorBuilder(
                            new JcaDigestCalculatorProviderBuilder().build())
                    .setSignedAttributeGenerator(
                            new DefaultSignedAttributeTableGenerator(
                                    new AttributeTable(new DERSet(time))))
                    .build(
                            new JcaContentSignerBuilder(ALGORITHM)
                                    .setSecureRandom(random)
                                    .build(key.key()),
                            key.certificate());
        } catch (OperatorCreationException | CertificateEncodingException e) {
            throw new IllegalStateException("a document cannot be signed", e);
        }
    }

    /** Signed as JWT (RFC 7515, compact), with the document as a claim. */
    public String signAsJwt(Draft draft) {
        JWSObject object = new JWSObject(header, new Payload(draft.document().claims()));
        try {
            object.sign(jws);
        } catch (JOSEException e) {
            throw new IllegalStateException("a document cannot be signed", e);
        }
        return object.serialize();
    }
}
