package io.runnel.attestation.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.attestation.SecretFile;
import io.runnel.attestation.certificate.Pem;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.text.MessageFormat;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

class HostKeyFilesTest {
    private static final String NAME = "api.example.com";
    private static final Logger LOG = Logger.getLogger(HostKeyFiles.class.getName());

    @TempDir private Path folder;
    private HostKeyFile file;
    private Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    private final InstantSource clock = () -> now;
    private KeyPair pair = TestHost.pair("EC", 256);

    @BeforeEach
    void write() throws IOException {
        file = new HostKeyFile(folder.resolve("host.pem"), folder.resolve("host.key"));
        write(pair, NAME);
    }

    private void write(KeyPair other, String... names) throws IOException {
        pair = other;
        certificate(TestHost.chain(pair, names));
        new SecretFile(file.key()).write(TestHost.traditional(pair.getPrivate()));
    }

    private void certificate(List<X509Certificate> chain) throws IOException {
        Files.writeString(file.certificate(), Pem.of(chain));
    }

    private HostKeyFiles files() {
        return new HostKeyFiles(List.of(file), clock);
    }

    private static X509Certificate shown(HostKeyFiles files) {
        return files.keys().usual("EC").orElseThrow().certificate();
    }

    private String refused() {
        return assertThrows(HostKeyException.class, this::files).getMessage();
    }

    /** What is logged meanwhile, of warnings and what they say. */
    private static List<String> logged(Runnable action) {
        List<String> lines = new ArrayList<>();
        Handler heard =
                new Handler() {
                    @Override
                    public void publish(LogRecord entry) {
                        lines.add(
                                entry.getLevel()
                                        + " "
                                        + MessageFormat.format(
                                                entry.getMessage(), entry.getParameters()));
                    }

                    @Override
                    public void flush() {}

                    @Override
                    public void close() {}
                };
        Level before = LOG.getLevel();
        LOG.setLevel(Level.INFO);
        LOG.addHandler(heard);
        try {
            action.run();
        } finally {
            LOG.removeHandler(heard);
            LOG.setLevel(before);
        }
        return lines;
    }

    @Test
    void keysAreReadAsOtherProgramsWriteThem() throws IOException {
        assertEquals(
                TestHost.traditional(pair.getPrivate()).lines().findFirst(),
                Optional.of("-----BEGIN EC PRIVATE KEY-----"));
        assertTrue(files().keys().has(NAME));
        new SecretFile(file.key()).write(Pem.of(pair));
        assertTrue(files().keys().has(NAME), "PKCS #8, and its other half behind it");
        KeyPair rsa = TestHost.pair("RSA", 2048);
        write(rsa, NAME);
        assertEquals(
                rsa.getPublic(),
                files().keys().find(NAME, "RSA").orElseThrow().certificate().getPublicKey());
    }

    @Test
    void whatCannotBeUsedIsToldByItsFile() throws IOException {
        Files.writeString(file.certificate(), "no certificate");
        assertTrue(refused().startsWith(file.certificate() + ": holds no certificate"), refused());
        certificate(TestHost.chain(TestHost.pair("EC", 256), NAME));
        assertTrue(refused().startsWith(file.certificate() + ": its first certificate"));
        Files.delete(file.certificate());
        assertEquals(file.certificate() + ": is not there", refused());
        Files.write(file.certificate(), new byte[(1 << 20) + 1]);
        assertEquals(file.certificate() + ": is larger than 1048576 bytes", refused());
        write(pair, NAME);
        new SecretFile(file.key()).write(Pem.of(pair) + Pem.of(pair));
        assertEquals(file.key() + ": must hold one private key: 2", refused());
        new SecretFile(file.key()).delete();
        assertEquals(file.key() + ": is not there", refused());
    }

