package io.runnel.cluster.hazelcast;

import io.runnel.attestation.authority.NodeIdentity;
import io.runnel.attestation.certificate.CertificateAuthority;
import io.runnel.attestation.certificate.CertifiedKey;
import io.runnel.attestation.certificate.ChainVerifier;
import io.runnel.attestation.certificate.KnownRevocations;
import io.runnel.attestation.certificate.RevocationList;
import io.runnel.attestation.identity.Identity;
import io.runnel.attestation.tls.NodeTrust;
import io.runnel.exec.task.NodeName;
import io.runnel.exec.task.PopId;
import io.runnel.exec.task.RegionId;
import io.runnel.topology.Topology;

import java.math.BigInteger;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** A root and the authority of a region, by a clock that the test moves. */
final class TestAuthority {
    private final SecureRandom random = new SecureRandom();
    private final CertifiedKey root;
    private final CertificateAuthority authority;
    private volatile Duration ahead = Duration.ZERO;

    TestAuthority(RegionId region) {
        root = CertificateAuthority.root("net", now(), random);
        authority =
                new CertificateAuthority(
                        new CertificateAuthority(root, random)
                                .create(
                                        new Identity.Authority("net", region),
                                        now(),
                                        CertificateAuthority.AUTHORITY_LIFE),
                        random);
    }

    /** Another region's, by the same root. */
    private TestAuthority(TestAuthority other, RegionId region) {
        root = other.root;
        authority =
                new CertificateAuthority(
                        new CertificateAuthority(root, random)
                                .create(
                                        new Identity.Authority("net", region),
                                        now(),
                                        CertificateAuthority.AUTHORITY_LIFE),
                        random);
    }

    TestAuthority of(RegionId region) {
        return new TestAuthority(this, region);
    }

    static Identity pop(NodeName name) {
        return new Identity.Pop("net", new PopId(name.value()));
    }

    static Identity member(RegionId region, NodeName name) {
        return new Identity.RegionNode("net", region, name);
    }

    private Instant now() {
        return Instant.now().plus(ahead);
    }

    /** The clock of all whom it secures goes on by that. */
    void passes(Duration time) {
        ahead = ahead.plus(time);
    }

    CertifiedKey certified(Identity who) {
        return authority.create(who, now(), CertificateAuthority.NODE_LIFE);
    }

    /** Somebody with a key of its own, who has heard of nothing that was revoked. */
    LinkSecurity security(Identity who, Topology topology) {
        LinkSecurity security = nobody(topology);
        security.own().become(certified(who));
        return security;
    }

    /** Somebody who has not been certified yet. */
    LinkSecurity nobody(Topology topology) {
        Optional<ChainVerifier> chains = Optional.of(new ChainVerifier(root.certificate()));
        return new LinkSecurity(
                new NodeIdentity(random),
                new NodeTrust(chains, new KnownRevocations(chains)),
                topology,
                random,
                this::now);
    }

    /** A list that says that this one is revoked. */
    RevocationList revoked(X509Certificate certificate) {
        return new RevocationList(
                authority.certificate(),
                authority.revocationList(
                        Map.of(certificate.getSerialNumber(), now()),
                        BigInteger.valueOf(now().toEpochMilli()),
                        now()));
    }
}
