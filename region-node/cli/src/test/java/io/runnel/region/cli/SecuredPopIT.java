package io.runnel.region.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.attestation.BearerToken;
import io.runnel.attestation.certificate.CertifiedKey;
import io.runnel.attestation.certificate.Pem;
import io.runnel.region.cli.supervisor.FakeTopology;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;

/** A POP with a certificate of its own, which is called by an address. */
class SecuredPopIT {
    private static final String TASK = "GET /fn/other/hello";

    @TempDir private Path folder;
    private Path file;
    private TestRoot root;
    private CannedServer pop;
    private TestShell shell;

    @BeforeEach
    void prepare() throws IOException {
        Path data = Files.createDirectories(folder.resolve(".runnel"));
        file = data.resolve("host.pem");
        root = TestRoot.in(folder.resolve("authority"));
        CertifiedKey host = root.host();
        Files.writeString(file, Pem.of(host.chain()));
        pop = CannedServer.secured(root.shown(host), 0).on(TASK, 200, "hello");
        Files.writeString(
                data.resolve("topology.yaml"),
                FakeTopology.TEXT.replaceFirst(
                        "(name: ams[\\s\\S]*?listen: 127.0.0.1:)0\\n",
                        "$1%d\n    tls: [{certificate: %s, key: %s}]\n"
                                .formatted(pop.port(), file, data.resolve("host.key"))));
        shell =
                new TestShell(folder)
                        .with("RUNNEL_ACCOUNT", "demo")
                        .with("RUNNEL_KEY", BearerToken.generate(new SecureRandom()).text());
    }

    @AfterEach
    void end() {
        pop.close();
    }

    @Test
    void theCertificateInItsFileIsBelievedByWhateverAddress() {
        assertEquals(0, shell.run("invoke", "other/hello"), shell.err());
        assertEquals("hello", shell.out());
        assertEquals(List.of(TASK), pop.questions());
    }

    @Test
    void anotherCertificateIsToldNothing() throws IOException {
        Files.writeString(file, Pem.of(root.host().chain()));
        refused();
        Files.writeString(file, "no certificate");
        refused();
        Files.delete(file);
        refused();
    }

    private void refused() {
        assertEquals(1, shell.run("invoke", "other/hello"), shell.out());
        assertTrue(shell.err().contains("no TLS with " + pop.uri() + "/: "), shell.err());
        assertTrue(shell.err().contains("RUNNEL_POP=https://NAME:PORT"), shell.err());
        assertEquals(List.of(), pop.questions());
    }

    @Test
    void anAddressThatWasGivenIsBelievedAsAnyOther() {
        shell.with("RUNNEL_POP", pop.uri().toString());
        refused();
    }
}