    @Test
    void aKeyThatIsEncryptedIsRefused() {
        new SecretFile(file.key())
                .write(
                        """
                        -----BEGIN EC PRIVATE KEY-----
                        Proc-Type: 4,ENCRYPTED
                        DEK-Info: AES-128-CBC,00000000000000000000000000000000

                        AAAAAAAAAAAAAAAAAAAAAA==
                        -----END EC PRIVATE KEY-----
                        """);
        assertEquals(file.key() + ": its key is encrypted", refused());
    }

    @Test
    void aKeyThatOthersMayReadIsRefused() throws IOException {
        Files.setPosixFilePermissions(file.key(), PosixFilePermissions.fromString("rw-r-----"));
        assertEquals(file.key() + ": others may use it: chmod 600 it", refused());
    }

    @Test
    void whatIsExchangedIsShownOnceItStays() throws IOException {
        HostKeyFiles files = files();
        X509Certificate before = shown(files);
        write(TestHost.pair("EC", 256), NAME);
        files.look();
        assertEquals(before, shown(files), "it may still be written");
        List<String> told = logged(files::look);
        assertEquals(pair.getPublic(), shown(files).getPublicKey());
        assertEquals(1, told.size(), told::toString);
        assertTrue(told.getFirst().contains("shown from now on"), told::toString);
        assertEquals(List.of(), logged(files::look));
    }

    @Test
    void twoFilesAreExchangedOneAfterTheOther() throws IOException {
        HostKeyFiles files = files();
        X509Certificate before = shown(files);
        KeyPair next = TestHost.pair("EC", 256);
        certificate(TestHost.chain(next, NAME));
        assertEquals(List.of(), logged(files::look));
        new SecretFile(file.key()).write(Pem.of(next));
        assertEquals(List.of(), logged(files::look));
        assertEquals(before, shown(files));
        files.look();
        assertEquals(next.getPublic(), shown(files).getPublicKey());
    }

    @Test
    void whatCannotBeUsedIsToldOnceAndWhatWasThereGoesOn() throws IOException {
        HostKeyFiles files = files();
        X509Certificate before = shown(files);
        Files.writeString(file.certificate(), "broken");
        files.look();
        List<String> told = logged(files::look);
        assertEquals(1, told.size(), told::toString);
        assertTrue(
                told.getFirst().startsWith("WARNING " + file.certificate() + ": "), told::toString);
        assertTrue(told.getFirst().contains("before is shown"), told::toString);
        assertEquals(List.of(), logged(files::look));
        assertEquals(before, shown(files));
        Files.delete(file.certificate());
        files.look();
        assertEquals(1, logged(files::look).size());
        assertEquals(before, shown(files));
        write(TestHost.pair("EC", 256), NAME);
        files.look();
        files.look();
        assertEquals(pair.getPublic(), shown(files).getPublicKey());
    }

    @Test
    void theEndIsToldAWeekBeforeOnceADay() throws IOException {
        certificate(TestHost.chain(pair, now.plus(Duration.ofDays(8)), NAME));
        List<String> atStart = logged(this::files);
        assertEquals(List.of(), atStart);
        HostKeyFiles files = files();
        assertEquals(Optional.of(Duration.ofDays(8)), files.remaining());
        now = now.plus(Duration.ofDays(1));
        List<String> soon = logged(files::look);
        assertEquals(1, soon.size(), soon::toString);
        assertTrue(soon.getFirst().contains("ends soon"), soon::toString);
        now = now.plus(Duration.ofHours(23));
        assertEquals(List.of(), logged(files::look));
        now = now.plus(Duration.ofHours(1));
        assertEquals(1, logged(files::look).size());
        now = now.plus(Duration.ofDays(6));
        List<String> ended = logged(files::look);
        assertEquals(1, ended.size(), ended::toString);
        assertTrue(ended.getFirst().contains("nobody believes it since"), ended::toString);
        assertEquals(1, logged(this::files).size(), "one that begins with it tells it too");
    }

    @Test
    void noFilesAreNoKeys() {
        HostKeyFiles none = new HostKeyFiles(List.of(), clock);
        none.look();
        assertEquals(List.of(), none.keys().all());
        assertEquals(Optional.empty(), none.remaining());
    }
}
