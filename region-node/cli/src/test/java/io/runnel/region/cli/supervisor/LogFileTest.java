package io.runnel.region.cli.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

class LogFileTest {
    @TempDir private Path folder;

    @Test
    void goesOnWhereItEnded() throws IOException {
        write(100, "one");
        write(100, "two");
        assertEquals("one\ntwo\n", Files.readString(file("")));
    }

    @Test
    void fullFilesArePutAsideAndTheOldestIsDropped() throws IOException {
        for (String line : new String[] {"aaaa", "bbbb", "cccc", "dddd"}) {
            write(7, line);
        }
        assertEquals("dddd\n", Files.readString(file("")));
        assertEquals("cccc\n", Files.readString(file(".1")));
        assertEquals("bbbb\n", Files.readString(file(".2")));
        assertFalse(Files.exists(file(".3")));
    }

    @Test
    void aPlaceThatTakesNothingLosesLinesOnly() throws IOException {
        Files.createDirectory(file(""));
        write(100, "lost");
        assertTrue(Files.isDirectory(file("")));
    }

    private void write(long mostBytes, String line) {
        try (LogFile log = new LogFile(file(""), mostBytes)) {
            log.line(line);
        }
    }

    private Path file(String suffix) {
        return folder.resolve("node.log" + suffix);
    }
}
