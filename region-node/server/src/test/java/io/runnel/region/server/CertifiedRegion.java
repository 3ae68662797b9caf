package io.runnel.region.server;

import io.runnel.attestation.authority.NodeIdentity;
import io.runnel.attestation.certificate.CertificateAuthority;
import io.runnel.attestation.certificate.CertifiedKey;
import io.runnel.attestation.certificate.ChainVerifier;
import io.runnel.attestation.certificate.KnownRevocations;
import io.runnel.attestation.identity.Identity;
import io.runnel.attestation.tls.NodeTrust;
import io.runnel.cluster.hazelcast.LinkSecurity;
import io.runnel.exec.task.NodeName;
import io.runnel.exec.task.RegionId;
import io.runnel.topology.Topology;

import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/** A region of a network {@code net} with an authority, which certifies its nodes. */
final class CertifiedRegion {
    private final SecureRandom random = new SecureRandom();
    private final CertifiedKey root = CertificateAuthority.root("net", Instant.now(), random);
    private final RegionId region;
    private final CertificateAuthority authority;

    CertifiedRegion(RegionId region) {
        this.region = region;
        CertifiedKey key =
                new CertificateAuthority(root, random)
                        .create(
                                new Identity.Authority("net", region),
                                Instant.now(),
                                CertificateAuthority.AUTHORITY_LIFE);
        authority = new CertificateAuthority(key, random);
    }

    /** How this node's links are secured. */
    LinkSecurity security(NodeName node, Topology topology) {
        NodeIdentity identity = new NodeIdentity(random);
        identity.become(
                authority.create(
                        new Identity.RegionNode("net", region, node),
                        Instant.now(),
                        CertificateAuthority.NODE_LIFE));
        Optional<ChainVerifier> chains = Optional.of(new ChainVerifier(root.certificate()));
        return new LinkSecurity(
                identity,
                new NodeTrust(chains, new KnownRevocations(chains)),
                topology,
                random,
                InstantSource.system());
    }
}
