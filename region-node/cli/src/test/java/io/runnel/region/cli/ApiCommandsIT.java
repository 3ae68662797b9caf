package io.runnel.region.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
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

/** APIs, against a server that answers what it is told. */
class ApiCommandsIT {
    private static final String PATH = "/v1/apis/shop";
    private static final String CHANGE = "/v1/changes/eu-west/LOG.41";
    private static final Map<String, String> CHANGED = Map.of("Runnel-Change", CHANGE);
    private static final String SHOP =
            """
            {"name":"shop","path":"/api/demo/shop","newest":3,"stages":{
             "dev":{"path":"/api/demo/shop@dev","revision":3,"before":2,"routes":[
               {"key":"GET /orders/{id}","task":"demo/orders","open":false},
               {"key":"POST /hook","task":"demo/hook","open":true}]},
             "live":{"path":"/api/demo/shop@live","revision":2,"routes":[]}},
             "revisions":[{"revision":2,"created":"2026-11-30T06:00:00Z"},
               {"revision":3,"created":"2026-11-30T07:00:00Z"}]}\
            """;

    @TempDir private Path folder;
    private CannedServer server;
    private CannedServer pop;
    private TestShell shell;

    @BeforeEach
    void prepare() throws IOException {
        TestRoot root = TestRoot.in(folder.resolve("root"));
        server = CannedServer.region(root).on("GET " + CHANGE, 200, "{\"places\":[]}");
        pop = new CannedServer();
        shell =
                new TestShell(folder)
                        .with("RUNNEL_ENDPOINT", server.uri().toString())
                        .with("RUNNEL_CA", root.file().toString())
                        .with("RUNNEL_KEY", BearerToken.generate(new SecureRandom()).text());
    }

    @AfterEach
    void end() {
        server.close();
        pop.close();
    }

    private String file(String text) throws IOException {
        return Files.writeString(folder.resolve("api"), text).toString();
    }

    private List<String> lines() {
        return shell.out().lines().map(line -> line.replaceAll(" +", " ").strip()).toList();
    }

    @Test
    void oneIsMadeOfADocument() throws IOException {
        server.on("PUT " + PATH, 201, CHANGED, SHOP);
        String yaml = file("openapi: 3.1.0\ninfo: {title: Shop, version: '1.0', x: 1.10}\n");
        assertEquals(0, shell.run("apis", "create", "shop", "--from", yaml), shell.err());
        assertEquals("/api/demo/shop@dev is revision 3, before it was 2\n", shell.out());
        assertEquals(
                "{\"document\":{\"openapi\":\"3.1.0\",\"info\":{\"title\":\"Shop\","
                        + "\"version\":\"1.0\",\"x\":1.10}},\"stage\":\"dev\"}",
                server.bodies().getFirst());
        assertEquals(List.of("PUT " + PATH, "GET " + CHANGE), server.questions());
        String json = file(" {\"openapi\":\"3.1.0\",\"n\":1.230,\"m\":12345678901234567890}");
        String[] words = {
            "apis", "update", "shop", "--from", json, "--stage", "live", "--no-wait", "--json"
        };
        assertEquals(0, shell.run(words), shell.err());
        assertEquals(
                "{\"document\":{\"openapi\":\"3.1.0\",\"n\":1.230,\"m\":12345678901234567890},"
                        + "\"stage\":\"live\"}",
                server.last().body());
        assertTrue(shell.out().contains("\"newest\" : 3"), shell.out());
    }

    @Test
    void oneIsMadeOfRoutes() {
        server.on("PUT " + PATH, 201, CHANGED, SHOP);
        String[] words = {
            "apis",
            "create",
            "shop",
            "--route",
            "GET /hello=hello",
            "--route",
            "POST /bye=bye",
            "--open",
            "--title",
            "Two words"
        };
        assertEquals(0, shell.run(words), shell.err());
        assertEquals(
                "{\"document\":{\"openapi\":\"3.1.0\",\"info\":{\"title\":\"Two words\","
                        + "\"version\":\"1\"},\"security\":[],\"paths\":{\"/hello\":{\"get\":"
                        + "{\"x-runnel-task\":\"hello\"}},\"/bye\":{\"post\":"
                        + "{\"x-runnel-task\":\"bye\"}}}},\"stage\":\"dev\"}",
                server.bodies().getFirst());
    }

