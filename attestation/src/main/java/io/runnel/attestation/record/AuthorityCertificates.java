package io.runnel.attestation.record;

import io.runnel.attestation.certificate.CertificateAuthority;
import io.runnel.attestation.certificate.ChainVerifier;
import io.runnel.attestation.certificate.Pem;
import io.runnel.attestation.certificate.PemException;
import io.runnel.attestation.identity.Identity;
import io.runnel.attestation.identity.Verdict;
import io.runnel.exec.task.CodeDigest;
import io.runnel.exec.task.RegionId;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The certificates of regions' authorities that are known here, those of earlier keys too: whoever
 * brought them, for each must be under the root. Safe for any thread; asking takes no lock.
 */
public final class AuthorityCertificates {
    /** The longest certificate that is looked at, as PEM. */
    public static final int MOST_CHARACTERS = 4096;

    private static final Logger LOG = System.getLogger(AuthorityCertificates.class.getName());

    private final Optional<ChainVerifier> root;
    private final int most;
    private volatile Known known = new Known(Map.of(), List.of());

    /** By id, and as texts in the order in which they came. */
    private record Known(Map<String, Authority> byId, List<String> texts) {}

    /** A certificate, and the region whose authority it is of. */
    record Authority(X509Certificate certificate, RegionId region) {}

    /**
     * None yet.
     *
     * @param root what leads to the root; without it nothing is learned
     * @param most how many are kept
     */
    public AuthorityCertificates(Optional<ChainVerifier> root, int most) {
        this.root = root;
        this.most = most;
    }

    /** What records name a certificate by: SHA-256 of all of it, in lower-case hexadecimal. */
    public static String id(X509Certificate certificate) {
        try {
            return CodeDigest.of(certificate.getEncoded()).value();
        } catch (CertificateEncodingException e) {
            throw new IllegalArgumentException("a certificate that cannot be written", e);
        }
    }

    /** Whether it is valid at this time, by a clock that may be a minute off. */
    static boolean covers(X509Certificate certificate, Instant at) {
        Instant from = certificate.getNotBefore().toInstant().minus(CertificateAuthority.SKEW);
        Instant to = certificate.getNotAfter().toInstant().plus(CertificateAuthority.SKEW);
        return !at.isBefore(from) && !at.isAfter(to);
    }

    /**
     * Learns those that are under the root and not known yet, as long as there is room. What is
     * anything else is passed over: it may come from anybody. Takes about a millisecond for each
     * new one.
     *
     * @param certificates one to a text, as PEM; hostile
     * @return those that were learned
     */
    public synchronized List<String> learn(List<String> certificates) {
        List<String> learned = new ArrayList<>();
        for (String text : certificates) {
            if (!known.texts().contains(text) && learn(text)) {
                learned.add(text);
            }
        }
        return learned;
    }

    private boolean learn(String text) {
        Optional<X509Certificate> certificate = read(text);
        if (certificate.isEmpty() || known.byId().containsKey(id(certificate.get()))) {
            return false;
        }
        Optional<RegionId> region = region(certificate.get());
        if (region.isEmpty()) {
            LOG.log(Level.WARNING, "a certificate of an authority is not under the root");
            return false;
        }
        if (known.byId().size() >= most) {
            LOG.log(Level.WARNING, "more than {0} certificates of authorities", most);
            return false;
        }
        Map<String, Authority> next = new LinkedHashMap<>(known.byId());
        next.put(id(certificate.get()), new Authority(certificate.get(), region.get()));
        List<String> texts = new ArrayList<>(known.texts());
        texts.add(Pem.of(List.of(certificate.get())));
        known = new Known(Map.copyOf(next), List.copyOf(texts));
        return true;
    }

    private static Optional<X509Certificate> read(String text) {
        try {
            return text.length() > MOST_CHARACTERS
                    ? Optional.empty()
                    : Optional.of(Pem.certificates(text).getFirst());
        } catch (PemException e) {
            return Optional.empty();
        }
    }

    /**
     * When it began to be valid is when it must have been under the root; later does not matter.
     */
    private Optional<RegionId> region(X509Certificate certificate) {
        Instant at = certificate.getNotBefore().toInstant();
        return root.map(chains -> chains.authority(certificate, at))
                .filter(Verdict.Trusted.class::isInstance)
                .map(trusted -> ((Verdict.Trusted<Identity>) trusted).facts())
                .filter(Identity.Authority.class::isInstance)
                .map(who -> ((Identity.Authority) who).region());
    }

    /** All that are known, as PEM; grows, and nothing in it changes places. */
    public List<String> all() {
        return known.texts();
    }

    Optional<Authority> find(String id) {
        return Optional.ofNullable(known.byId().get(id));
    }
}
