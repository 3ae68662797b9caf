package io.runnel.chaos.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** What the commands refuse before they touch any network. */
final class ChaosSuiteTest {
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(said, true, UTF_8);
    private final Path top = Path.of("..").toAbsolutePath().normalize();
    private final ChaosSuite suite = new ChaosSuite(top, Map.of(), out, out);

    @TempDir private Path folder;

    @Test
    void aNetworkThatDoesNotAllowItIsNotHurt() {
        String example = top.resolve("topology/examples/two-regions.yaml").toString();
        String report = folder.toString();
        int exit = suite.run(List.of("link-cut", "-t", example, "--report", report), 1, "");
        assertEquals(1, exit);
        assertTrue(
                said.toString(UTF_8).contains("its topology does not say 'chaos: allowed'"),
                said.toString(UTF_8));
    }

    @Test
    void theSeedIsSaidFirst() {
        suite.run(List.of("link-cut", "-t", "nowhere.yaml", "--report", folder.toString()), 77, "");
        assertTrue(said.toString(UTF_8).startsWith("seed 77\n"), said.toString(UTF_8));
        assertTrue(said.toString(UTF_8).contains("nowhere.yaml"), said.toString(UTF_8));
    }

    @Test
    void aScenarioFileThatIsWrongIsWrongUsage() {
        assertEquals(2, suite.run(List.of(folder.resolve("x.yaml").toString()), 1, ""));
        assertTrue(said.toString(UTF_8).contains("x.yaml"), said.toString(UTF_8));
    }

    @Test
    void theTopologyNamesEveryLinkOnce() {
        List<String> asked = new java.util.ArrayList<>();
        String text =
                LedTopology.text(
                        link -> {
                            asked.add(link.toString());
                            return "127.0.0.1:" + (7000 + asked.size());
                        });
        assertEquals(asked.stream().distinct().toList(), asked);
        assertTrue(asked.contains("ams/eu-west/cluster"), asked.toString());
        assertTrue(io.runnel.topology.TopologyReader.parse(text).chaosAllowed(), text);
    }
}
