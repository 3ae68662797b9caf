package io.runnel.region.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;

import io.runnel.attestation.BearerToken;
import io.runnel.attestation.NetworkToken;
import io.runnel.region.cli.supervisor.FakeTopology;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;

/** What people read of one call, and of the limits of nodes. */
class NodeAdminIT {
    private static final String ID = "01kb3pxe7e9c2r5m8q1t4w7y0z";
    private static final String PATH = "GET /v1/calls/" + ID;
    private static final String AT_POP =
            """
            {"id":"01kb3pxe7e9c2r5m8q1t4w7y0z","arrived":"2026-11-26T12:00:00.123Z",
             "task":"demo/hello","version":3,
             "decided":{"reason":"capacity","limit":"room","fit":"fits","recentCalls":21.25,"code":"ready",
              "room":"queue","freeSlots":0,"expectedWaitMs":30.5,"hereMs":4,
              "regionCopy":"warm","regionBy":"holds","thereMs":0},
             "place":"forwarded","region":"eu-west","regionsAsked":2,"status":200,"whole":true,
             "queueMs":0,"startMs":0,"runMs":0,"totalMs":34.25}\
            """;
    private static final String AT_REGION =
            """
            {"id":"01kb3pxe7e9c2r5m8q1t4w7y0z","arrived":"2026-11-26T12:00:00.125Z",
             "task":"demo/hello","version":3,"place":"here","regionsAsked":0,"status":200,
             "whole":true,"queueMs":0.1,"startMs":0.2,"runMs":30,"totalMs":31}\
            """;
    private static final String UNKNOWN = "{\"code\":\"not-found\"}";

    @TempDir private Path folder;
    private CannedServer api;
    private CannedServer region;
    private CannedServer pop;
    private TestShell shell;

    @BeforeEach
    void prepare() throws IOException {
        Path data = Files.createDirectories(folder.resolve(".runnel"));
        api = CannedServer.region(TestRoot.in(data));
        region = new CannedServer();
        pop = new CannedServer();
        NetworkToken.readOrCreate(data.resolve("network.token"), new SecureRandom());
        Files.writeString(
                data.resolve("topology.yaml"),
                FakeTopology.TEXT
                        .replace("zone: a, listen: 127.0.0.1:0", "zone: a, listen: " + at(api))
                        .replace("admin: 127.0.0.1:0, slots", "admin: " + at(region) + ", slots")
                        .replace("    admin: 127.0.0.1:0", "    admin: " + at(pop)));
        shell = shell();
    }

    private TestShell shell() {
        return new TestShell(folder)
                .with("RUNNEL_KEY", BearerToken.generate(new SecureRandom()).text());
    }

    private static String at(CannedServer server) {
        return "127.0.0.1:" + server.port();
    }

    @AfterEach
    void end() {
        api.close();
        region.close();
        pop.close();
    }

    @Test
    void theWayOfACallIsToldInItsOrder() {
        pop.on(PATH, 200, AT_POP);
        region.on(PATH, 200, AT_REGION);
        assertEquals(0, shell.run("why", ID), shell.err());
        assertEquals(
                """
                01kb3pxe7e9c2r5m8q1t4w7y0z: demo/hello version 3, came 2026-11-26T12:00:00.123Z
                ams: forwarded to eu-west (capacity), after 1 other was asked
                  decided by  limit room; 21.3 calls lately, code ready, room queue (0 slots free, a wait of 30.50 ms expected); 4.00 ms here, unknown there; code there warm, chosen because it holds the version
                  answered    200 after 34.25 ms
                eu-west-1: ran here
                  took        waiting 0.10 ms, start 0.20 ms, run 30.00 ms
                  answered    200 after 31.00 ms
                """,
                shell.out());
    }

    /** A node of a region hands calls on without a decision, also to one that is asked first. */
    @Test
    void whoHandedACallOnComesBeforeWhoRanIt() {
        pop.on(PATH, 200, AT_REGION);
        region.on(PATH, 200, AT_POP.replaceAll("(?s)\"decided\":\\{.*?\\},", ""));
        assertEquals(0, shell.run("why", ID), shell.err());
        int first =
                shell.out().indexOf("eu-west-1: forwarded to eu-west, after 1 other was asked\n");
        assertTrue(first > 0, shell.out());
        assertTrue(first < shell.out().indexOf("ams: ran here\n"), shell.out());
    }

