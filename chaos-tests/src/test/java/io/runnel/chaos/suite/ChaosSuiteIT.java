package io.runnel.chaos.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Every scenario in its short form, on a network of real processes, as {@code runnel chaos run}
 * does it. Times have slack, for the machine is whatever it is; failures have none.
 */
final class ChaosSuiteIT {
    private static final String SEED = "20261126";
    private static final String SLACK = "8";
    private static final Path REPORT = Path.of("target", "chaos-report").toAbsolutePath();

    @Test
    void scenariosKeepTheirPromises() throws Exception {
        run(
                those(scenario -> !scenario.needsNamespace() && !scenario.setsClocks()),
                REPORT.resolve("all"));
    }

    @Test
    void thoseThatSetClocksKeepTheirs() throws Exception {
        Clocks.missing().ifPresent(Skips::orFail);
        run(those(Scenario::setsClocks), REPORT.resolve("clocks"));
    }

    @Test
    void thoseThatNeedANamespaceKeepTheirs() throws Exception {
        OwnNamespace.missing().ifPresent(Skips::orFail);
        run(those(Scenario::needsNamespace), REPORT.resolve("namespace"));
    }

    private static List<String> those(Predicate<Scenario> which) {
        return Scenarios.names().stream()
                .filter(name -> which.test(Scenarios.named(name)))
                .toList();
    }

    private static void run(List<String> scenarios, Path report) throws Exception {
        Path top = Path.of("..").toAbsolutePath().normalize();
        Path dist = Path.of("target", "checked", "dist").toAbsolutePath();
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(said, true, UTF_8);
        ChaosSuite suite = new ChaosSuite(top, Map.of("RUNNEL_DIST", dist.toString()), out, out);
        List<String> arguments = new ArrayList<>(scenarios);
        arguments.addAll(
                List.of(
                        "--short",
                        "--seed",
                        SEED,
                        "--slack",
                        SLACK,
                        "--report",
                        report.toString()));
        int exit = suite.run(arguments, 0, "");
        assertEquals(0, exit, () -> said.toString(UTF_8));
        String page = Files.readString(report.resolve("index.html"));
        for (String name : scenarios) {
            assertTrue(page.contains("<section id=\"%s\">".formatted(name)), name);
        }
    }
}
