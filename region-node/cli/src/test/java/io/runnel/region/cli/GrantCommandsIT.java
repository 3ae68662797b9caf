package io.runnel.region.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.attestation.BearerToken;
import io.runnel.attestation.CredentialsFile;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Accounts, keys, grants and the bill, against a server that answers what it is told. */
class GrantCommandsIT {
    private static final String GRANT =
            """
            {"account":"demo","task":"hello","path":"/fn/demo/hello@3","grantee":"%s",
             "id":"default","effect":"%s","revoked":false,"placement":"caller","version":3,
             "methods":["GET","PUT"],"until":"2027-01-31T12:00:00Z"}\
            """;

    @TempDir private Path folder;
    private CannedServer server;
    private TestShell shell;
    private BearerToken key;

    @BeforeEach
    void prepare() throws IOException {
        TestRoot root = TestRoot.in(folder.resolve("root"));
        server = CannedServer.region(root);
        key = BearerToken.generate(new SecureRandom());
        shell =
                new TestShell(folder)
                        .with("RUNNEL_ENDPOINT", server.uri().toString())
                        .with("RUNNEL_CA", root.file().toString())
                        .with("RUNNEL_KEY", key.text());
    }

    @AfterEach
    void end() {
        server.close();
    }

    @Test
    void aGrantIsMadeOnItsTermsAndTakenBack() {
        String path = "/v1/tasks/hello/grants/beta/default";
        server.on("PUT " + path, 201, GRANT.formatted("beta", "allow"));
        String[] words = {
            "grants",
            "create",
            "hello@3",
            "--to",
            "beta",
            "--method",
            "GET,PUT",
            "--network",
            "10.0.0.0/8",
            "--until",
            "2027-01-31T12:00:00Z",
            "--max-stale",
            "30s",
            "--placement",
            "owner",
            "--region",
            "eu-west,us-east",
            "--rate",
            "5",
            "--burst",
            "9",
            "--agreement",
            "https://acme.example/terms"
        };
        assertEquals(0, shell.run(words), shell.err());
        assertEquals("beta may call /fn/demo/hello@3, and pays for its calls\n", shell.out());
        assertEquals(
                "{\"version\":3,\"placement\":\"owner\",\"until\":\"2027-01-31T12:00:00Z\","
                        + "\"methods\":[\"GET\",\"PUT\"],\"networks\":[\"10.0.0.0/8\"],"
                        + "\"maxStale\":\"30s\",\"regions\":[\"eu-west\",\"us-east\"],"
                        + "\"perSecond\":5,\"burst\":9,"
                        + "\"agreement\":\"https://acme.example/terms\"}",
                server.last().body());
        server.on("DELETE " + path, 204, "");
        assertEquals(0, shell.run("grants", "revoke", "hello", "--to", "beta"), shell.err());
        assertEquals(List.of("PUT " + path, "DELETE " + path), server.questions());
    }

    @Test
    void aChangeIsWaitedForUntilEveryNodeGoesByIt() {
        String path = "/v1/tasks/hello/grants/beta/default";
        String change = "/v1/changes/eu-west/LOG.41";
        String place = "{\"places\":[{\"place\":\"pop/ams\",\"state\":\"%s\"}]}";
        server.on("DELETE " + path, 204, Map.of("Runnel-Change", change), "")
                .on("GET " + change, 200, place.formatted("waiting"))
                .then("GET " + change, 200, place.formatted("done"));
        String[] words = {"grants", "revoke", "hello", "--to", "beta"};
        assertEquals(0, shell.run(words), shell.err());
        assertEquals(
                List.of("DELETE " + path, "GET " + change, "GET " + change), server.questions());
        assertEquals("", shell.err());
    }

