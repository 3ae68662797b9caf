package io.runnel.region.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import io.runnel.attestation.BearerToken;
import io.runnel.attestation.CredentialsFile;
import io.runnel.attestation.Profile;
import io.runnel.region.cli.supervisor.FakeTopology;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Whom commands tell a key, and what they say of the others. */
class BelievedRegionsIT {
    private static final String TASKS = "GET /v1/tasks";

    @TempDir private Path folder;
    private final BearerToken key = BearerToken.generate(new SecureRandom());
    private final List<CannedServer> servers = new ArrayList<>();
    private Path data;
    private TestRoot root;
    private TestShell shell;

    @BeforeEach
    void prepare() throws IOException {
        data = Files.createDirectories(folder.resolve(".runnel"));
        root = TestRoot.in(data);
        shell = new TestShell(folder).with("RUNNEL_KEY", key.text());
    }

    @AfterEach
    void end() {
        servers.forEach(CannedServer::close);
    }

    private CannedServer up(CannedServer server) {
        servers.add(server.on(TASKS, 200, "{\"tasks\":[]}"));
        return server;
    }

    private int tasksAt(CannedServer server) {
        return shell.with("RUNNEL_ENDPOINT", server.uri().toString()).run("tasks");
    }

    /** Fails, says this, and has told the server nothing. */
    private void refuses(CannedServer server, String... words) {
        assertEquals(1, tasksAt(server), shell.out());
        for (String word : words) {
            assertTrue(shell.err().contains(word), shell.err());
        }
        assertEquals(1, shell.err().lines().count(), shell.err());
        assertEquals(List.of(), server.questions());
    }

    @Test
    void aRegionOfTheFoldersNetworkIsBelieved() throws IOException {
        CannedServer region = up(CannedServer.region(root));
        assertEquals(0, tasksAt(region), shell.err());
        assertEquals("Bearer " + key.text(), region.last().authorization());
    }

    @Test
    void anotherNetworksRegionIsTold() throws IOException {
        CannedServer stranger = up(CannedServer.region(TestRoot.in(folder.resolve("other"))));
        refuses(
                stranger,
                stranger.uri() + ": who answers there is not believed to be a region",
                root.file().toString(),
                "RUNNEL_CA=FILE");
    }

    @Test
    void aPopIsNoRegion() throws IOException {
        CannedServer pop = up(CannedServer.secured(root.pop(), 0));
        refuses(pop, "it is runnel://test/pop/ams, and no node of a region");
    }

    @Test
    void withoutTheRootNobodyIsBelieved() throws IOException {
        CannedServer region = up(CannedServer.region(root));
        Files.delete(root.file());
        refuses(region, root.file() + ": there is no such file", "RUNNEL_CA=FILE");
        Files.writeString(root.file(), "no certificate");
        refuses(region, root.file().toString());
    }

    @Test
    void whoSpeaksInClearTextIsToldNothing() throws IOException {
        try (ServerSocket plain = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CompletableFuture<String> heard =
                    CompletableFuture.supplyAsync(() -> answerInClearText(plain));
            shell.with("RUNNEL_ENDPOINT", "https://127.0.0.1:" + plain.getLocalPort());
            assertEquals(1, shell.run("tasks"));
            assertTrue(shell.err().contains("no TLS with who answers there"), shell.err());
            assertFalse(heard.join().contains(key.text()));
        }
    }

    private static String answerInClearText(ServerSocket server) {
        try (Socket socket = server.accept()) {
            byte[] first = socket.getInputStream().readNBytes(100);
            socket.getOutputStream().write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(US_ASCII));
            socket.shutdownOutput();
            byte[] rest = socket.getInputStream().readAllBytes();
            return new String(first, ISO_8859_1) + new String(rest, ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void anAddressInClearTextIsWrongUsage() throws IOException {
        CannedServer plain = up(new CannedServer());
        assertEquals(2, tasksAt(plain));
        assertTrue(shell.err().contains("RUNNEL_ENDPOINT must begin with https://"), shell.err());
        shell.without("RUNNEL_ENDPOINT");
        credentials().put(new Profile("demo", key, Optional.of(plain.uri())));
        assertEquals(2, shell.run("tasks"));
        assertTrue(shell.err().contains("endpoint of [demo] in " + data), shell.err());
        assertEquals(List.of(), plain.questions());
    }

    private CredentialsFile credentials() {
        return new CredentialsFile(data.resolve("credentials"));
    }

    @Test
    void aProfileOrAVariableNamesTheRootOfAnotherMachinesNetwork() throws IOException {
        TestRoot theirs = TestRoot.in(folder.resolve("theirs"));
        CannedServer region = up(CannedServer.region(theirs));
        Path copied = Files.copy(theirs.file(), data.resolve("theirs.pem"));
        credentials()
                .put(
                        new Profile(
                                "demo",
                                key,
                                Optional.of(region.uri()),
                                Optional.of(Path.of("theirs.pem"))));
        assertEquals(0, shell.run("tasks"), shell.err());
        shell.with("RUNNEL_CA", root.file().toString());
        assertEquals(1, shell.run("tasks"));
        shell.with("RUNNEL_CA", copied.toString());
        assertEquals(0, shell.run("tasks"), shell.err());
    }

    @Test
    void theNextRegionIsAskedIfTheFirstIsNotBelieved() throws IOException {
        CannedServer stranger = up(CannedServer.region(TestRoot.in(folder.resolve("other"))));
        CannedServer region = up(CannedServer.region(root));
        Files.writeString(
                data.resolve("topology.yaml"),
                FakeTopology.TEXT.replace(
                        "a, listen: 127.0.0.1:0", "a, listen: 127.0.0.1:" + region.port()));
        credentials().put(new Profile("demo", key, Optional.of(stranger.uri())));
        assertEquals(0, shell.run("tasks"), shell.err());
        assertEquals(List.of(TASKS), region.questions());
        assertEquals(List.of(), stranger.questions());
    }
}
