package io.runnel.region.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.attestation.BearerToken;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;

/** Schedules, against a server that answers what it is told. */
class ScheduleCommandsIT {
    private static final String PATH = "/v1/schedules/nightly";
    private static final String NIGHTLY =
            """
            {"name":"nightly","task":"report@stable","cron":"0 6 * * MON-FRI",
             "zone":"Europe/Amsterdam","catchUp":"1h","paused":false,
             "next":"2026-12-01T05:00:00Z"%s}\
            """;

    @TempDir private Path folder;
    private CannedServer server;
    private TestShell shell;

    @BeforeEach
    void prepare() throws IOException {
        TestRoot root = TestRoot.in(folder.resolve("root"));
        server = CannedServer.region(root);
        shell =
                new TestShell(folder)
                        .with("RUNNEL_ENDPOINT", server.uri().toString())
                        .with("RUNNEL_CA", root.file().toString())
                        .with("RUNNEL_KEY", BearerToken.generate(new SecureRandom()).text());
    }

    @AfterEach
    void end() {
        server.close();
    }

    @Test
    void oneIsSetAndEveryNodeWaitedFor() {
        String change = "/v1/changes/eu-west/LOG.41";
        Map<String, String> headers = Map.of("Runnel-Change", change);
        server.on("PUT " + PATH, 201, headers, NIGHTLY.formatted(",\"payload\":\"{}\""))
                .on("DELETE " + PATH, 204, headers, "")
                .on("GET " + change, 200, "{\"places\":[]}");
        String[] words = {
            "schedules", "set", "nightly", "--task", "report@stable", "--cron", "0 6 * * MON-FRI",
            "--zone", "Europe/Amsterdam", "--payload", "{}", "--catch-up", "1h", "--paused"
        };
        assertEquals(0, shell.run(words), shell.err());
        assertEquals(
                "nightly calls report@stable at 0 6 * * MON-FRI in Europe/Amsterdam; catches up"
                        + " with 1h; next: 2026-12-01T05:00:00Z\n{}\n",
                shell.out());
        assertEquals(
                "{\"task\":\"report@stable\",\"cron\":\"0 6 * * MON-FRI\","
                        + "\"zone\":\"Europe/Amsterdam\",\"payload\":\"{}\",\"catchUp\":\"1h\","
                        + "\"paused\":true}",
                server.bodies().getFirst());
        assertEquals(0, shell.run("schedules", "delete", "nightly"), shell.err());
        assertEquals(
                List.of("PUT " + PATH, "GET " + change, "DELETE " + PATH, "GET " + change),
                server.questions());
    }

    @Test
    void whatIsNotSaidIsNotSent() throws IOException {
        Path file = folder.resolve("payload.json");
        Files.writeString(file, "{\"n\":\"é\"}\n");
        server.on("PUT " + PATH, 200, NIGHTLY.formatted(""));
        String[] words = {"schedules", "set", "nightly", "--task", "report", "--cron", "@daily"};
        assertEquals(0, shell.run(words), shell.err());
        assertEquals("{\"task\":\"report\",\"cron\":\"@daily\"}", server.last().body());
        String[] more = {
            "schedules",
            "set",
            "nightly",
            "--task",
            "report",
            "--cron",
            "@daily",
            "--json",
            "--payload",
            "@" + file
        };
        assertEquals(0, shell.run(more), shell.err());
        assertTrue(server.last().body().contains("\"payload\":\"{\\\"n\\\":\\\"é\\\"}\\n\""));
        assertTrue(shell.out().contains("\"catchUp\" : \"1h\""), shell.out());
        for (byte[] bad : List.of(new byte[(16 << 10) + 1], new byte[] {(byte) 0xff})) {
            Files.write(file, bad);
            assertEquals(1, shell.run(more));
        }
        Files.delete(file);
        assertEquals(1, shell.run(more));
        assertTrue(shell.err().contains("cannot be read"), shell.err());
    }

    @Test
    void allAreListedWithTheirNextTicks() {
        String paused = "{\"name\":\"old\",\"task\":\"sum\",\"cron\":\"@hourly\",\"paused\":true}";
        server.on(
                        "GET /v1/schedules",
                        200,
                        "{\"schedules\":[%s,%s]}".formatted(NIGHTLY.formatted(""), paused))
                .on("GET " + PATH, 200, NIGHTLY.formatted(""));
        for (String[] words :
                List.of(
                        new String[] {"schedules"},
                        List.of("schedules", "list").toArray(String[]::new))) {
            assertEquals(0, shell.run(words), shell.err());
            List<String> lines =
                    shell.out().lines().map(line -> line.replaceAll(" +", " ").strip()).toList();
            assertTrue(
                    lines.contains(
                            "nightly report@stable 0 6 * * MON-FRI Europe/Amsterdam"
                                    + " 2026-12-01T05:00:00Z"),
                    shell.out());
            assertTrue(lines.contains("old sum @hourly paused"), shell.out());
        }
        assertEquals(0, shell.run("schedules", "--json"), shell.err());
        assertTrue(shell.out().contains("\"next\" : \"2026-12-01T05:00:00Z\""), shell.out());
        assertEquals(0, shell.run("schedules", "show", "nightly"), shell.err());
        assertTrue(shell.out().contains("nightly calls report@stable at"), shell.out());
    }

    @Test
    void whatIsNoScheduleIsNotAsked() {
        assertEquals(2, shell.run("schedules", "show", "../tasks"));
        assertEquals(2, shell.run("schedules", "delete", "A"));
        assertEquals(2, shell.run("schedules", "set", "nightly", "--task", "report"));
        assertEquals(2, shell.run("schedules", "set", "nightly", "--cron", "@daily"));
        assertEquals(List.of(), server.questions());
    }
}
