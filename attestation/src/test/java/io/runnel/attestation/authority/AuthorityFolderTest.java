package io.runnel.attestation.authority;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.attestation.AttestationException;
import io.runnel.attestation.Verdicts;
import io.runnel.attestation.certificate.CertificateAuthority;
import io.runnel.attestation.certificate.CertifiedKey;
import io.runnel.attestation.certificate.ChainVerifier;
import io.runnel.attestation.certificate.TestNetwork;
import io.runnel.attestation.identity.Verdict;
import io.runnel.exec.task.RegionId;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

class AuthorityFolderTest {
    private static final RegionId EU = TestNetwork.EU;
    private static final RegionId US = TestNetwork.US;

    @TempDir private Path data;
    private final SecureRandom random = new SecureRandom();

    private List<RegionId> ensure(AuthorityFolder folder, List<RegionId> regions) {
        return folder.ensure("net", regions, TestNetwork.NOW, random);
    }

    @Test
    void whatIsMissingIsMadeAndWhatIsThereStays() throws Exception {
        var folder = new AuthorityFolder(data);
        assertEquals(Optional.empty(), folder.root());
        assertEquals(List.of(), ensure(folder, List.of(EU)));
        String root = Files.readString(folder.rootCertificate());
        String eu = Files.readString(folder.regionKey(EU));
        assertEquals(List.of(), ensure(folder, List.of(EU, US)));
        assertEquals(root, Files.readString(folder.rootCertificate()));
        assertEquals(eu, Files.readString(folder.regionKey(EU)));
        for (Path secret : List.of(folder.rootKey(), folder.regionKey(EU))) {
            assertEquals(
                    "rw-------",
                    PosixFilePermissions.toString(Files.getPosixFilePermissions(secret)));
        }
        var verifier = new ChainVerifier(folder.root().orElseThrow());
        CertificateAuthority us = folder.authority(US, random).orElseThrow();
        var node = us.create(TestNetwork.AMS, TestNetwork.NOW, CertificateAuthority.NODE_LIFE);
        assertEquals(
                TestNetwork.AMS, Verdicts.facts(verifier.check(node.chain(), TestNetwork.NOW)));
    }

    @Test
    void withoutTheRootsKeyNoAuthorityIsMade() throws Exception {
        var folder = new AuthorityFolder(data);
        ensure(folder, List.of(EU));
        Files.delete(folder.rootKey());
        assertEquals(List.of(US), ensure(folder, List.of(EU, US)));
        assertEquals(Optional.empty(), folder.authority(US, random).map(a -> US));
        assertTrue(folder.authority(EU, random).isPresent());
    }

    @Test
    void anAuthorityIsMadeAnewInTheLastThirdOfItsLife() throws Exception {
        var folder = new AuthorityFolder(data);
        ensure(folder, List.of(EU));
        CertifiedKey first = folder.authority(EU, random).orElseThrow().key();
        Instant late = TestNetwork.NOW.plus(Duration.ofDays(243));
        folder.ensure("net", List.of(EU), late, random);
        assertEquals(first, folder.authority(EU, random).orElseThrow().key());

        Instant later = late.plus(Duration.ofDays(1));
        folder.ensure("net", List.of(EU), later, random);
        CertifiedKey next = folder.authority(EU, random).orElseThrow().key();
        assertNotEquals(first.certificate(), next.certificate());
        assertEquals(
                later.plus(CertificateAuthority.AUTHORITY_LIFE),
                next.certificate().getNotAfter().toInstant());
        assertEquals(first.identity(), next.identity());
        var chains = new ChainVerifier(folder.root().orElseThrow());
        for (CertifiedKey key : List.of(first, next)) {
            assertEquals(
                    Verdict.trusted(key.identity()), chains.authority(key.certificate(), later));
        }

        Files.delete(folder.rootKey());
        folder.ensure("net", List.of(EU), later.plus(Duration.ofDays(364)), random);
        assertEquals(next, folder.authority(EU, random).orElseThrow().key(), "without the root");
    }

    @Test
    void aKeyThatOthersMayReadIsNotUsed() throws Exception {
        var folder = new AuthorityFolder(data);
        ensure(folder, List.of(EU));
        Files.setPosixFilePermissions(
                folder.regionKey(EU), PosixFilePermissions.fromString("rw-r-----"));
        assertThrows(AttestationException.class, () -> folder.authority(EU, random));
    }
}
