package io.runnel.attestation.authority;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.runnel.attestation.SecretFile;
import io.runnel.attestation.document.Hashes;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;

/** What a process runs, as it is and as it is to be given. */
class SoftwareTest {
    @TempDir Path folder;
    private final FileDigests files = new FileDigests();

    private Path jar(String name, String classPath) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.CLASS_PATH, classPath);
        Path file = folder.resolve(name);
        try (OutputStream out = Files.newOutputStream(file);
                JarOutputStream jar = new JarOutputStream(out, manifest)) {
            jar.finish();
        }
        return file;
    }

    private static String hash(byte[] bytes) {
        return HexFormat.of().formatHex(Hashes.sha256().digest(bytes));
    }

    @Test
    void aJarAndThoseThatItsManifestNamesCountInTheOrderOfTheirNames() throws IOException {
        Path main = jar("main.jar", "zz.jar lib.jar gone.jar");
        Path zz = jar("zz.jar", "lib.jar");
        Path lib = Files.writeString(folder.resolve("lib.jar"), "lib");
        StringBuilder lines = new StringBuilder();
        for (Path file : List.of(lib, main, zz)) {
            lines.append(hash(Files.readAllBytes(file)))
                    .append("  ")
                    .append(file.getFileName())
                    .append(System.lineSeparator());
        }
        String expected = hash(lines.toString().getBytes(StandardCharsets.UTF_8));
        assertEquals(expected, Software.digest(List.of(main), files));
        assertEquals(
                expected, Software.digest(List.of(main, zz, folder, folder.resolve("no")), files));
        Files.writeString(lib, "other");
        assertNotEquals(expected, Software.digest(List.of(main), files));
    }

    @Test
    void thatOfThisProcessIsThatOfItsClassPath() throws IOException {
        List<Path> classPath =
                Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                        .map(Path::of)
                        .toList();
        assertEquals(Software.digest(classPath, files), Software.digest());
    }

    @Test
    void aFileIsReadAgainOnlyIfItIsAnother() throws IOException {
        Path file = Files.writeString(folder.resolve("a.jar"), "first");
        FileTime time = Files.getLastModifiedTime(file);
        String first = files.of(file);
        assertEquals(hash("first".getBytes(StandardCharsets.UTF_8)), first);
        assertEquals(first, files.of(folder.resolve("./a.jar")));
        Files.writeString(file, "other");
        // Whoever writes to it can set this time back.
        Files.setLastModifiedTime(file, time);
        assertEquals(hash("other".getBytes(StandardCharsets.UTF_8)), files.of(file));
        Files.writeString(file, "longer than that");
        assertEquals(hash("longer than that".getBytes(StandardCharsets.UTF_8)), files.of(file));
    }

    /** What was kept says something else here than what is in the file, so that it shows. */
    @Test
    void whatIsKeptIsNotReadAgain() throws IOException {
        Path main = jar("main.jar", "lib.jar");
        Path lib = Files.writeString(folder.resolve("lib.jar"), "lib");
        SecretFile kept = new SecretFile(folder.resolve("kept"));
        String digest = Software.digest(List.of(main), new FileDigests(kept));
        assertEquals(Software.digest(List.of(main), files), digest);
        String text = kept.read().orElseThrow();
        assertEquals(2, text.lines().count(), text);
        String read = hash("lib".getBytes(StandardCharsets.UTF_8));
        String other = hash("other".getBytes(StandardCharsets.UTF_8));
        String noPath = "%s  seen\ta\0b%n".formatted(other);
        kept.write(text.replace(read, other) + "no line of these\n" + noPath);
        assertEquals(other, new FileDigests(kept).of(lib));
        FileTime time = Files.getLastModifiedTime(lib);
        Files.writeString(lib, "bil");
        Files.setLastModifiedTime(lib, time);
        FileDigests again = new FileDigests(kept);
        assertEquals(hash("bil".getBytes(StandardCharsets.UTF_8)), again.of(lib));
        assertNotEquals(digest, Software.digest(List.of(main), again));
        assertFalse(kept.read().orElseThrow().contains(other));
    }

    @Test
    void whatIsKeptWhereOthersMayWriteIsNotBelieved() throws IOException {
        Path file = jar("a.jar", "");
        SecretFile kept = new SecretFile(folder.resolve("kept"));
        String digest = Software.digest(List.of(file), new FileDigests(kept));
        String read = hash(Files.readAllBytes(file));
        kept.write(kept.read().orElseThrow().replace(read, "0".repeat(64)));
        Files.setPosixFilePermissions(kept.path(), PosixFilePermissions.fromString("rw-rw-rw-"));
        assertEquals(read, new FileDigests(kept).of(file));
        Files.delete(kept.path());
        Files.createDirectory(kept.path());
        assertEquals(digest, Software.digest(List.of(file), new FileDigests(kept)));
    }
}
