package io.runnel.region.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
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
import java.util.Optional;

/** Aliases and canaries, against a server that answers what it is told. */
class AliasCommandsIT {
    private static final String PATH = "/v1/tasks/hello/aliases/live";
    private static final String TRIED =
            """
            {"name":"live","path":"/fn/demo/hello@live","version":7,
             "canary":{"version":8,"permille":5,"calls":60,"failed":3,"othersCalls":1000,
              "othersFailed":0,"evidence":1185.4,"evidenceEnough":1000}}\
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
    void anAliasIsSetAndDeleted() {
        String change = "/v1/changes/eu-west/LOG.41";
        Map<String, String> headers = Map.of("Runnel-Change", change);
        server.on("PUT " + PATH, 201, headers, TRIED)
                .on("DELETE " + PATH, 204, headers, "")
                .on("GET " + change, 200, "{\"places\":[]}");
        String[] words = {
            "aliases", "set", "hello", "live", "--canary", "8=0.5%", "--sticky", "X-User"
        };
        assertEquals(0, shell.run(words), shell.err());
        assertEquals("/fn/demo/hello@live is version 7, and 8 with 0.5% of calls\n", shell.out());
        assertEquals(
                "{\"canary\":{\"version\":8,\"permille\":5,\"stickyBy\":\"X-User\"}}",
                server.bodies().getFirst());
        assertEquals(0, shell.run("aliases", "delete", "hello", "live"), shell.err());
        assertEquals(
                List.of("PUT " + PATH, "GET " + change, "DELETE " + PATH, "GET " + change),
                server.questions());
    }

    @Test
    void aListTellsWhatIsTriedAndWhatWasRolledBack() {
        String back =
                "{\"name\":\"old\",\"version\":3,\"rolledBack\":{\"version\":4,"
                        + "\"at\":\"2027-01-31T12:00:00Z\",\"why\":\"3 of 3 calls failed\"}}";
        server.on(
                "GET /v1/tasks/hello/aliases", 200, "{\"aliases\":[%s,%s]}".formatted(TRIED, back));
        assertEquals(0, shell.run("aliases", "hello"), shell.err());
        assertTrue(
                shell.out()
                        .contains(
                                "live   7        8 with 0.5% of calls  3 of 60 calls failed, and 0"
                                        + " of 1000 of the others: evidence 1.19e+03 of 1000"),
                shell.out());
        assertTrue(
                shell.out()
                        .contains(
                                "version 4 was rolled back at 2027-01-31T12:00:00Z: 3 of 3 calls"
                                        + " failed"),
                shell.out());
        assertEquals(0, shell.run("aliases", "hello", "--json"), shell.err());
        assertTrue(shell.out().contains("\"evidence\" : 1185.4"), shell.out());
    }

    @Test
    void aNameForCallsIsMadeListedAndDeleted() {
        String pay =
                "{\"name\":\"pay\",\"path\":\"/fn/demo/pay\",\"of\":\"acme/charge@3\","
                        + "\"parameters\":{\"a\":\"b=c\",\"currency\":\"EUR\"}}";
        server.on("PUT /v1/aliases/pay", 201, pay)
                .on("GET /v1/aliases", 200, "{\"aliases\":[" + pay + "]}")
                .on("DELETE /v1/aliases/pay", 204, "");
        String[] words = {
            "aliases",
            "create",
            "pay",
            "--of",
            "acme/charge@3",
            "--param",
            "a=b=c",
            "--param",
            "currency=EUR"
        };
        assertEquals(0, shell.run(words), shell.err());
        assertEquals("/fn/demo/pay calls acme/charge@3 with a=b=c currency=EUR\n", shell.out());
        assertEquals(
                "{\"of\":\"acme/charge@3\",\"parameters\":{\"a\":\"b=c\",\"currency\":\"EUR\"}}",
                server.last().body());
        assertEquals(0, shell.run("aliases"), shell.err());
        assertTrue(shell.out().contains("pay   acme/charge@3  a=b=c currency=EUR"), shell.out());
        assertEquals(0, shell.run("aliases", "delete", "pay"), shell.err());
        assertEquals("DELETE /v1/aliases/pay", server.questions().getLast());
    }

    @Test
    void aSecretParameterComesFromAVariableOrAFile() throws IOException {
        server.on(
                "PUT /v1/aliases/pay",
                201,
                "{\"path\":\"/fn/demo/pay\",\"of\":\"acme/charge\",\"parameters\":{},"
                        + "\"secrets\":[\"a\",\"b\"]}");
        Path file = Files.writeString(folder.resolve("key"), "from a file\n");
        shell.with("MY_KEY", "from a variable");
        String[] words = {
            "aliases",
            "create",
            "pay",
            "--of",
            "acme/charge",
            "--param",
            "a=secret:MY_KEY",
            "--param",
            "b=secret:@" + file
        };
        assertEquals(0, shell.run(words), shell.err());
        assertEquals("/fn/demo/pay calls acme/charge with a=(secret) b=(secret)\n", shell.out());
        assertEquals(
                "{\"of\":\"acme/charge\",\"parameters\":{},"
                        + "\"secrets\":{\"a\":\"from a variable\",\"b\":\"from a file\"}}",
                server.last().body());
        String[] without = {"aliases", "create", "pay", "--of", "a/b", "--param", "a=secret:X"};
        assertEquals(2, shell.run(without));
        assertTrue(shell.err().contains("names no variable here"), shell.err());
    }

    @Test
    void wrongWordsAreRefused() {
        for (String words :
                List.of(
                        "aliases HELLO",
                        "aliases create pay",
                        "aliases create PAY --of acme/charge",
                        "aliases create pay --of acme/charge@0",
                        "aliases create pay --of acme/charge --param currency",
                        "aliases set hello 7 1",
                        "aliases set hello a/b 1",
                        "aliases set hello live --canary 8",
                        "aliases set hello live --canary 8=5",
                        "aliases set hello live --canary 8=0%",
                        "aliases set hello live --canary 8=100%",
                        "aliases set hello live --canary 8=0.05%",
                        "aliases set hello live --canary =5%",
                        "aliases set hello live --canary x=5%",
                        "aliases set hello stable 1 --sticky X-User",
                        "grants create hello@a.b --to beta")) {
            assertEquals(2, shell.run(words.split(" ", -1)), words);
        }
        assertEquals(List.of(), server.questions());
        assertThrows(CliException.class, () -> CanaryShare.parse("5", Optional.empty()));
        assertEquals(999, CanaryShare.parse("99.9%", Optional.empty()).permille());
        assertEquals("5%", CanaryShare.shown(50));
    }

    @Test
    void aGrantIsOfAnAlias() {
        String path = "/v1/tasks/hello/grants/beta/default";
        server.on("PUT " + path, 201, "{\"grantee\":\"beta\",\"path\":\"/fn/demo/hello@stable\"}");
        String[] words = {"grants", "create", "hello@stable", "--to", "beta"};
        assertEquals(0, shell.run(words), shell.err());
        assertEquals("{\"alias\":\"stable\"}", server.last().body());
    }
}
