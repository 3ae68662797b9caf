package io.runnel.region.cli;

import io.runnel.attestation.authority.AuthorityFolder;
import io.runnel.attestation.authority.NodeIdentity;
import io.runnel.attestation.certificate.CertificateAuthority;
import io.runnel.attestation.certificate.CertifiedKey;
import io.runnel.attestation.document.DocumentSigner;
import io.runnel.attestation.identity.Identity;
import io.runnel.attestation.tls.UserContexts;
import io.runnel.exec.task.NodeName;
import io.runnel.exec.task.PopId;
import io.runnel.exec.task.RegionId;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;

import javax.net.ssl.SSLContext;

/** The root of a network {@code test}, in a folder, and what its nodes show. */
final class TestRoot {
    private static final RegionId REGION = new RegionId("eu-west");
    private static final Identity.RegionNode NODE =
            new Identity.RegionNode("test", REGION, new NodeName("eu-west-1"));
    private static final Identity.Pop POP = new Identity.Pop("test", new PopId("ams"));

    private final SecureRandom random = new SecureRandom();
    private final AuthorityFolder folder;
    private final CertificateAuthority authority;

    private TestRoot(Path data) {
        folder = new AuthorityFolder(data);
        List<RegionId> missing = folder.ensure("test", List.of(REGION), Instant.now(), random);
        if (!missing.isEmpty()) {
            throw new IllegalStateException("there is another root in " + data);
        }
        authority = folder.authority(REGION, random).orElseThrow();
    }

    /** That of this data folder, made if it is not there. */
    static TestRoot in(Path data) {
        return new TestRoot(data);
    }

    /** Its certificate. */
    Path file() {
        return folder.rootCertificate();
    }

    /** What a region's node shows. */
    SSLContext region() {
        return shown(certified(NODE));
    }

    /** What would show who has a POP's key. */
    SSLContext pop() {
        return shown(certified(POP));
    }

    /** What signs a POP's documents. */
    DocumentSigner signer() {
        return new DocumentSigner(certified(POP), random);
    }

    /** What a host shows, a new one each time. */
    CertifiedKey host() {
        return certified(NODE);
    }

    private CertifiedKey certified(Identity who) {
        return authority.create(who, Instant.now(), CertificateAuthority.NODE_LIFE);
    }

    /** A server's side that shows this. */
    SSLContext shown(CertifiedKey key) {
        NodeIdentity identity = new NodeIdentity(random);
        identity.become(key);
        return UserContexts.of(identity, NODE, Instant.now(), random).create();
    }
}
