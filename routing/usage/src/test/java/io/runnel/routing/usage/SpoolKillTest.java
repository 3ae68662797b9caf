package io.runnel.routing.usage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.nio.charset.StandardCharsets.US_ASCII;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;

/** {@code kill -9} of a process that adds, and what the next one finds. */
class SpoolKillTest {
    private static final int KILLS = 4;
    private static final int LINE = 26;

    private final Random random = UsageRecords.random();

    @TempDir private Path folder;

    private Process start(Path spool) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        SpoolChild.class.getName(),
                        spool.toString(),
                        Long.toString(random.nextLong()))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    /** What it said until it was dead, the last line perhaps in part. */
    private Set<String> addUntilKilled(Path spool) throws IOException {
        Process child = start(spool);
        Set<String> said = new HashSet<>();
        try (BufferedReader out = child.inputReader(US_ASCII)) {
            int most = 1 + random.nextInt(5000);
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                if (line.length() == LINE) {
                    said.add(line);
                }
                if (said.size() == most) {
                    // The process itself would close what it said.
                    var unused = child.toHandle().destroyForcibly();
                }
            }
            assertTrue(said.size() >= most);
        } finally {
            var unused = child.destroyForcibly();
        }
        return said;
    }

    @Test
    void whatWasAddedIsFoundOnce() throws IOException {
        for (int i = 0; i < KILLS; i++) {
            Path each = Files.createTempDirectory(folder, "spool");
            Set<String> said = addUntilKilled(each);
            Set<String> found = new HashSet<>();
            try (UsageSpool spool =
                    UsageSpool.open(each, UsageRecords.SECOND, UsageRecords.SMALL)) {
                for (UsageRecord record : UsageRecords.take(spool, UsageRecords.EU)) {
                    assertTrue(found.add(record.id().value()), "found twice");
                }
                assertTrue(spool.damaged() <= 4);
            }
            said.removeAll(found);
            assertEquals(Set.of(), said);
        }
    }
}