    @Test
    void whatIsThereIsNotMadeAndWhatIsNotIsNotUpdated() throws IOException {
        server.on("PUT " + PATH, 412, "{\"code\":\"precondition-failed\"}");
        assertEquals(1, shell.run("apis", "create", "shop", "--route", "GET /=hello"));
        assertTrue(shell.err().contains("there is an API shop already"), shell.err());
        assertEquals(1, shell.run("apis", "update", "shop", "--from", file("{}")));
        assertTrue(shell.err().contains("there is no API shop"), shell.err());
        server.on(
                "PUT " + PATH,
                400,
                "{\"code\":\"invalid-request\",\"detail\":\"/paths/~1a/get: no task\"}");
        assertEquals(1, shell.run("apis", "update", "shop", "--from", file("{}")));
        assertTrue(shell.err().contains("invalid-request: /paths/~1a/get: no task"), shell.err());
    }

    @Test
    void stagesAreDeployedRolledBackAndDeleted() {
        server.on("POST " + PATH + "/deploy", 200, CHANGED, SHOP)
                .on("POST " + PATH + "/rollback", 200, CHANGED, SHOP)
                .on("DELETE " + PATH + "/stages/dev", 200, CHANGED, SHOP)
                .on("DELETE " + PATH, 204, CHANGED, "");
        assertEquals(0, shell.run("apis", "deploy", "shop"), shell.err());
        assertEquals("/api/demo/shop@live is revision 2\n", shell.out());
        assertEquals("{\"stage\":\"live\",\"from\":\"dev\"}", server.bodies().getFirst());
        String[] words = {"apis", "deploy", "shop", "--stage", "dev", "--revision", "3"};
        assertEquals(0, shell.run(words), shell.err());
        assertTrue(server.bodies().contains("{\"stage\":\"dev\",\"revision\":3}"));
        assertEquals(0, shell.run("apis", "rollback", "shop"), shell.err());
        assertTrue(server.bodies().contains("{\"stage\":\"live\"}"));
        assertEquals(0, shell.run("apis", "delete", "shop", "--stage", "dev"), shell.err());
        assertEquals("shop@dev is deleted\n", shell.out());
        assertEquals(0, shell.run("apis", "delete", "shop"), shell.err());
        assertEquals("shop is deleted\n", shell.out());
    }

    @Test
    void allAreListedAndOneIsShown() {
        server.on("GET /v1/apis", 200, "{\"apis\":[%s]}".formatted(SHOP))
                .on("GET " + PATH, 200, SHOP);
        for (String[] words : List.of(new String[] {"apis"}, new String[] {"apis", "list"})) {
            assertEquals(0, shell.run(words), shell.err());
            assertTrue(lines().contains("shop 3 dev=3 live=2"), shell.out());
        }
        assertEquals(0, shell.run("apis", "show", "shop"), shell.err());
        assertTrue(
                lines().containsAll(
                                List.of(
                                        "/api/demo/shop",
                                        "dev GET /orders/{id} demo/orders callers with a key",
                                        "dev POST /hook demo/hook everybody",
                                        "2 2026-11-30T06:00:00Z (dev before) live",
                                        "3 2026-11-30T07:00:00Z dev")),
                shell.out());
        assertEquals(0, shell.run("apis", "show", "shop", "--json"), shell.err());
        assertTrue(shell.out().contains("\"open\" : true"), shell.out());
    }

    @Test
    void oneIsExportedAsUsersGetIt() {
        server.on("GET " + PATH + "/openapi?stage=live", 200, "{\"n\":1.50}")
                .on("GET " + PATH + "/document?stage=dev", 200, "{\"x-runnel-task\":\"a\"}")
                .on(
                        "GET " + PATH + "/page?stage=live&server=https%3A%2F%2Fshop.example%2Fa",
                        200,
                        "<!doctype html>");
        assertEquals(0, shell.run("apis", "export", "shop"), shell.err());
        assertEquals("{\n  \"n\" : 1.50\n}\n", shell.out());
        String[] exact = {"apis", "export", "shop", "--document", "--stage", "dev"};
        assertEquals(0, shell.run(exact), shell.err());
        assertTrue(shell.out().contains("x-runnel-task"), shell.out());
        String[] page = {"apis", "export", "shop", "--html", "--server", "https://shop.example/a"};
        assertEquals(0, shell.run(page), shell.err());
        assertEquals("<!doctype html>\n", shell.out());
    }

