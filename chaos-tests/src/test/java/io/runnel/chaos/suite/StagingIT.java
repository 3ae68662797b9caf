package io.runnel.chaos.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Scenarios on a network that runs, on several machines, from one of them. */
final class StagingIT {
    private static final List<String> SCENARIOS =
            List.of("region-killed", "region-frozen", "region-stopped", "link-cut");

    @Test
    void nodesOfOtherMachinesAreHurt(@TempDir Path folder) throws Exception {
        Bridge.missing().ifPresent(Skips::orFail);
        try (TwoMachines machines = TwoMachines.start(folder, Bridge.make())) {
            Path report = folder.resolve("report");
            List<String> run =
                    List.of(
                            "chaos",
                            "run",
                            "--short",
                            "--slack",
                            "8",
                            "-t",
                            machines.topology.toString(),
                            "--report",
                            report.toString());
            Launcher.Said said = machines.second.run(join(run, SCENARIOS));
            assertEquals(0, said.exit(), said::toString);
            String page = Files.readString(report.resolve("index.html"));
            for (String name : SCENARIOS) {
                assertTrue(page.contains("<section id=\"%s\">".formatted(name)), name);
            }
            wrongTokensAreRefused(machines, run);
        }
    }

    private static void wrongTokensAreRefused(TwoMachines machines, List<String> run)
            throws Exception {
        Path token = machines.second.data().resolve("network.token");
        String right = Files.readString(token);
        Files.writeString(token, right.strip().substring(1) + "x\n");
        Launcher.Said said = machines.second.run(join(run, List.of("region-killed")));
        Files.writeString(token, right);
        assertEquals(1, said.exit(), said::toString);
        assertTrue(said.err().contains(":7700 says 401"), said::toString);
    }

    private static List<String> join(List<String> command, List<String> more) {
        return Stream.concat(command.stream(), more.stream()).toList();
    }
}