    @Test
    void forProgramsItIsJson() {
        pop.on(PATH, 200, AT_POP);
        region.on(PATH, 404, UNKNOWN);
        assertEquals(0, shell.run("why", ID, "--json"), shell.err());
        JsonNode told = Json.read(shell.out());
        assertEquals(ID, told.path("id").asText());
        assertEquals(1, told.path("notes").size(), shell.out());
        assertEquals("ams", told.path("notes").path(0).path("node").asText());
        assertEquals("capacity", told.at("/notes/0/decided/reason").asText());
        assertEquals(0, told.path("silent").size());
    }

    @Test
    void refusalsAndClientsThatLeftAreNamed() {
        pop.on(
                PATH,
                200,
                AT_POP.replace("\"forwarded\"", "\"nowhere\"")
                        .replace("\"status\":200", "\"status\":503,\"problem\":\"over-capacity\""));
        region.on(
                PATH,
                200,
                AT_REGION
                        .replace("\"status\":200", "\"status\":0")
                        .replace("\"whole\":true", "\"whole\":false"));
        assertEquals(0, shell.run("why", ID), shell.err());
        assertTrue(shell.out().contains("ams: refused (capacity)\n"), shell.out());
        assertTrue(shell.out().contains("answered    503 over-capacity after 34.25"), shell.out());
        assertTrue(
                shell.out().contains("answered    nothing: the client went after 31.00 ms"),
                shell.out());
    }

    @Test
    void aCallThatNobodyKnowsFails() {
        pop.on(PATH, 404, UNKNOWN);
        region.close();
        assertEquals(1, shell.run("why", ID));
        assertTrue(shell.out().contains("no node that answers has a note of call"), shell.out());
        assertTrue(shell.out().contains("eu-west-1: nothing answers there"), shell.out());
    }

    @Test
    void whatIsNoIdIsNotAskedFor() {
        assertEquals(2, shell.run("why", "../pool"));
        assertTrue(shell.err().contains("26"), shell.err());
        assertEquals(0, pop.questions().size());
    }

    @Test
    void whoWasDeniedWhatIsToldByTimeAndOfWhomOneAsks() {
        String line =
                "{\"at\":\"2026-11-26T12:00:0%d\",\"decision\":\"%s\",\"reason\":\"%s\","
                        + "\"task\":\"acme/%s\",%s\"source\":\"192.0.2.0/24\",\"calls\":%d}";
        String beta = "\"account\":\"beta\",\"key\":\"RNLB\",";
        pop.on(
                "GET /v1/access",
                200,
                "{\"access\":[%s,%s]}"
                        .formatted(
                                line.formatted(2, "denied", "revoked", "pay", beta, 7),
                                line.formatted(1, "allowed", "everyone", "open", "", 1)));
        region.on(
                "GET /v1/access",
                200,
                "{\"access\":[%s]}"
                        .formatted(line.formatted(3, "denied", "not-found", "x", beta, 1)));
        assertEquals(0, shell.run("access"), shell.err());
        String all = shell.out().replaceAll(" +", " ");
        int open = all.indexOf("01 ams allowed everyone acme/open - 192.0.2.0/24 1\n");
        int pay = all.indexOf("02 ams denied revoked acme/pay RNLB 192.0.2.0/24 7\n");
        int none = all.indexOf("03 eu-west-1 denied not-found acme/x RNLB 192.0.2.0/24 1\n");
        assertTrue(0 < open && open < pay && pay < none, all);
        String[] some = {"access", "--denied", "--account", "beta", "--task", "acme/pay", "--json"};
        TestShell other = shell();
        assertEquals(0, other.run(some), other.err());
        JsonNode told = Json.read(other.out());
        assertEquals(1, told.path("access").size(), other.out());
        assertEquals("ams", told.at("/access/0/node").asText());
        assertEquals(7, told.at("/access/0/calls").asInt());
        region.close();
        assertEquals(1, other.run("access"));
        assertTrue(other.err().contains("eu-west-1: nothing answers there"), other.err());
    }

    @Test
    void limitsAreToldWithWhereTheyAreSet() {
        String limits =
                "{\"limits\":[{\"name\":\"slots\",\"value\":8,\"unit\":\"calls\",\"raisedBy\":\"slots"
                    + " in the topology\"}]}";
        pop.on("GET /v1/limits", 200, limits);
        region.close();
        assertEquals(1, shell.run("limits"), shell.err());
        assertEquals(
                """
                node       limit  value                  raised by
                ams        slots  8 calls                slots in the topology
                eu-west-1  -      nothing answers there
                """,
                shell.out());
        assertEquals(1, shell.run("limits", "--json"));
        JsonNode told = Json.read(shell.out().substring(shell.out().indexOf('{')));
        assertEquals(8, told.at("/nodes/0/limits/0/value").asInt(), shell.out());
        assertEquals("nothing answers there", told.at("/nodes/1/silent").asText(), shell.out());
    }

