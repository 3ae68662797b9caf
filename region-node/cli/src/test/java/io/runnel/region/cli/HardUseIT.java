package io.runnel.region.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.attestation.BearerToken;
import io.runnel.region.cli.supervisor.FakeTopology;

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

/** Calls and logs with odd words, large bodies, regions that go away, and no network at all. */
class HardUseIT {
    private static final String LINE =
            "{\"id\":%d,\"at\":\"2026\",\"request\":\"01ABC\",\"node\":\"ams\",\"text\":\"%s\"}\n";
    private static final String LOG = "GET /v1/tasks/hello/logs?limit=100&follow=1";

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
                        .with("RUNNEL_POP", server.uri().toString())
                        .with("RUNNEL_KEY", BearerToken.generate(new SecureRandom()).text());
        server.on("GET /v1/tasks/hello", 200, "{\"name\":\"hello\",\"handler\":\"http\"}")
                .on("POST /fn/demo/hello", 200, Map.of("Runnel-Request-Id", "01ABC"), "ok");
    }

    @AfterEach
    void end() {
        server.close();
    }

    @Test
    void aFileIsSentAsItIs() throws IOException {
        Path file = Files.writeString(folder.resolve("body"), "--help \"a b\"\n# c\n");
        assertEquals(0, shell.run("invoke", "hello", "-d", "@" + file), shell.err());
        assertEquals("--help \"a b\"\n# c\n", server.last().body());
    }

    @Test
    void aFileThatCannotBeSentIsNamedWithTheReason() throws IOException {
        assertEquals(1, shell.run("invoke", "hello", "-d", "@" + folder));
        assertEquals(
                "runnel: -d @%s cannot be read: Is a directory\n".formatted(folder), shell.err());
        assertEquals(1, shell.run("invoke", "hello", "-d", "@" + folder.resolve("none")));
        assertTrue(shell.err().contains("there is no such file"), shell.err());
        Path large = Files.write(folder.resolve("large"), new byte[(6 << 20) + 1]);
        assertEquals(1, shell.run("invoke", "hello", "-d", "@" + large));
        assertTrue(shell.err().contains("more than 6,291,456 bytes"), shell.err());
    }

    @Test
    void wordsThatNoRequestCanHaveAreWrongUsage() {
        for (List<String> words :
                List.of(
                        List.of("-X", "NO WAY"),
                        List.of("-H", "Host=elsewhere"),
                        List.of("-H", "a b=c"),
                        List.of("-H", "nothing"),
                        List.of("--pop", "ftp://there"),
                        List.of("--pop", "http://no where"))) {
            String value = words.getLast();
            assertEquals(2, shell.run("invoke", "hello", words.getFirst(), value), shell.err());
            assertEquals(1, shell.err().lines().count(), shell.err());
            assertTrue(shell.err().contains("'" + value + "'"), shell.err());
        }
    }

    @Test
    void thePhasesOfEveryHopAreTold() {
        server.on(
                "POST /fn/demo/hello",
                200,
                Map.of("Server-Timing", "run;dur=1.9", "server-timing", "forward;dur=4.2"),
                "ok");
        assertEquals(0, shell.run("invoke", "hello", "-d", ""), shell.err());
        assertTrue(shell.err().contains("run 1.9"), shell.err());
        assertTrue(shell.err().contains("forward 4.2"), shell.err());
    }

    @Test
    void aLogGoesOnBehindTheLastLineWhenItsRegionWasAway() {
        server.on(LOG, 200, LINE.formatted(7, "one") + LINE.formatted(8, "two") + "{\"id\":9,")
                .on(LOG + "&after=8", 200, LINE.formatted(9, "three"));
        assertEquals(1, shell.run("logs", "-f", "hello"));
        assertEquals("2026 ams 01ABC one\n2026 ams 01ABC two\n2026 ams 01ABC three\n", shell.out());
        assertEquals(List.of(LOG, LOG + "&after=8", LOG + "&after=9"), server.questions());
    }

    @Test
    void withoutANetworkEveryCommandSaysHowToStartOne() throws IOException {
        CannedServer pop = new CannedServer();
        pop.close();
        server.close();
        Path data = Files.createDirectories(folder.resolve(".runnel"));
        Files.writeString(
                data.resolve("topology.yaml"),
                FakeTopology.TEXT
                        .replace("a, listen: 127.0.0.1:0", "a, listen: 127.0.0.1:" + server.port())
                        .replace("    listen: 127.0.0.1:0", "    listen: 127.0.0.1:" + pop.port()));
        shell.without("RUNNEL_ENDPOINT").without("RUNNEL_POP");
        Path code = Files.writeString(folder.resolve("code"), "code");
        for (List<String> words :
                List.of(
                        List.of("tasks"),
                        List.of("logs", "-f", "hello"),
                        List.of("deploy", "hello", code.toString()),
                        List.of("invoke", "hello"),
                        List.of("invoke", "other/hello"))) {
            assertEquals(1, shell.run(words.toArray(String[]::new)), shell.err());
            assertEquals(
                    "runnel: no network runs on %s; start one: ./runnel up\n".formatted(data),
                    shell.err());
        }
    }
}
