package io.runnel.exec.microvm.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.exec.isolate.CodeRejectedException;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipInputStream;

/** Folders and programs as archives. */
class CodePackerTest {
    @TempDir private Path folder;
    private Path bootstrap;

    @BeforeEach
    void writeBootstrap() throws IOException {
        bootstrap = Files.writeString(folder.resolve("bootstrap"), "#!/bin/sh\necho\n");
        runnable(bootstrap, "rwx------");
    }

    private static void runnable(Path file, String permissions) throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    }

    private String refusal() {
        return assertThrows(CodeRejectedException.class, () -> CodePacker.pack(folder))
                .getMessage();
    }

    @Test
    void aFolderIsPackedWithWhatMayBeRunAndLinks() throws Exception {
        Files.createDirectories(folder.resolve("lib/empty"));
        Files.writeString(folder.resolve("lib/b.txt"), "b".repeat(5000));
        Files.createSymbolicLink(folder.resolve("lib/a.txt"), Path.of("b.txt"));
        CodeArchive code = CodeArchive.read(CodePacker.pack(folder));
        assertEquals(
                List.of("bootstrap", "lib", "lib/a.txt", "lib/b.txt", "lib/empty"), code.paths());
        assertEquals(List.of("/bin/sh"), code.needs().files());
        assertEquals(List.of(), code.notes());
    }

    @Test
    void othersReadItToo() throws Exception {
        Files.writeString(folder.resolve("x"), "x".repeat(5000));
        List<String> names = new ArrayList<>();
        try (var zip = new ZipInputStream(new ByteArrayInputStream(CodePacker.pack(folder)))) {
            for (var entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                names.add(entry.getName() + " " + zip.readAllBytes().length);
            }
        }
        assertEquals(List.of("bootstrap 15", "x 5000"), names);
    }

    @Test
    void theSameFilesGiveTheSameBytes() throws Exception {
        Files.writeString(folder.resolve("x"), "x");
        byte[] first = CodePacker.pack(folder);
        Files.setLastModifiedTime(folder.resolve("x"), FileTime.from(Instant.EPOCH));
        runnable(folder.resolve("x"), "rw-rw-rw-");
        assertArrayEquals(first, CodePacker.pack(folder));
    }

    @Test
    void oneProgramBecomesTheBootstrap() throws Exception {
        Path script = Files.writeString(folder.resolve("hello.sh"), "#!/bin/sh\n");
        CodeArchive code = CodeArchive.read(CodePacker.pack(script));
        assertEquals(List.of("bootstrap"), code.paths());
    }

    @Test
    void anArchiveStaysAsItIs() throws Exception {
        byte[] zip = HandMadeZip.withBootstrap().comment("mine").bytes();
        assertArrayEquals(zip, CodePacker.pack(Files.write(folder.resolve("x.zip"), zip)));
    }

    @Test
    void whatNoTaskCouldHaveIsRefusedWithTheSameWords() throws Exception {
        Files.createSymbolicLink(folder.resolve("out"), Path.of("/etc"));
        assertTrue(refusal().startsWith("'out' in the archive is a symbolic link to an absolute"));
        Files.delete(folder.resolve("out"));
        runnable(bootstrap, "rw-------");
        assertEquals("bootstrap may not be run: chmod +x it before it is packed", refusal());
        Files.delete(bootstrap);
        assertTrue(refusal().startsWith("the archive has no file bootstrap"), refusal());
    }

    @Test
    void whatIsTooLargeIsNotReadToItsEnd() throws Exception {
        try (var sparse =
                Files.newByteChannel(
                        folder.resolve("sparse"),
                        java.nio.file.StandardOpenOption.CREATE_NEW,
                        java.nio.file.StandardOpenOption.WRITE)) {
            sparse.position(1L << 40).write(java.nio.ByteBuffer.allocate(1));
        }
        assertEquals(
                "code may have at most 512MiB when unpacked; it has more, 'sparse' included",
                refusal());
    }
}
