package io.runnel.exec.isolate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.exec.task.CodeDigest;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

class CodeStoreTest {
    private static final byte[] CODE = "code".getBytes(StandardCharsets.UTF_8);
    private static final CodeDigest DIGEST = CodeDigest.of(CODE);

    @TempDir private Path parent;

    private Path folder() {
        return parent.resolve("a/code");
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(folder())) {
            return files.map(f -> f.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void keepsCodeAcrossARestart() throws Exception {
        var store = new CodeStore(folder());
        assertFalse(store.holds(DIGEST));
        assertTrue(store.read(DIGEST).isEmpty());
        assertEquals(DIGEST, store.put(CODE));
        assertEquals(DIGEST, store.put(CODE));
        assertTrue(store.holds(DIGEST));
        var again = new CodeStore(folder());
        assertEquals(List.of(DIGEST), again.list());
        assertArrayEquals(CODE, again.read(DIGEST).orElseThrow());
        assertEquals(List.of(DIGEST.value()), files());
    }

    @Test
    void isForItsOwnerOnly() throws Exception {
        new CodeStore(folder()).put(CODE);
        assertEquals(
                "rwx------",
                PosixFilePermissions.toString(Files.getPosixFilePermissions(folder())));
        Path file = folder().resolve(DIGEST.value());
        assertEquals(
                "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    }

    @Test
    void neverHandsOutDamagedCode() throws Exception {
        var store = new CodeStore(folder());
        store.put(CODE);
        Files.writeString(folder().resolve(DIGEST.value()), "cod");
        assertTrue(store.read(DIGEST).isEmpty());
        assertFalse(store.holds(DIGEST));
        assertEquals(List.of(DIGEST.value() + ".damaged"), files());
        store.put(CODE);
        assertArrayEquals(CODE, store.read(DIGEST).orElseThrow());
    }

    @Test
    void forgetsWhatIsGone() throws Exception {
        var store = new CodeStore(folder());
        store.put(CODE);
        Files.delete(folder().resolve(DIGEST.value()));
        assertTrue(store.read(DIGEST).isEmpty());
        assertFalse(store.holds(DIGEST));
        store.put(CODE);
        assertTrue(store.deleteIfOlder(DIGEST, Instant.now().plusSeconds(9)));
        assertFalse(store.deleteIfOlder(DIGEST, Instant.now().plusSeconds(9)));
        assertFalse(store.touch(DIGEST));
        assertFalse(store.holds(DIGEST));
        assertEquals(List.of(), files());
    }

    @Test
    void whatIsKeptAgainIsNotOld() throws Exception {
        var store = new CodeStore(folder());
        Instant now = Instant.now();
        store.put(CODE);
        Path file = folder().resolve(DIGEST.value());
        Files.setLastModifiedTime(file, FileTime.from(now.minusSeconds(99)));
        store.put(CODE);
        assertFalse(store.deleteIfOlder(DIGEST, now.minusSeconds(9)));
        Files.setLastModifiedTime(file, FileTime.from(now.minusSeconds(99)));
        assertTrue(store.touch(DIGEST));
        assertFalse(store.deleteIfOlder(DIGEST, now.minusSeconds(9)));
        assertTrue(store.holds(DIGEST));
        Files.setLastModifiedTime(file, FileTime.from(now.minusSeconds(99)));
        assertTrue(store.deleteIfOlder(DIGEST, now.minusSeconds(9)));
        assertEquals(List.of(), files());
    }

    @Test
    void clearsAwayWhatAnInterruptedPutLeft() throws Exception {
        Files.createDirectories(folder());
        Files.writeString(folder().resolve("put-123.tmp"), "half");
        Files.writeString(folder().resolve("README"), "not code");
        var store = new CodeStore(folder());
        assertEquals(List.of(), store.list());
        assertEquals(List.of("README"), files());
    }

    @Test
    void aFailedPutLeavesNothing() throws Exception {
        var store = new CodeStore(folder());
        // A folder where the file should be: the last step fails, as a full disk fails an earlier.
        Path blocker = folder().resolve(DIGEST.value());
        Files.createDirectories(blocker.resolve("x"));
        assertThrows(IOException.class, () -> store.put(CODE));
        assertFalse(store.holds(DIGEST));
        assertEquals(List.of(DIGEST.value()), files());
    }
}
