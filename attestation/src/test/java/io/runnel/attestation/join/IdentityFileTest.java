package io.runnel.attestation.join;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.attestation.AttestationException;
import io.runnel.attestation.certificate.CertificateAuthority;
import io.runnel.attestation.certificate.CertifiedKey;
import io.runnel.attestation.certificate.PemException;
import io.runnel.attestation.certificate.TestNetwork;
import io.runnel.attestation.identity.Identity;
import io.runnel.exec.task.RegionId;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/** What a POP keeps of who it is, and what it joins with. */
class IdentityFileTest {
    @TempDir Path folder;
    private final TestNetwork net = new TestNetwork();
    private IdentityFile file;

    @BeforeEach
    void open() {
        file = new IdentityFile(folder);
    }

    private CertifiedKey certified(KeyPair pair) {
        return new CertifiedKey(
                pair.getPrivate(),
                new CertificateAuthority(net.eu, net.random)
                        .certify(
                                TestNetwork.AMS,
                                pair.getPublic(),
                                TestNetwork.NOW,
                                CertificateAuthority.NODE_LIFE));
    }

    private KeyPair next() {
        return next(file);
    }

    private KeyPair next(IdentityFile of) {
        return of.next(Optional.empty(), net.random).orElseThrow();
    }

    private List<String> files() throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void itIsReadAsItWasWrittenForItsOwnerOnly() throws IOException {
        assertEquals(Optional.empty(), file.read());
        file.write(net.ams);
        CertifiedKey read = new IdentityFile(folder).read().orElseThrow();
        assertEquals(net.ams.chain(), read.chain());
        assertEquals(net.ams.key(), read.key());
        assertEquals(
                "rw-------",
                PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(folder.resolve("identity.pem"))));
    }

    @Test
    void theNextKeyIsTheSameUntilItIsCertified() throws IOException {
        KeyPair next = next();
        assertEquals(next.getPublic(), next(new IdentityFile(folder)).getPublic());
        file.write(net.ams);
        assertEquals(next.getPublic(), next().getPublic(), "another was certified");
        CertifiedKey key = certified(next);
        file.write(key);
        assertEquals(key.chain(), file.read().orElseThrow().chain());
        assertEquals(List.of("identity.pem", "secrets.lock"), files());
        assertNotEquals(next.getPublic(), next().getPublic());
    }

    /** Else its POP would be taken for a copy of itself. */
    @Test
    void whoMissedThatAnotherWasCertifiedGetsNoKeyToAskWith() throws IOException {
        file.write(net.ams);
        KeyPair next = file.next(Optional.of(net.ams), net.random).orElseThrow();
        assertEquals(
                next.getPublic(),
                file.next(Optional.of(net.ams), net.random).orElseThrow().getPublic());
        CertifiedKey renewed = certified(next);
        file.write(renewed);
        assertEquals(Optional.empty(), file.next(Optional.of(net.ams), net.random));
        assertTrue(file.next(Optional.of(renewed), net.random).isPresent());
        Files.writeString(folder.resolve("identity.pem"), "x");
        assertTrue(file.next(Optional.of(net.ams), net.random).isPresent());
    }

    @Test
    void twoProcessesMakeOneKey() {
        List<CompletableFuture<KeyPair>> all = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            IdentityFile own = new IdentityFile(folder);
            all.add(CompletableFuture.supplyAsync(() -> next(own)));
        }
        Set<Object> keys = new HashSet<>();
        all.forEach(pair -> keys.add(pair.join().getPublic()));
        assertEquals(1, keys.size());
    }

    @Test
    void whatIsForgottenIsGoneAndNothingElse() {
        CertifiedKey later = certified(next());
        file.write(later);
        file.forget(net.ams);
        assertEquals(later.chain(), file.read().orElseThrow().chain());
        file.forget(later);
        assertEquals(Optional.empty(), file.read());
        file.forget(later);
    }

    @Test
    void whatDoesNotReadSaysSoAndIsReplaced() throws IOException {
        file.write(net.ams);
        Files.writeString(folder.resolve("identity.pem"), "x");
        assertThrows(PemException.class, file::read);
        file.write(net.ams);
        assertTrue(file.read().isPresent());
        KeyPair next = next();
        Files.writeString(folder.resolve("identity.next.pem"), "x");
        assertNotEquals(next.getPublic(), next().getPublic());
    }

    @Test
    void whatOthersMayReadIsNotUsed() throws IOException {
        file.write(net.ams);
        Files.setPosixFilePermissions(
                folder.resolve("identity.pem"), PosixFilePermissions.fromString("rw-r-----"));
        assertThrows(AttestationException.class, file::read);
    }

    @Test
    void aRegionsTokenIsFoundAmongThoseOfOthers() {
        JoinTokenFile tokens = new JoinTokenFile(folder);
        assertEquals(Optional.empty(), tokens.of(TestNetwork.EU));
        String eu = token(TestNetwork.EU).signed(net.eu);
        String us = token(TestNetwork.US).signed(net.us);
        tokens.write(List.of("what somebody wrote", eu, us));
        assertEquals(Optional.of(eu), tokens.of(TestNetwork.EU));
        assertEquals(Optional.of(us), tokens.of(TestNetwork.US));
        assertEquals(Optional.empty(), tokens.of(new RegionId("mars")));
        assertTrue(tokens.delete());
        assertEquals(Optional.empty(), tokens.of(TestNetwork.EU));
    }

    private JoinToken token(RegionId region) {
        return JoinToken.create(
                new Identity.Authority("net", region),
                TestNetwork.AMS,
                TestNetwork.NOW,
                JoinToken.LIFE,
                net.random);
    }
}