    @Test
    void everythingThatNodesMustKnowIsWaitedFor() {
        String change = "/v1/changes/eu-west/LOG.41";
        Map<String, String> headers = Map.of("Runnel-Change", change);
        String keys = "/v1/accounts/demo/keys";
        server.on("PUT /v1/tasks/hello/grants/beta/default", 201, headers, "{}")
                .on("POST " + keys, 201, headers, "{\"token\":\"" + key.text() + "\"}")
                .on("DELETE " + keys + "/" + key.id(), 204, headers, "")
                .on("PUT /v1/accounts/beta/state", 200, headers, "{}")
                .on("PUT /v1/accounts/beta/quota", 200, headers, "{}")
                .on("PUT /v1/accounts/beta/requirements", 200, headers, "{}")
                .on("DELETE /v1/tasks/hello", 204, headers, "")
                .on("GET " + change, 200, "{\"places\":[]}");
        for (String words :
                List.of(
                        "grants create hello --to beta",
                        "keys create",
                        "keys delete " + key.id(),
                        "accounts suspend beta",
                        "accounts quota beta --none",
                        "accounts require beta --nothing",
                        "tasks delete hello")) {
            assertEquals(0, shell.run(words.split(" ", -1)), shell.err());
            assertEquals("GET " + change, server.questions().getLast(), words);
            int asked = server.questions().size();
            assertEquals(0, shell.run((words + " --no-wait").split(" ", -1)), shell.err());
            assertEquals(asked + 1, server.questions().size(), words);
        }
    }

    @Test
    void everyAccountCanBeMeantAndDenied() {
        server.on("PUT /v1/tasks/hello/grants/*/no", 201, GRANT.formatted("*", "deny"));
        assertEquals(
                0,
                shell.run("grants", "create", "hello", "--to-all", "--deny", "--id", "no"),
                shell.err());
        assertEquals("every account may not call /fn/demo/hello@3\n", shell.out());
        assertEquals("{\"effect\":\"deny\"}", server.last().body());
        assertEquals(2, shell.run("grants", "create", "hello"));
        assertEquals(2, shell.run("grants", "create", "acme/hello", "--to", "a"));
        assertEquals(2, shell.run("grants", "create", "hello", "--to", "a", "--to-all"));
        assertEquals(2, shell.run("grants", "create", "hello", "--to", "../x"));
        assertEquals(2, shell.run("grants", "create", "hello", "--to", "a", "--id", "a/b"));
    }

    @Test
    void grantsAreListed() {
        String list = "{\"grants\":[%s]}".formatted(GRANT.formatted("beta", "allow"));
        server.on("GET /v1/grants", 200, list).on("GET /v1/tasks/hello/grants", 200, list);
        assertEquals(0, shell.run("grants"), shell.err());
        assertTrue(shell.out().contains("demo/hello@3  beta  default"), shell.out());
        assertEquals(0, shell.run("grants", "list", "hello"), shell.err());
        assertTrue(shell.out().contains("until 2027-01-31T12:00:00Z by GET,PUT"), shell.out());
    }

    @Test
    void whatIsAgreedToIsListedAcceptedAndTakenBack() {
        String grant =
                "{\"path\":\"/fn/acme/charge\",\"grantee\":\"*\",\"id\":\"default\","
                        + "\"agreement\":\"terms 2\",\"agreed\":false,\"perSecond\":5,"
                        + "\"burst\":9,\"regions\":[\"eu-west\"]}";
        String agreed = "{\"account\":\"demo\",\"task\":\"acme/charge\",\"agreement\":\"terms 2\"}";
        String all = "{\"agreements\":[%s]}".formatted(agreed);
        String path = "/v1/agreements/acme/charge";
        server.on("GET /v1/grants", 200, "{\"grants\":[%s]}".formatted(grant))
                .on("PUT " + path, 201, agreed)
                .on("DELETE " + path, 204, "")
                .on("GET /v1/agreements", 200, all)
                .on("GET /v1/tasks/hello/agreements", 200, all);
        assertEquals(0, shell.run("grants"), shell.err());
        assertTrue(
                shell.out().contains("5 a second, 9 at once; in eu-west not agreed to: terms 2"),
                shell.out());
        assertEquals(0, shell.run("agreements", "accept", "acme/charge", "terms 2"), shell.err());
        assertEquals("{\"agreement\":\"terms 2\"}", server.last().body());
        assertTrue(shell.out().endsWith("demo agrees for acme/charge: terms 2\n"), shell.out());
        assertEquals(0, shell.run("agreements"), shell.err());
        assertTrue(shell.out().contains("demo     acme/charge  terms 2"), shell.out());
        assertEquals(0, shell.run("agreements", "of", "hello", "--json"), shell.err());
        assertEquals("GET /v1/tasks/hello/agreements", server.questions().getLast());
        assertEquals(0, shell.run("agreements", "withdraw", "acme/charge"), shell.err());
        assertEquals("DELETE " + path, server.questions().getLast());
        for (String bad : List.of("charge", "acme/charge@3", "../charge", "acme/")) {
            assertEquals(2, shell.run("agreements", "accept", bad, "x"), bad);
        }
    }

