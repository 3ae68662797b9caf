package io.runnel.attestation.certificate;

import io.runnel.attestation.identity.ChainCheck;
import io.runnel.attestation.identity.Identity;
import io.runnel.attestation.identity.Reason;
import io.runnel.attestation.identity.Verdict;

import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.PKIXReason;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Believes chains that lead to one root: path validation of RFC 5280, and that each may certify the
 * next by their identities. What was found sound is remembered, for a bounded number of chains;
 * their time is looked at anew. Safe for any thread.
 */
public final class ChainVerifier implements ChainCheck {
    private static final int MOST_REMEMBERED = 512;
    // Bits of the extension, as X509Certificate numbers them.
    private static final int DIGITAL_SIGNATURE = 0;
    private static final int CRL_SIGN = 6;

    private static final String ECDSA_WITH_SHA256 = "1.2.840.10045.4.3.2";

    private final X509Certificate root;
    private final Identity.Root network;

    /** Guarded by itself. */
    private final Map<List<X509Certificate>, Identity> sound =
            new LinkedHashMap<>(16, 0.75F, true) {
                @Override
                protected boolean removeEldestEntry(
                        Map.Entry<List<X509Certificate>, Identity> eldest) {
                    return size() > MOST_REMEMBERED;
                }
            };

    /**
     * One that believes what this root certified.
     *
     * @throws IllegalArgumentException if it is no root's certificate
     */
    public ChainVerifier(X509Certificate root) {
        this.root = root;
        this.network =
                Names.identity(root)
                        .filter(Identity.Root.class::isInstance)
                        .map(Identity.Root.class::cast)
                        .orElseThrow(
                                () ->
                                        new IllegalArgumentException(
                                                "not the certificate of a root"));
    }

    /** Of which network the root is. */
    public String network() {
        return network.network();
    }

    @Override
    public Verdict<Identity> check(List<X509Certificate> chain, Instant at) {
        if (chain.isEmpty()) {
            return Verdict.rejected(Reason.ISSUER_UNKNOWN, "there is no certificate");
        }
        if (chain.size() > Chain.MOST) {
            return Verdict.rejected(
                    Reason.CHAIN_TOO_LONG, "%d certificates".formatted(chain.size()));
        }
        Optional<Verdict<Identity>> untimely = untimely(chain, at);
        if (untimely.isPresent()) {
            return untimely.get();
        }
        List<X509Certificate> key = List.copyOf(chain);
        Optional<Identity> known;
        synchronized (sound) {
            known = Optional.ofNullable(sound.get(key));
        }
        return known.map(Verdict::trusted).orElseGet(() -> validate(key, at));
    }

    private Optional<Verdict<Identity>> untimely(List<X509Certificate> chain, Instant at) {
        for (X509Certificate certificate : chain) {
            if (at.isAfter(certificate.getNotAfter().toInstant())) {
                return Optional.of(Verdict.rejected(Reason.EXPIRED, name(certificate)));
            }
            if (at.isBefore(certificate.getNotBefore().toInstant())) {
                return Optional.of(Verdict.rejected(Reason.NOT_YET_VALID, name(certificate)));
            }
        }
        return at.isAfter(root.getNotAfter().toInstant())
                ? Optional.of(Verdict.rejected(Reason.EXPIRED, name(root)))
                : Optional.empty();
    }

    /**
     * Which authority a certificate is of, the root's own included; not whether it is revoked.
     *
     * @param certificate hostile
     */
    public Verdict<Identity> authority(X509Certificate certificate, Instant at) {
        if (certificate.equals(root)) {
            return untimely(List.of(root), at).orElseGet(() -> Verdict.trusted(network));
        }
        List<X509Certificate> chain = List.of(certificate);
        return untimely(chain, at)
                .or(() -> unsound(chain, at))
                .or(() -> misnamed(chain, CRL_SIGN))
                .orElseGet(() -> Verdict.trusted(Names.identity(certificate).orElseThrow()));
    }

    private Verdict<Identity> validate(List<X509Certificate> chain, Instant at) {
        Optional<Verdict<Identity>> unsound =
                unsound(chain, at).or(() -> misnamed(chain, DIGITAL_SIGNATURE));
        if (unsound.isPresent()) {
            return unsound.get();
        }
        Identity holder = Names.identity(chain.getFirst()).orElseThrow();
        synchronized (sound) {
            sound.put(chain, holder);
        }
        return Verdict.trusted(holder);
    }

    private Optional<Verdict<Identity>> unsound(List<X509Certificate> chain, Instant at) {
        for (X509Certificate certificate : chain) {
            if (!KeyPairs.isP256(certificate.getPublicKey())
                    || !certificate.getSigAlgOID().equals(ECDSA_WITH_SHA256)) {
                return rejected(Reason.ALGORITHM_NOT_ALLOWED, certificate);
            }
        }
        try {
            PKIXParameters parameters = new PKIXParameters(Set.of(new TrustAnchor(root, null)));
            parameters.setRevocationEnabled(false);
            parameters.setDate(Date.from(at));
            CertPathValidator.getInstance("PKIX")
                    .validate(
                            CertificateFactory.getInstance("X.509").generateCertPath(chain),
                            parameters);
            return Optional.empty();
        } catch (CertPathValidatorException e) {
            return Optional.of(Verdict.rejected(reason(e), e.getMessage()));
        } catch (GeneralSecurityException | NullPointerException e) {
            // The JDK's own, at names without a host.
            return Optional.of(Verdict.rejected(Reason.MALFORMED, e.toString()));
        }
    }

    private Optional<Verdict<Identity>> misnamed(List<X509Certificate> chain, int use) {
        Identity issuer = network;
        for (X509Certificate certificate : chain.reversed()) {
            Optional<Identity> who = Names.identity(certificate);
            if (who.isEmpty() || !Chain.mayCertify(issuer, who.get())) {
                return rejected(Reason.NAME_NOT_ALLOWED, certificate);
            }
            issuer = who.get();
        }
        boolean[] usage = chain.getFirst().getKeyUsage();
        return usage == null || !usage[use]
                ? rejected(Reason.KEY_USAGE_WRONG, chain.getFirst())
                : Optional.empty();
    }

    private static Optional<Verdict<Identity>> rejected(
            Reason reason, X509Certificate certificate) {
        return Optional.of(Verdict.rejected(reason, name(certificate)));
    }

    private static String name(X509Certificate certificate) {
        return certificate.getSubjectX500Principal().getName();
    }

    private static Reason reason(CertPathValidatorException e) {
        return switch (e.getReason()) {
            case PKIXReason.NO_TRUST_ANCHOR, PKIXReason.NAME_CHAINING -> Reason.ISSUER_UNKNOWN;
            case PKIXReason.NOT_CA_CERT -> Reason.NOT_AN_AUTHORITY;
            case PKIXReason.PATH_TOO_LONG -> Reason.CHAIN_TOO_LONG;
            case PKIXReason.INVALID_NAME -> Reason.NAME_NOT_ALLOWED;
            case PKIXReason.INVALID_KEY_USAGE -> Reason.KEY_USAGE_WRONG;
            case BasicReason.INVALID_SIGNATURE -> Reason.SIGNATURE_WRONG;
            case BasicReason.ALGORITHM_CONSTRAINED -> Reason.ALGORITHM_NOT_ALLOWED;
            case BasicReason.EXPIRED -> Reason.EXPIRED;
            case BasicReason.NOT_YET_VALID -> Reason.NOT_YET_VALID;
            default -> Reason.MALFORMED;
        };
    }
}