    @Test
    void whatAPopWouldDoIsToldWithItsScores() {
        api.on("GET /v1/tasks/hello", 200, "{\"account\":\"demo\",\"name\":\"hello\"}");
        pop.on(
                "GET /v1/explain/demo/hello",
                200,
                """
                {"task":"demo/hello","version":3,"would":"forward","reason":"uncommon",
                 "regions":["eu-west","us-east"],
                 "scores":[{"name":"limit","value":"calls","unit":""},
                           {"name":"recent-calls","value":"3.500","unit":"calls"}]}\
                """);
        assertEquals(0, shell.run("explain", "hello"), shell.err());
        assertEquals(
                """
                ams: would forward version 3 to eu-west, then us-east (uncommon)
                  limit            calls
                  recent-calls     3.500 calls
                """,
                shell.out());
        assertEquals(0, region.questions().size(), "only POPs are asked");
        assertEquals(0, shell.run("explain", "hello", "--pop", "ams", "--json"), shell.err());
        JsonNode told = Json.read(shell.out().substring(shell.out().indexOf("{\n")));
        assertEquals("forward", told.at("/pops/0/would").asText(), shell.out());
        assertEquals("ams", told.at("/pops/0/pop").asText(), shell.out());
    }

    @Test
    void whatAnAliasLeadsToIsTold() {
        api.on("GET /v1/tasks/pay", 404, "{\"code\":\"task-not-found\"}");
        api.on("GET /v1/aliases/pay", 200, "{\"name\":\"pay\",\"path\":\"/fn/shop/pay\"}");
        pop.on(
                "GET /v1/explain/shop/pay",
                200,
                """
                {"alias":"shop/pay","by":"pay>charge","to":"acme/charge@stable",
                 "task":"acme/charge","version":2,"would":"run-here","reason":"popular",
                 "scores":[]}\
                """);
        assertEquals(0, shell.run("explain", "pay"), shell.err());
        assertEquals(
                """
                ams: would run version 2 here (popular)
                  shop/pay, by pay>charge, is acme/charge@stable
                """,
                shell.out());
    }

    @Test
    void whyAnAliasLeadsNowhereIsTold() {
        api.on("GET /v1/tasks/pay", 404, "{\"code\":\"task-not-found\"}");
        api.on("GET /v1/aliases/pay", 200, "{\"name\":\"pay\",\"path\":\"/fn/shop/pay\"}");
        pop.on(
                "GET /v1/explain/shop/pay",
                200,
                "{\"alias\":\"shop/pay\",\"lost\":\"there is no acme/charge@stable\"}");
        assertEquals(0, shell.run("explain", "pay"), shell.err());
        assertEquals(
                "ams: shop/pay leads to no task: there is no acme/charge@stable\n", shell.out());
    }

    @Test
    void whatIsNeitherATaskNorAnAliasIsSaidSo() {
        api.on(
                "GET /v1/tasks/pay",
                404,
                "{\"code\":\"task-not-found\",\"title\":\"There is no such task\"}");
        api.on("GET /v1/aliases/pay", 404, "{\"code\":\"alias-not-found\",\"title\":\"None\"}");
        assertEquals(1, shell.run("explain", "pay"));
        assertTrue(shell.err().contains("There is no such task"), shell.err());
        api.on("GET /v1/tasks/pay", 403, "{\"code\":\"access-denied\",\"title\":\"No\"}");
        assertEquals(1, shell.run("explain", "pay"));
        assertTrue(shell.err().contains("No"), shell.err());
        assertEquals(0, pop.questions().size(), "no POP is asked");
    }

    @Test
    void aPopThatDoesNotKnowTheTaskIsNamed() {
        api.on("GET /v1/tasks/hello", 200, "{\"account\":\"demo\",\"name\":\"hello\"}");
        pop.on("GET /v1/explain/demo/hello", 404, UNKNOWN);
        assertEquals(1, shell.run("explain", "hello"), shell.err());
        assertTrue(shell.out().contains("ams: it does not know the task (yet)"), shell.out());
        assertEquals(2, shell.run("explain", "hello", "--pop", "none"));
        assertTrue(shell.err().contains("there is no POP none"), shell.err());
    }
}