    @Test
    void keysAreListedWithTheirLastUse() {
        server.on(
                "GET /v1/accounts/demo/keys",
                200,
                "{\"keys\":[{\"id\":\"RNLA\",\"lastUsed\":\"2027-01-31T12:00:00Z\"},"
                        + "{\"id\":\"RNLB\",\"expires\":\"2027-02-01T00:00:00Z\"}]}");
        assertEquals(0, shell.run("keys"), shell.err());
        List<String> lines = shell.out().lines().map(line -> line.replaceAll(" +", " ")).toList();
        assertEquals("RNLA everything all never 2027-01-31T12:00:00Z", lines.get(1).strip());
        assertEquals("RNLB everything all 2027-02-01T00:00:00Z never", lines.get(2).strip());
    }

    @Test
    void aKeyIsForWhatIsAskedAndPrintedOrKept() {
        BearerToken made = BearerToken.generate(new SecureRandom());
        server.on(
                "POST /v1/accounts/demo/keys",
                201,
                "{\"id\":\"%s\",\"secret\":\"%s\",\"token\":\"%s\"}"
                        .formatted(made.id(), made.secret(), made.text()));
        assertEquals(
                0,
                shell.run("keys", "create", "--scope", "invoke,deploy", "--task", "acme/pay-*"),
                shell.err());
        assertEquals(made.text() + "\n", shell.out());
        assertEquals(
                "{\"scopes\":[\"invoke\",\"deploy\"],\"tasks\":[\"acme/pay-*\"]}",
                server.last().body());
        assertEquals(0, shell.run("keys", "create", "--save-as", "second"), shell.err());
        CredentialsFile kept = new CredentialsFile(folder.resolve(".runnel/credentials"));
        assertEquals(made.text(), kept.profile("second").orElseThrow().token().text());
        assertEquals(2, shell.run("keys", "create", "--expires", "soon"));
        assertEquals(2, shell.run("keys", "delete", "'; DROP"));
        assertEquals(
                Instant.parse("2027-02-02T00:00:00Z"),
                KeysCommand.end("2d", Instant.parse("2027-01-31T00:00:00Z")));
    }

    @Test
    void anAccountAndItsKeyAreWaitedForEachInItsLog() {
        BearerToken made = BearerToken.generate(new SecureRandom());
        String account = "/v1/changes/eu-west/LOG.41";
        String ofKey = "/v1/changes/us-east/GOL.7";
        String key = "{\"id\":\"%s\",\"secret\":\"%s\"}".formatted(made.id(), made.secret());
        server.on("POST /v1/accounts", 201, Map.of("Runnel-Change", account), "{}")
                .on("POST /v1/accounts/beta/keys", 201, Map.of("Runnel-Change", ofKey), key)
                .on("GET " + account, 200, "{\"places\":[]}")
                .on("GET " + ofKey, 200, "{\"places\":[]}");
        assertEquals(0, shell.run("accounts", "create", "beta"), shell.err());
        assertEquals(
                List.of("GET " + account, "GET " + ofKey),
                server.questions().subList(2, server.questions().size()));
    }

