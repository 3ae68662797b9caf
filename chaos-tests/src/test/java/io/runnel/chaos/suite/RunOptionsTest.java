package io.runnel.chaos.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What {@code runnel chaos run} makes of its arguments. */
final class RunOptionsTest {
    @Test
    void readsAll() {
        RunOptions options =
                RunOptions.parse(
                        List.of(
                                "link-cut",
                                "--short",
                                "--seed",
                                "-7",
                                "--report",
                                "r",
                                "-t",
                                "t.yaml",
                                "--data",
                                "d",
                                "--slack",
                                "2.5"),
                        1,
                        "http://127.0.0.1:8474");
        assertEquals(
                new RunOptions(
                        List.of("link-cut"),
                        Optional.of(Path.of("t.yaml")),
                        Optional.of(Path.of("d")),
                        -7,
                        Path.of("r"),
                        true,
                        2.5,
                        Optional.of(URI.create("http://127.0.0.1:8474"))),
                options);
    }

    @Test
    void whatIsNotSaidIsAsUsual() {
        RunOptions options = RunOptions.parse(List.of("all"), 99, "");
        assertEquals(99, options.seed());
        assertEquals(Path.of("chaos-report"), options.report());
        assertEquals(1, options.slack());
        assertTrue(options.proxy().isEmpty());
    }

    @Test
    void wrongOnesAreNamed() {
        refused("which scenario?");
        refused("unknown option: '--sed'", "all", "--sed", "5");
        refused("--seed needs a value", "all", "--seed");
        refused("--seed must be a whole number: 'x'", "all", "--seed", "x");
        refused("--slack must be 1 to 20: '0.5'", "all", "--slack", "0.5");
        refused("--slack must be 1 to 20: 'NaN'", "all", "--slack", "NaN");
    }

    @Test
    void allIsInAnOrderThatTheSeedMakes() {
        List<String> names = Scenarios.names();
        assertEquals(
                names,
                Scenarios.meant(List.of("all"), 1).stream().map(Scenario::name).sorted().toList());
        assertEquals(order(7), order(7));
        assertNotEquals(order(7), order(8));
        assertThrows(IllegalArgumentException.class, () -> Scenarios.meant(List.of("nothing"), 1));
    }

    private static List<String> order(long seed) {
        return Scenarios.meant(List.of("all"), seed).stream().map(Scenario::name).toList();
    }

    private static void refused(String message, String... arguments) {
        IllegalArgumentException refused =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> RunOptions.parse(List.of(arguments), 1, ""));
        assertTrue(refused.getMessage().contains(message), refused.getMessage());
    }
}
