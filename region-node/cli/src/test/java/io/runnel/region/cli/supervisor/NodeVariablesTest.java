package io.runnel.region.cli.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.runnel.exec.task.NodeName;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Which variables a node gets of its own. */
final class NodeVariablesTest {
    private static final NodeName AMS = new NodeName("ams");

    @TempDir private Path folder;

    @Test
    void aNodeHasThoseOfItsFileOnly() throws IOException {
        write("# a clock of its own\n\nLD_PRELOAD=libfaketimeMT.so.1\nEMPTY=\nTWO=a=b\n");
        NodeVariables variables =
                NodeVariables.said(Map.of(NodeVariables.FOLDER_VARIABLE, folder.toString()));
        assertEquals(
                Map.of("LD_PRELOAD", "libfaketimeMT.so.1", "EMPTY", "", "TWO", "a=b"),
                variables.of(AMS));
        assertEquals(Map.of(), variables.of(new NodeName("iad")));
    }

    @Test
    void withoutAFolderThereAreNone() throws IOException {
        assertEquals(NodeVariables.NONE, NodeVariables.said(Map.of()));
        assertEquals(
                NodeVariables.NONE, NodeVariables.said(Map.of(NodeVariables.FOLDER_VARIABLE, "")));
        assertEquals(Map.of(), NodeVariables.NONE.of(AMS));
    }

    @Test
    void aLineThatIsNoneIsToldWithItsNumber() throws IOException {
        for (String line : new String[] {"export A=b", "=b", "A", "1A=b"}) {
            write("A=b\n" + line + "\n");
            IOException refused = assertThrows(IOException.class, this::read);
            assertEquals(
                    folder.resolve("ams.env") + ":2: a line is NAME=VALUE", refused.getMessage());
        }
    }

    @Test
    void aFileThatIsTooLargeIsRefused() throws IOException {
        write("A=" + "b".repeat(64 << 10));
        assertThrows(IOException.class, this::read);
    }

    private void write(String text) throws IOException {
        Files.writeString(folder.resolve("ams.env"), text);
    }

    private Map<String, String> read() throws IOException {
        return new NodeVariables(Optional.of(folder)).of(AMS);
    }
}
