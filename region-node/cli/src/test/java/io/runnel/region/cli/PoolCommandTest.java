package io.runnel.region.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

class PoolCommandTest {
    private static final String HEADING = "arrival_ms,task,duration_ms,memory_bytes,start_ms\n";

    @TempDir private Path folder;

    private TestShell shell() {
        return new TestShell(folder);
    }

    private String hourly() {
        StringBuilder trace = new StringBuilder(HEADING);
        for (long call = 0; call < 40; call++) {
            trace.append(call * 3_600_000).append(",shop/report,100,16777216,400\n");
        }
        return trace.toString();
    }

    private Path file(String text) throws IOException {
        return Files.writeString(folder.resolve("trace.csv"), text);
    }

    @Test
    void withoutPoliciesAllThreeAreCompared() throws IOException {
        TestShell shell = shell();
        assertEquals(0, shell.run("pool", "replay", file(hourly()).toString()), shell.err());
        assertEquals("", shell.err());
        List<String> lines = shell.out().lines().toList();
        assertEquals("40 calls of 1 task in 1.63 d", lines.getFirst());
        for (String policy : List.of("fixed:10m ", "histogram ", "forecast ")) {
            assertEquals(1, lines.stream().filter(l -> l.startsWith(policy)).count(), shell.out());
        }
        assertTrue(shell.out().contains("every 1 h, jitter "), shell.out());
        assertTrue(shell.out().contains("as shop/report"), shell.out());
    }

    @Test
    void programsGetEveryNumber() throws IOException {
        TestShell shell = shell();
        String trace = file(hourly()).toString();
        int exit =
                shell.run(
                        "pool",
                        "replay",
                        trace,
                        "--json",
                        "--policy",
                        "fixed:1h",
                        "--policy",
                        "forecast");
        assertEquals(0, exit, shell.err());
        JsonNode json = Json.read(shell.out());
        assertEquals(40, json.path("calls").asInt());
        assertEquals(1, json.path("periodicTasks").asInt());
        JsonNode fixed = json.path("policies").path(0);
        assertEquals("fixed:1h", fixed.path("policy").asText());
        assertEquals(1, fixed.path("coldStarts").asInt());
        assertEquals(1.0, fixed.path("idleOfFixed").asDouble());
        JsonNode forecast = json.path("policies").path(1);
        assertEquals(0, forecast.path("learnedColdStarts").asInt());
        assertTrue(forecast.path("learnedCalls").asInt() > 30, shell.out());
        assertTrue(forecast.path("idleOfFixed").asDouble() < 0.5, shell.out());
        assertEquals(3_600_000, json.path("periods").path(0).path("periodMs").asInt(), 500);
    }

    @Test
    void aDashIsStandardInput() {
        TestShell shell = shell().reading(hourly());
        assertEquals(0, shell.run("pool", "replay", "-", "--policy", "histogram"), shell.err());
        assertTrue(shell.out().contains("histogram "), shell.out());
        assertTrue(!shell.out().contains("forecast "), shell.out());
        shell.reading(HEADING + "1,a,1,1,NaN\n");
        assertEquals(1, shell.run("pool", "replay", "-"));
        assertEquals(
                "runnel: standard input: line 2: start_ms must be a whole number from 0 to"
                        + " 604800000: 'NaN'\n",
                shell.err());
    }

    @Test
    void theDrawingIsWritten() throws IOException {
        TestShell shell = shell();
        Path drawing = folder.resolve("map.svg");
        String trace = file(hourly()).toString();
        assertEquals(0, shell.run("pool", "replay", trace, "--plot", drawing.toString()));
        assertEquals("drawn in " + drawing + "\n", shell.err());
        assertTrue(Files.readString(drawing).startsWith("<svg "), "an SVG");
        Path nowhere = folder.resolve("no/map.svg");
        assertEquals(1, shell.run("pool", "replay", trace, "--plot", nowhere.toString()));
        assertTrue(
                shell.err().startsWith("runnel: " + nowhere + " cannot be written"), shell.err());
    }

    @Test
    void mistakesAreOneLineThatSaysWhatAndWhere() throws IOException {
        TestShell shell = shell();
        Path missing = folder.resolve("missing.csv");
        assertEquals(1, shell.run("pool", "replay", missing.toString()));
        assertEquals("runnel: %s is not there\n".formatted(missing), shell.err());

        Path trace = file(HEADING + "5,a,1,1,1\n-7,a,1,1,1\n");
        assertEquals(1, shell.run("pool", "replay", trace.toString()));
        assertEquals(
                "runnel: %s: line 3: arrival_ms must be a whole number from 0 to 1125899906842624: '-7'\n"
                        .formatted(trace),
                shell.err());

        assertEquals(2, shell.run("pool", "replay", trace.toString(), "--policy", "lru"));
        assertTrue(shell.err().contains("histogram or forecast: 'lru'"), shell.err());
        assertEquals(2, shell.run("pool", "replay"));
        assertTrue(shell.err().contains("TRACE"), shell.err());
    }

    @Test
    void aTraceOutOfOrderIsSortedAndItIsSaid() throws IOException {
        TestShell shell = shell();
        Path trace = file("50,a,1,1,1\n10,a,1,1,1\n");
        assertEquals(0, shell.run("pool", "replay", trace.toString()));
        assertTrue(
                shell.out().startsWith("note: sorted: 1 call did not come after the one above\n"),
                shell.out());
    }

    @Test
    void whatIsGeneratedIsReplayed() {
        TestShell shell = shell();
        assertEquals(0, shell.run("pool", "generate", "--tasks", "10", "--days", "2"));
        String trace = shell.out();
        assertTrue(trace.startsWith(HEADING), "the columns' names");
        assertEquals(0, shell.reading(trace).run("pool", "replay", "-", "--json"), shell.err());
        assertEquals(10, Json.read(shell.out()).path("tasks").asInt());
        assertEquals(2, shell.run("pool", "generate", "--days", "0"));
        assertEquals("runnel: days must be 1 to 366: 0\n", shell.err());
    }
}