    @Test
    void anAccountIsMadeWithItsKeyAndSuspended() {
        BearerToken made = BearerToken.generate(new SecureRandom());
        server.on("POST /v1/accounts", 201, "{\"name\":\"beta\",\"home\":\"us-east\"}")
                .on(
                        "POST /v1/accounts/beta/keys",
                        201,
                        "{\"id\":\"%s\",\"secret\":\"%s\"}".formatted(made.id(), made.secret()))
                .on("PUT /v1/accounts/beta/state", 200, "{}");
        assertEquals(0, shell.run("accounts", "create", "beta", "--home", "us-east"), shell.err());
        CredentialsFile kept = new CredentialsFile(folder.resolve(".runnel/credentials"));
        assertEquals(made.text(), kept.profile("beta").orElseThrow().token().text());
        assertEquals(1, shell.run("accounts", "create", "beta"), "it is there");
        assertEquals(0, shell.run("accounts", "suspend", "beta"), shell.err());
        assertEquals("{\"state\":\"suspended\"}", server.last().body());
        assertEquals(1, shell.run("accounts", "close", "../beta"));
    }

    @Test
    void aQuotaIsSaidAndShown() {
        String given = "{\"quota\":{\"concurrent\":2,\"perSecond\":10}}";
        server.on("GET /v1/accounts/beta", 200, "{\"quota\":{}}")
                .on("PUT /v1/accounts/beta/quota", 200, given);
        assertEquals(0, shell.run("accounts", "quota", "beta"), shell.err());
        assertEquals("beta has no quota\n", shell.out());
        assertEquals(
                0,
                shell.run("accounts", "quota", "beta", "--concurrent", "2", "--rate", "10"),
                shell.err());
        assertEquals("{\"concurrent\":2,\"perSecond\":10}", server.last().body());
        assertEquals(
                "beta may have at each node 2 calls under way at once and 10 calls a second, 10 at"
                        + " once after a pause\n",
                shell.out());
        server.on("PUT /v1/accounts/beta/quota", 200, "{\"quota\":{\"gbSeconds\":5}}")
                .on(
                        "GET /v1/accounts/beta",
                        200,
                        "{\"quota\":{\"gbSeconds\":5},\"usedUp\":\"2027-01\"}");
        assertEquals(0, shell.run("accounts", "quota", "beta", "--gb-seconds", "5"), shell.err());
        assertEquals("{\"gbSeconds\":5}", server.last().body());
        assertEquals(0, shell.run("accounts", "quota", "beta"), shell.err());
        assertEquals(
                "beta may have 5 GB-seconds a month\nthe budget of 2027-01 is used up\n",
                shell.out());
        server.on(
                "PUT /v1/accounts/beta/quota",
                200,
                "{\"quota\":{\"perSecond\":2,\"codeMiB\":7," + "\"warmPercent\":20}}");
        assertEquals(
                0,
                shell.run("accounts", "quota", "beta", "--code", "7", "--warm", "20"),
                shell.err());
        assertEquals("{\"codeMiB\":7,\"warmPercent\":20}", server.last().body());
        assertTrue(
                shell.out().endsWith("at once after a pause; 7 MiB of code; 20 % of warm memory\n"),
                shell.out());
        assertEquals(0, shell.run("accounts", "quota", "beta", "--none"), shell.err());
        assertEquals("{}", server.last().body());
        assertEquals(2, shell.run("accounts", "quota", "beta", "--none", "--rate", "1"));
        assertEquals(2, shell.run("accounts", "quota", "beta", "--rate", "many"));
        assertEquals(1, shell.run("accounts", "quota", "../beta", "--none"));
    }

