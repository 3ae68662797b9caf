package io.runnel.cluster.replication;

import static io.runnel.cluster.replication.OriginLog.WEST;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.runnel.exec.task.CodeDigest;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A POP's last catalog on its disk, and who else writes there. */
final class CatalogFileTest {
    private final OriginLog west = new OriginLog(WEST, "A");
    @TempDir private Path folder;
    private Path path;

    @BeforeEach
    void write() {
        path = folder.resolve("catalog.ndjson");
        west.writeTasks(3);
        west.writeTask("t1", 2);
        SealCheck known = TestSigners.check();
        List<String> unused = known.authorities().learn(TestSigners.certificates(WEST).all());
        try (CatalogFile file = file(known)) {
            file.add(west.records);
        }
    }

    private CatalogFile file(SealCheck check) {
        return new CatalogFile(path, check, Duration.ofHours(1), System::nanoTime);
    }

    /** By a process that has met nobody yet. */
    private List<FeedSnapshot> read() {
        try (CatalogFile file = file(TestSigners.check())) {
            return file.read();
        }
    }

    private List<String> lines() throws IOException {
        List<String> lines = new java.util.ArrayList<>(Files.readAllLines(path));
        lines.removeLast();
        return lines;
    }

    /** Whoever can write the file can add it up as well. */
    private void rewrite(List<String> lines) throws IOException {
        String text = String.join("\n", lines) + "\n";
        String sum = CodeDigest.of(text.getBytes(UTF_8)).value();
        Files.writeString(path, text + "{\"sha256\":\"%s\"}\n".formatted(sum));
    }

    private void setAside() {
        assertEquals(List.of(), read());
        assertFalse(Files.exists(path));
        assertTrue(Files.exists(path.resolveSibling("catalog.ndjson.damaged")));
    }

    @Test
    void isReadWithTheCertificatesThatItHolds() throws IOException {
        assertEquals(List.of(west.snapshot()), read());
        rewrite(lines());
        assertEquals(List.of(west.snapshot()), read());
    }

    @Test
    void whatWasChangedIsSetAside() throws IOException {
        rewrite(
                lines().stream()
                        .map(l -> l.replace("\"everyone\":true", "\"everyone\":false"))
                        .toList());
        setAside();
    }

    @Test
    void whatHasNoSignatureIsSetAside() throws IOException {
        rewrite(lines().stream().map(l -> l.replaceFirst(",\"signer\":.*}$", "}")).toList());
        setAside();
    }

    @Test
    void aFileWithoutARecordIsSetAside() throws IOException {
        List<String> lines = lines();
        lines.removeIf(line -> line.contains("\"key\":\"demo/t2\""));
        rewrite(lines.stream().map(l -> l.replace("\"count\":3", "\"count\":2")).toList());
        setAside();
    }

    @Test
    void aFileOfTheFormBeforeSignaturesIsSetAside() throws IOException {
        rewrite(
                lines().stream()
                        .map(l -> l.replace("{\"catalog\":2}", "{\"catalog\":1}"))
                        .toList());
        setAside();
    }
}
