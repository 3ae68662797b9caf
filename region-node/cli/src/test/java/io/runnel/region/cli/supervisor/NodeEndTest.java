package io.runnel.region.cli.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;

class NodeEndTest {
    private static final Duration SHORT = Duration.ofMillis(830);

    @Test
    void theReasonIsWhatTheNodeGaveForNotStarting() {
        List<String> said =
                List.of(
                        "2026-11-23T15:00:00.000Z SEVERE x cannot start: port 8081 is in use",
                        "java.net.BindException: Address already in use",
                        "\tat java.base/sun.nio.ch.Net.bind(Net.java:1)");
        assertEquals(
                "ended with code 1 after 0.8 s: port 8081 is in use",
                NodeEnd.of(1, SHORT, said).toString());
    }

    @Test
    void elseItsLastWords() {
        List<String> said = List.of("Error: Unable to access jarfile x.jar", "", "\tat somewhere");
        assertEquals(
                "ended with code 1 after 0.8 s: Error: Unable to access jarfile x.jar",
                NodeEnd.of(1, SHORT, said).toString());
    }

    @Test
    void aSignalIsNamed() {
        assertEquals(
                "was ended by signal 9 after 0.8 s", NodeEnd.of(137, SHORT, List.of()).toString());
    }
}
