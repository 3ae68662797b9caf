package io.runnel.attestation.document;

import com.fasterxml.jackson.databind.JsonNode;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.util.Base64;

import io.runnel.attestation.identity.Reason;
import io.runnel.attestation.identity.Rejection;
import io.runnel.attestation.identity.Verdict;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A document as JWT, of which nothing is taken but what {@link DocumentSigner} makes: ES256, the
 * signer's certificates and the id of its key in the header, no other word there.
 */
final class JwtSignature {
    private static final int MOST_CHARACTERS = 32 << 10;
    private static final int MOST_CERTIFICATES = 4;
    private static final Set<String> HEADER = Set.of("alg", "kid", "typ", "x5c");

    /** What nodes wrote that published no keys; to be left out once there are none of these. */
    private static final Set<String> HEADER_WITHOUT_ID = Set.of("alg", "typ", "x5c");

    private static final Pattern FORM =
            Pattern.compile("[A-Za-z0-9_-]++\\.[A-Za-z0-9_-]++\\.[A-Za-z0-9_-]*+");

    private final JWSObject jwt;
    private final IdentityDocument document;
    private final List<X509Certificate> chain;

    private JwtSignature(JWSObject jwt, IdentityDocument document, List<X509Certificate> chain) {
        this.jwt = jwt;
        this.document = document;
        this.chain = List.copyOf(chain);
    }

    IdentityDocument document() {
        return document;
    }

    /** The certificates of who signed, theirs first; nobody has checked them yet. */
    List<X509Certificate> chain() {
        return chain;
    }

    /** Reads one that may come from anybody. */
    static Verdict<JwtSignature> read(String text) {
        if (text.length() > MOST_CHARACTERS) {
            return Verdict.rejected(Reason.TOO_LARGE, "%d characters".formatted(text.length()));
        }
        if (!FORM.matcher(text).matches()) {
            return Verdict.rejected(Reason.MALFORMED, "not three parts in base64url");
        }
        if (!CompactForm.isTheOneWay(text)) {
            return Verdict.rejected(Reason.NOT_CANONICAL, "bits in base64url that mean nothing");
        }
        if (text.endsWith(".")) {
            return Verdict.rejected(Reason.UNSIGNED, "its third part is empty");
        }
        try {
            // Nimbus takes headers that are not in the one way to write them.
            JsonNode header = header(text);
            JWSAlgorithm algorithm = new JWSAlgorithm(header.path("alg").asText());
            if (!algorithm.equals(JWSAlgorithm.ES256)) {
                return Verdict.rejected(Reason.ALGORITHM_NOT_ALLOWED, algorithm.getName());
            }
            JWSObject jwt = JWSObject.parse(text);
            Set<String> words = jwt.getHeader().toJSONObject().keySet();
            if (!(words.equals(HEADER) || words.equals(HEADER_WITHOUT_ID))
                    || !DocumentSigner.TYPE.equals(jwt.getHeader().getType())) {
                return Verdict.rejected(Reason.MALFORMED, "not the header of such a document");
            }
            return read(jwt);
        } catch (ParseException | GeneralSecurityException | IllegalArgumentException e) {
            return Verdict.rejected(Reason.MALFORMED, e.toString());
        }
    }

    private static JsonNode header(String text) {
        byte[] header =
                java.util.Base64.getUrlDecoder()
                        .decode(
                                text.substring(0, text.indexOf('.'))
                                        .getBytes(StandardCharsets.US_ASCII));
        return switch (CanonicalJson.readAny(header)) {
            case Verdict.Trusted<JsonNode>(JsonNode tree) -> tree;
            case Verdict.Rejected<JsonNode>(List<Rejection> why) ->
                    throw new IllegalArgumentException(why.toString());
        };
    }

    private static Verdict<JwtSignature> read(JWSObject jwt) throws GeneralSecurityException {
        byte[] claims = jwt.getPayload().toBytes();
        return switch (CanonicalJson.read(claims)) {
            case Verdict.Rejected<JsonNode>(List<Rejection> why) -> new Verdict.Rejected<>(why);
            case Verdict.Trusted<JsonNode>(JsonNode tree) ->
                    switch (DocumentReader.document(tree.path(IdentityDocument.DOCUMENT))) {
                        case Verdict.Rejected<IdentityDocument>(List<Rejection> why) ->
                                new Verdict.Rejected<>(why);
                        case Verdict.Trusted<IdentityDocument>(IdentityDocument document) ->
                                Arrays.equals(document.claims(), claims)
                                        ? named(jwt, document, chain(jwt.getHeader()))
                                        : Verdict.rejected(
                                                Reason.MALFORMED,
                                                "its claims are not those of its document");
                    };
        };
    }

    /** A key that is named is that of the first certificate. */
    private static Verdict<JwtSignature> named(
            JWSObject jwt, IdentityDocument document, List<X509Certificate> chain) {
        Optional<String> name = Optional.ofNullable(jwt.getHeader().getKeyID());
        Optional<String> own =
                chain.stream().findFirst().flatMap(c -> JsonWebKey.id(c.getPublicKey()));
        return name.isEmpty() || name.equals(own)
                ? Verdict.trusted(new JwtSignature(jwt, document, chain))
                : Verdict.rejected(Reason.MALFORMED, "it names another key than it shows");
    }

    private static List<X509Certificate> chain(JWSHeader header) throws GeneralSecurityException {
        List<Base64> encoded = header.getX509CertChain();
        if (encoded.size() > MOST_CERTIFICATES) {
            throw new IllegalArgumentException(encoded.size() + " certificates");
        }
        List<X509Certificate> chain = new ArrayList<>();
        CertificateFactory factory = CertificateFactory.getInstance("X.509");
        for (Base64 certificate : encoded) {
            chain.add(
                    (X509Certificate)
                            factory.generateCertificate(
                                    new ByteArrayInputStream(certificate.decode())));
        }
        return chain;
    }

    /** Whether the key of the first certificate made it. */
    boolean isValid(SignatureCheck check) {
        return check.isOfJwt(
                chain.getFirst().getPublicKey(),
                jwt.getSigningInput(),
                jwt.getSignature().decode());
    }
}
