package io.runnel.region.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.attestation.BearerToken;
import io.runnel.exec.microvm.image.CodePacker;
import io.runnel.exec.task.CodeDigest;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.List;

/** Folders, archives and programs, deployed as tasks of the kind linux. */
class LinuxDeployIT {
    @TempDir private Path folder;
    private CannedServer server;
    private TestShell shell;
    private Path code;

    @BeforeEach
    void prepare() throws IOException {
        TestRoot root = TestRoot.in(folder.resolve("root"));
        server = CannedServer.region(root);
        shell =
                new TestShell(folder)
                        .with("RUNNEL_ENDPOINT", server.uri().toString())
                        .with("RUNNEL_CA", root.file().toString())
                        .with("RUNNEL_POP", server.uri().toString())
                        .with("RUNNEL_KEY", BearerToken.generate(new SecureRandom()).text());
        code = Files.createDirectories(folder.resolve("code"));
    }

    @AfterEach
    void end() {
        server.close();
    }

    private Path write(String name, String text, String permissions) throws IOException {
        Path file = Files.writeString(code.resolve(name), text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
        return file;
    }

    private int deploy(Path what, String... more) {
        List<String> words =
                new java.util.ArrayList<>(
                        List.of(
                                "deploy",
                                "hello",
                                what.toString(),
                                "--runtime",
                                "linux",
                                "--no-wait"));
        words.addAll(List.of(more));
        return shell.run(words.toArray(String[]::new));
    }

    private void assertDeployed(Path what) throws Exception {
        CodeDigest digest = CodeDigest.of(CodePacker.pack(what));
        server.on("PUT /v1/blobs/" + digest, 201, "{}")
                .on("POST /v1/tasks/hello/versions", 201, "{\"version\":1}");
        assertEquals(0, deploy(what), shell.err());
        assertTrue(shell.out().contains("digest     " + digest), shell.out());
        assertTrue(server.questions().contains("PUT /v1/blobs/" + digest), shell.out());
        String version = server.last().body();
        assertTrue(version.contains("\"runtime\":\"linux\""), version);
        assertTrue(version.contains("\"handler\":\"event\""), version);
        assertTrue(version.contains("\"memory\":\"128MiB\""), version);
        assertTrue(version.contains("\"reuse\":\"kept\""), version);
    }

    @Test
    void aFolderIsPackedAndSent() throws Exception {
        write("bootstrap", "#!/bin/sh\n", "rwxr-xr-x");
        write("function.sh", "echo\n", "rw-r--r--");
        assertDeployed(code);
    }

    @Test
    void aProgramAloneIsSentAsBootstrap() throws Exception {
        assertDeployed(write("run.sh", "#!/bin/sh\n", "rw-r--r--"));
    }

    @Test
    void callsFindFreshMemoryIfItsOwnerWantsThat() throws Exception {
        assertDeployed(write("run.sh", "#!/bin/sh\n", "rw-r--r--"));
        assertEquals(0, deploy(code.resolve("run.sh"), "--fresh"), shell.err());
        assertTrue(server.last().body().contains("\"reuse\":\"fresh\""), server.last()::body);
        assertEquals(2, deploy(code.resolve("run.sh"), "--fresh", "--reuse"));
        assertTrue(shell.err().contains("--reuse and --fresh exclude each other"), shell.err());
    }

    @Test
    void anArchiveIsSentAsItIs() throws Exception {
        write("bootstrap", "#!/bin/sh\n", "rwxr-xr-x");
        byte[] packed = CodePacker.pack(code);
        Path zip = Files.write(folder.resolve("code.zip"), packed);
        assertDeployed(zip);
        assertTrue(
                server.questions().contains("PUT /v1/blobs/" + CodeDigest.of(packed)),
                server.questions()::toString);
    }

    @Test
    void whatNoNodeWouldTakeIsNotSent() throws IOException {
        assertEquals(1, deploy(code));
        assertEquals(
                "runnel: %s: the archive has no file bootstrap at its top, which is what a linux"
                        .concat(" task begins with\n")
                        .formatted(code),
                shell.err());
        Path bootstrap = write("bootstrap", "#!/bin/sh\n", "rw-r--r--");
        assertEquals(1, deploy(code));
        assertTrue(shell.err().contains("chmod +x"), shell.err());
        assertEquals(1, deploy(Files.writeString(folder.resolve("page.html"), "<html>")));
        assertTrue(shell.err().contains("neither a program (ELF) nor a script"), shell.err());
        assertEquals(1, deploy(folder.resolve("nowhere")));
        assertEquals("runnel: %s is not there\n".formatted(folder.resolve("nowhere")), shell.err());
        assertEquals(2, deploy(bootstrap, "--assets", code.toString()));
        assertTrue(shell.err().contains("--assets goes with a module"), shell.err());
        assertEquals(List.of(), server.questions());
    }
}