    @Test
    void eachRouteIsTriedByItsExamples() throws IOException {
        String document =
                """
                {"paths":{
                 "/orders/{id}":{"get":{"parameters":[{"name":"id","in":"path","example":7}],
                   "responses":{"200":{}}}},
                 "/free":{"post":{"security":[],"requestBody":{"content":
                   {"application/json":{"example":{"n":1}}}}}},
                 "/hidden":{"get":{"parameters":
                   [{"name":"q","in":"query","required":true}]}}}}\
                """;
        server.on("GET " + PATH + "/document?stage=dev", 200, document);
        String base = "/api/demo/shop@dev";
        pop.on("GET " + base + "/orders/7", 200, "{}").on("POST " + base + "/free", 201, "{}");
        String[] words = {"apis", "test", "shop", "--pop", pop.uri().toString()};
        assertEquals(0, shell.run(words), shell.err());
        assertEquals(List.of("", "{\"n\":1}"), pop.bodies());
        List<String> told =
                lines().stream()
                        .map(line -> line.replaceFirst(" [0-9]+\\.[0-9] ", " MS "))
                        .toList();
        assertTrue(
                told.containsAll(
                        List.of(
                                "GET /orders/{id} 200 MS ok",
                                "POST /free 201 MS ok",
                                "GET /hidden skipped no example of query.q")),
                shell.out());
        pop.on(
                "GET " + base + "/orders/7",
                503,
                "{\"code\":\"over-capacity\",\"detail\":\"full\"}");
        assertEquals(1, shell.run(words), shell.out());
        assertTrue(String.join("\n", lines()).contains("failed over-capacity: full"), shell.out());
        String[] json = {"apis", "test", "shop", "--pop", pop.uri().toString(), "--json"};
        assertEquals(1, shell.run(json), shell.out());
        assertTrue(shell.out().contains("\"result\" : \"failed\""), shell.out());
        assertTrue(shell.out().contains("\"result\" : \"skipped\""), shell.out());
        try (CannedServer gone = new CannedServer()) {
            words[4] = gone.uri().toString();
        }
        assertEquals(1, shell.run(words), shell.out());
        assertTrue(shell.out().contains("does not answer"), shell.out());
    }

    @Test
    void grantsAreForRoutes() {
        String grant = "/v1/tasks/shop/grants/acme/default";
        String said =
                "{\"path\":\"/api/demo/shop@live\",\"grantee\":\"acme\",\"effect\":\"allow\","
                        + "\"routes\":[\"GET /orders/{id}\"]}";
        server.on("PUT " + grant, 201, CHANGED, said)
                .on("GET /v1/grants", 200, "{\"grants\":[%s]}".formatted(said));
        String[] words = {
            "grants",
            "create",
            "shop@live",
            "--to",
            "acme",
            "--route",
            "GET /orders/{id}",
            "--route",
            "POST /orders"
        };
        assertEquals(0, shell.run(words), shell.err());
        assertEquals(
                "{\"alias\":\"live\",\"routes\":[\"GET /orders/{id}\",\"POST /orders\"]}",
                server.bodies().getFirst());
        assertEquals(0, shell.run("grants"), shell.err());
        assertTrue(lines().contains("demo/shop@live acme on GET /orders/{id}"), shell.out());
    }

    @Test
    void whatIsMeantOtherwiseIsNotAsked() throws IOException {
        String[][] wrong = {
            {"apis", "show", "../tasks"},
            {"apis", "create", "Shop", "--route", "GET /=hello"},
            {"apis", "create", "shop"},
            {"apis", "create", "shop", "--route", "hello"},
            {"apis", "create", "shop", "--route", "GET /=hello", "--stage", "a/b"},
            {"apis", "create", "shop", "--route", "GET /=hello", "--from", "x"},
            {"apis", "create", "shop", "--from", "x", "--open"},
            {"apis", "update", "shop"},
            {"apis", "deploy", "shop", "--stage", "7"},
            {"apis", "deploy", "shop", "--revision", "1", "--from", "dev"},
            {"apis", "delete", "shop", "--stage", "a/b"},
            {"apis", "export", "shop", "--document", "--html"},
            {"apis", "export", "shop", "--document", "--server", "https://x"},
            {"apis", "export", "shop", "--server", "ftp://x"},
            {"apis", "test", "shop", "--stage", "../x"},
        };
        for (String[] words : wrong) {
            assertEquals(2, shell.run(words), () -> String.join(" ", words) + shell.err());
        }
        String[] update = {"apis", "update", "shop", "--from", folder.resolve("api").toString()};
        assertEquals(1, shell.run(update));
        assertTrue(shell.err().contains("there is no such file"), shell.err());
        for (String bad : List.of("a: [", "{\"a\":1,\"a\":2}", "{} x", "x".repeat(1 << 21))) {
            var unused = file(bad);
            assertEquals(1, shell.run(update));
            assertTrue(shell.err().contains("--from "), shell.err());
            assertFalse(shell.err().contains("should not happen"), shell.err());
        }
        Files.write(folder.resolve("api"), new byte[] {(byte) 0xff});
        assertEquals(1, shell.run(update));
        assertTrue(shell.err().contains("is no text in UTF-8"), shell.err());
        assertEquals(List.of(), server.questions());
    }
}
