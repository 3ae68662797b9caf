package io.runnel.cluster.replication;

import io.runnel.attestation.certificate.CertificateAuthority;
import io.runnel.attestation.certificate.CertifiedKey;
import io.runnel.attestation.certificate.ChainVerifier;
import io.runnel.attestation.certificate.KnownRevocations;
import io.runnel.attestation.certificate.Pem;
import io.runnel.attestation.identity.Identity;
import io.runnel.attestation.record.AuthorityCertificates;
import io.runnel.attestation.record.RecordSigner;
import io.runnel.attestation.tls.NodeTrust;
import io.runnel.exec.task.RegionId;
import io.runnel.routing.catalog.FeedRecord;
import io.runnel.routing.catalog.RecordSeals;

import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The authorities of a network of tests, and what nodes of it believe. */
final class TestSigners {
    /** When all of them sign. */
    static final Instant AT = Instant.parse("2026-11-23T10:00:00.123Z");

    private static final SecureRandom RANDOM = new SecureRandom();
    static final CertifiedKey ROOT = CertificateAuthority.root("demo", AT, RANDOM);
    private static final ChainVerifier CHAINS = new ChainVerifier(ROOT.certificate());
    private static final Map<RegionId, CertifiedKey> AUTHORITIES = new ConcurrentHashMap<>();

    private static final Map<X509Certificate, RecordSigner> SIGNERS = new ConcurrentHashMap<>();

    private TestSigners() {}

    /** The key of a region's authority. */
    static CertifiedKey authority(RegionId region) {
        return AUTHORITIES.computeIfAbsent(region, TestSigners::newAuthority);
    }

    /** Another key of it. */
    static CertifiedKey newAuthority(RegionId region) {
        return new CertificateAuthority(ROOT, RANDOM)
                .create(
                        new Identity.Authority("demo", region),
                        AT,
                        CertificateAuthority.AUTHORITY_LIFE);
    }

    /** The record, signed by this key, whoever's it is: the region is no part of a signature. */
    static FeedRecord sealed(FeedRecord record, String live, CertifiedKey by) {
        RecordSigner signer =
                SIGNERS.computeIfAbsent(
                        by.certificate(), its -> new RecordSigner(by, record.origin(), RANDOM));
        return record.sealed(check().seal(signer, record, live, AT));
    }

    static NodeTrust trust() {
        return new NodeTrust(Optional.of(CHAINS), new KnownRevocations(Optional.of(CHAINS)));
    }

    /** That of a node that has met nobody yet. */
    static SealCheck check() {
        return new SealCheck(trust());
    }

    /** The certificate of a key, as PEM. */
    static String certificate(CertifiedKey key) {
        return Pem.of(List.of(key.certificate()));
    }

    /** The certificates of these regions' authorities. */
    static AuthorityCertificates certificates(RegionId... regions) {
        AuthorityCertificates all =
                new AuthorityCertificates(Optional.of(CHAINS), RecordSeals.MOST_AUTHORITIES);
        for (RegionId region : regions) {
            List<String> unused = all.learn(List.of(certificate(authority(region))));
        }
        return all;
    }
}
