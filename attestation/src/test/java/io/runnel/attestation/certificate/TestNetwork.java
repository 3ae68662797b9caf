package io.runnel.attestation.certificate;

import io.runnel.attestation.identity.Identity;
import io.runnel.exec.task.NodeName;
import io.runnel.exec.task.PopId;
import io.runnel.exec.task.RegionId;

import java.security.SecureRandom;
import java.time.Instant;

/** A network's root, the authorities of two regions, a POP and a node. */
public final class TestNetwork {
    public static final Instant NOW = Instant.parse("2026-11-28T12:00:00Z");
    public static final RegionId EU = new RegionId("eu-west");
    public static final RegionId US = new RegionId("us-east");
    public static final Identity.Pop AMS = new Identity.Pop("net", new PopId("ams"));
    public static final Identity.RegionNode EU_1 =
            new Identity.RegionNode("net", EU, new NodeName("eu-west-1"));

    public final SecureRandom random = new SecureRandom();
    public final CertifiedKey root = CertificateAuthority.root("net", NOW, random);
    public final CertifiedKey eu = authority(EU);
    public final CertifiedKey us = authority(US);
    public final CertifiedKey ams = node(eu, AMS);
    public final CertifiedKey eu1 = node(eu, EU_1);
    public final ChainVerifier verifier = new ChainVerifier(root.certificate());

    /** The authority of a region. */
    public CertifiedKey authority(RegionId region) {
        return new CertificateAuthority(root, random)
                .create(
                        new Identity.Authority("net", region),
                        NOW,
                        CertificateAuthority.AUTHORITY_LIFE);
    }

    /** A node that this authority certified. */
    public CertifiedKey node(CertifiedKey authority, Identity who) {
        return new CertificateAuthority(authority, random)
                .create(who, NOW, CertificateAuthority.NODE_LIFE);
    }
}