    @Test
    void theBillIsSummedUp() {
        String row =
                """
                {"day":"2027-01-%s","task":"acme/charge","version":2,"own":%s,"calls":%d,
                 "failed":1,"milliseconds":10,"gbSeconds":0.5,"cpuMilliseconds":3,"bytesIn":7,
                 "bytesOut":8}\
                """;
        server.on(
                "GET /v1/usage",
                200,
                ("{\"usage\":[%s,%s],"
                     + "\"budget\":{\"month\":\"2027-01\",\"gbSeconds\":5,\"used\":4.5}}")
                        .formatted(
                                row.formatted("30", "true", 2), row.formatted("31", "false", 3)));
        assertEquals(0, shell.run("usage"), shell.err());
        assertTrue(
                shell.err().contains("4.500000 of the budget of 5 GB-seconds in 2027-01 (90 %)"));
        assertTrue(shell.out().contains("acme/charge@2  5      2       20  1.000000"), shell.out());
        assertEquals(0, shell.run("usage", "--by", "day", "--csv"), shell.err());
        assertTrue(
                shell.out()
                        .endsWith(
                                """
                                day,calls,failed,ms,gb-s,cpu-ms,in,out
                                2027-01-30,2,1,10,0.500000,3,7,8
                                2027-01-31,3,1,10,0.500000,3,7,8
                                """),
                shell.out());
        String owned = "{\"usage\":[%s]}";
        server.on(
                        "GET /v1/nodes",
                        200,
                        "{\"nodes\":[{\"role\":\"region\",\"region\":\"a\"},{\"role\":\"pop\",\"region\":\"a\"},"
                            + "{\"role\":\"region\",\"region\":\"b\"}]}")
                .on(
                        "GET /v1/regions/a/usage",
                        200,
                        owned.formatted(row.formatted("30", "false", 4)))
                .on(
                        "GET /v1/regions/b/usage",
                        200,
                        owned.formatted(row.formatted("30", "false", 5)));
        assertEquals(0, shell.run("usage", "--owned", "--by", "caller"), shell.err());
        assertTrue(shell.out().contains("others  9 "), shell.out());
        String call = "{\"requestId\":\"01A\",\"task\":\"acme/charge\",\"version\":2%s}";
        server.on(
                "GET /v1/usage/calls",
                200,
                "{\"calls\":[%s,%s]}"
                        .formatted(call.formatted(",\"by\":\"pay\""), call.formatted("")));
        assertEquals(0, shell.run("usage", "--calls"), shell.err());
        String calls = shell.out().replaceAll(" +", " ");
        assertTrue(calls.contains("01A acme/charge@2 pay "), calls);
        assertTrue(calls.contains("01A acme/charge@2 - "), calls);
        assertEquals(2, shell.run("usage", "--owned", "--calls"));
        assertEquals(2, shell.run("usage", "--by", "caller"));
        assertEquals(2, shell.run("usage", "--by", "moon"));
        assertEquals(2, shell.run("usage", "--from", "a b"));
    }

    @Test
    void whatRegionsDidNotBelieveIsListed() {
        String batch =
                "{\"batches\":[{\"at\":\"2027-01-30T10:00:00Z\",\"node\":\"%s\",\"records\":3,"
                        + "\"reason\":\"more than it can, by far\"}]}";
        server.on(
                        "GET /v1/nodes",
                        200,
                        "{\"nodes\":[{\"role\":\"region\",\"region\":\"a\"},"
                                + "{\"role\":\"region\",\"region\":\"b\"}]}")
                .on("GET /v1/regions/a/quarantine", 200, batch.formatted("ams"))
                .on("GET /v1/regions/b/quarantine", 200, "{\"batches\":[]}");
        assertEquals(0, shell.run("usage", "--quarantined", "--csv"), shell.err());
        assertTrue(
                shell.out()
                        .endsWith(
                                """
                                at,region,node,records,reason
                                2027-01-30T10:00:00Z,a,ams,3,more than it can; by far
                                """),
                shell.out());
        assertEquals(0, shell.run("usage", "--quarantined", "--json"), shell.err());
        assertTrue(shell.out().contains("\"region\""), shell.out());
        for (String other : List.of("--owned", "--calls", "--from=2027-01-01")) {
            assertEquals(2, shell.run("usage", "--quarantined", other), other);
        }
    }

    @Test
    void aVersionOfAnothersTaskIsCalled() {
        shell.with("RUNNEL_POP", server.uri().toString());
        server.on("GET /fn/acme/charge@3/x", 200, "done");
        assertEquals(0, shell.run("invoke", "acme/charge@3", "--path", "x"), shell.err());
        for (String bad :
                List.of("acme/charge@", "acme/charge@0", "acme/@1", "@1", "a/b/c", "a@b@1")) {
            assertEquals(2, shell.run("invoke", bad), bad);
        }
    }
}
