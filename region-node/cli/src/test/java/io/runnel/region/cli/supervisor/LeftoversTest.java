package io.runnel.region.cli.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** With processes that say nothing of the data folder, as one that is ending no longer does. */
class LeftoversTest {
    /** It ends once there is a line for it, or an end. */
    private static final String CHILD = "exec 3<&0; (read line <&3) & ";

    @TempDir private Path folder;
    private final List<String> said = new ArrayList<>();
    private Path file;
    private DataFolder data;
    private Process process;

    @BeforeEach
    void start() throws IOException {
        data = new DataFolder(folder);
        file = Files.createDirectories(folder.resolve("nodes/ams")).resolve("node.pid");
        process = new ProcessBuilder("sh", "-c", CHILD + "echo $!; exec sleep 600").start();
    }

    @AfterEach
    void end() throws Exception {
        process.destroyForcibly().waitFor();
    }

    @Test
    void aNodeThatIsEndingIsWaitedFor() throws Exception {
        ProcessMark mark = ProcessMark.of(process.toHandle()).orElseThrow();
        mark.write(file);
        Leftovers.end(
                data,
                line -> {
                    said.add(line);
                    process.destroy();
                });
        // Its entry may be there still, and may go between two looks: this process is to reap it.
        assertTrue(mark.isOnlyAnEntry() || mark.find().isEmpty(), "it has not ended");
        assertEquals(
                List.of("ams of an earlier run is still ending (pid %d)".formatted(process.pid())),
                said);
    }

    @Test
    void anotherProcessWithTheNumberOfANodeIsLeftAlone() throws Exception {
        ProcessMark mark = ProcessMark.of(process.toHandle()).orElseThrow();
        new ProcessMark(mark.pid(), mark.startMillis() - 60_000).write(file);
        Leftovers.end(data, said::add);
        assertTrue(process.isAlive());
        assertEquals(List.of(), said);
    }

    @Test
    void whatIsLeftOfANodeThatNobodyReapsIsNotWaitedFor() throws Exception {
        long reapedByNobody = Long.parseLong(process.inputReader().readLine());
        ProcessHandle entry = ProcessHandle.of(reapedByNobody).orElseThrow();
        ProcessMark mark = ProcessMark.of(entry).orElseThrow();
        mark.write(file);
        // A shell may reap its child; what it becomes does not.
        Path name = Path.of("/proc", Long.toString(process.pid()), "comm");
        while (!Files.readString(name).strip().equals("sleep")) {
            Thread.onSpinWait();
        }
        process.outputWriter().append('\n').flush();
        while (!mark.isOnlyAnEntry()) {
            Thread.onSpinWait();
        }
        Leftovers.end(data, said::add);
        assertTrue(entry.isAlive(), "it was reaped: nothing is shown");
        assertEquals(List.of(), said);
    }

    @Test
    void aFileWithoutAMarkIsNobody() throws Exception {
        Files.writeString(file, Long.toString(process.pid()));
        Leftovers.end(data, said::add);
        assertTrue(process.isAlive());
    }
}
