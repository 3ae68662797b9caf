package io.runnel.region.server.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;

import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.TaskRef;
import io.runnel.region.server.control.TestClient.Answer;
import io.runnel.routing.catalog.GrantRecord;
import io.runnel.routing.catalog.Grantee;
import io.runnel.routing.catalog.Stamped;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.stream.StreamSupport;

/** Grants, what keys may be used for, and accounts that are suspended, by the control API. */
final class GrantsIT {
    private static final String PATH = "/v1/tasks/hello/grants/beta/default";
    private static final TaskRef HELLO = TaskRef.of("demo", "hello");

    @TempDir Path folder;
    private TestRegion region;
    private TestClient admin;
    private TestClient demo;
    private TestClient beta;

    @BeforeEach
    void start() throws IOException {
        region = new TestRegion(folder, TestRegion.WEST);
        admin = region.client(region.admin);
        demo = region.client(region.demo);
        assertEquals(201, admin.post("/v1/accounts", "{\"name\":\"beta\"}").status());
        beta = keyOf(admin, "beta", "{}");
        assertEquals(201, demo.deploy("hello", "good one", "").status());
    }

    @AfterEach
    void stop() {
        region.runtime.release.countDown();
        region.close();
    }

    private TestClient keyOf(TestClient who, String account, String body) {
        Answer key = who.post("/v1/accounts/%s/keys".formatted(account), body);
        assertEquals(201, key.status(), key::toString);
        return new TestClient(region.port, key.json().path("token").asText());
    }

    private static List<String> texts(JsonNode list, String field) {
        return StreamSupport.stream(list.spliterator(), false)
                .map(one -> one.path(field).asText())
                .toList();
    }

    @Test
    void anOwnerGrantsChangesAndTakesBack() {
        Answer made = demo.put(PATH, "{\"methods\":[\"GET\"],\"maxStale\":\"30s\"}");
        assertEquals(201, made.status(), made::toString);
        assertEquals("/fn/demo/hello", made.json().path("path").asText());
        assertEquals("allow", made.json().path("effect").asText());
        Answer shown = demo.get(PATH);
        assertEquals(made.header("ETag"), shown.header("ETag"));
        assertEquals("30s", shown.json().path("maxStale").asText());
        assertEquals(304, demo.get(PATH, "If-None-Match", made.header("ETag")).status());

        Answer changed =
                demo.put(PATH, "{\"placement\":\"owner\"}", "If-Match", made.header("ETag"));
        assertEquals(200, changed.status(), changed::toString);
        assertFalse(changed.json().has("methods"), "it says what is asked for now");
        assertEquals(
                "precondition-failed",
                demo.put(PATH, "{}", "If-Match", made.header("ETag")).code());
        assertEquals("precondition-failed", demo.put(PATH, "{}", "If-None-Match", "*").code());

        assertEquals(204, demo.delete(PATH).status());
        assertTrue(demo.get(PATH).json().path("revoked").asBoolean());
        Stamped<GrantRecord> kept =
                region.catalog
                        .current()
                        .grants(HELLO, Grantee.of(new AccountId("beta")))
                        .getFirst();
        assertTrue(kept.value().revoked());
        assertEquals(204, demo.delete(PATH).status());
        assertEquals("grant-not-found", demo.get(PATH).code());
        assertEquals("grant-not-found", demo.delete(PATH).code());
    }

    @Test
    void grantsAreListedByOwnerAndByHolder() {
        assertEquals(201, demo.put(PATH, "").status());
        assertEquals(
                201, demo.put("/v1/tasks/hello/grants/*/all", "{\"effect\":\"deny\"}").status());
        assertEquals(201, demo.put("/v1/tasks/hello/grants/beta/other", "").status());
        JsonNode page = demo.get("/v1/tasks/hello/grants?limit=2").json();
        assertEquals(List.of("all", "default"), texts(page.path("grants"), "id"));
        JsonNode rest =
                demo.get("/v1/tasks/hello/grants?limit=2&after=" + page.path("next").asText())
                        .json();
        assertEquals(List.of("other"), texts(rest.path("grants"), "id"));
        assertFalse(rest.has("next"));
        assertEquals(
                List.of("default", "other", "all"),
                texts(beta.get("/v1/grants").json().path("grants"), "id"));
        assertEquals(0, demo.get("/v1/grants").json().path("grants").size());
    }

    @Test
    void badGrantsAreRefusedByTheirFields() {
        for (String[] bad :
                new String[][] {
                    {"hello/grants/nobody/default", "{}", "account-not-found"},
                    {"hello/grants/demo/default", "{}", "invalid-request"},
                    {"hello/grants/Be ta/default", "{}", "invalid-request"},
                    {"hello/grants/beta/de fault", "{}", "invalid-request"},
                    {"hello/grants/beta/" + "a".repeat(65), "{}", "invalid-request"},
                    {"absent/grants/beta/default", "{}", "task-not-found"},
                    {"hello/grants/beta/default", "{\"version\":2}", "version-not-found"},
                    {"hello/grants/beta/default", "{\"version\":0}", "invalid-request"},
                    {"hello/grants/beta/default", "{\"effect\":\"read\"}", "invalid-request"},
                    {"hello/grants/beta/default", "{\"methods\":[\"get\"]}", "invalid-request"},
                    {"hello/grants/beta/default", "{\"networks\":[\"10.1/8\"]}", "invalid-request"},
                    {"hello/grants/beta/default", "{\"until\":\"soon\"}", "invalid-request"},
                    {"hello/grants/beta/default", "{\"maxStale\":\"-1s\"}", "invalid-request"},
                    {"hello/grants/beta/default", "{\"action\":\"read\"}", "invalid-request"},
                    {"hello/grants/beta/default", "{\"regions\":[\"moon\"]}", "invalid-request"},
                    {"hello/grants/beta/default", "{\"perSecond\":0}", "invalid-request"},
                    {"hello/grants/beta/default", "{\"perSecond\":1000001}", "invalid-request"},
                    {"hello/grants/beta/default", "{\"burst\":2}", "invalid-request"},
                    {"hello/grants/beta/default", "{\"agreement\":\"\"}", "invalid-request"},
                    {
                        "hello/grants/beta/default",
                        "{\"effect\":\"deny\",\"perSecond\":2}",
                        "invalid-request"
                    }
                }) {
            String path = "/v1/tasks/" + bad[0].replace(" ", "%20");
            assertEquals(bad[2], demo.put(path, bad[1]).code(), path + " " + bad[1]);
        }
        assertEquals(0, region.catalog.current().grantCount(HELLO));
    }

    /** Who may call a task may know nothing of it but what its answers tell. */
    @Test
    void whoHoldsAGrantReadsNothingOfTheTask() {
        demo.deploy("hello", "good two", ",\"env\":{\"PASSWORD\":\"open sesame\"}");
        assertEquals(201, demo.put(PATH, "").status());
        String digest = demo.get("/v1/tasks/hello").json().path("digest").asText();
        for (String path :
                List.of(
                        "/v1/tasks/hello",
                        "/v1/tasks/hello?account=demo",
                        "/v1/tasks?account=demo",
                        "/v1/tasks/hello/versions?account=demo",
                        "/v1/tasks/hello/versions/1?account=demo",
                        "/v1/tasks/hello/versions/2/rollout?account=demo",
                        "/v1/tasks/hello/logs?account=demo",
                        "/v1/tasks/hello/grants?account=demo",
                        "/v1/tasks/hello/grants/beta/default?account=demo",
                        "/v1/accounts/demo",
                        "/v1/accounts/demo/keys")) {
            Answer answer = beta.get(path);
            assertEquals(404, answer.status(), path);
            assertFalse(answer.whole().body().contains("sesame"), path);
            assertFalse(answer.whole().body().contains(digest), path);
        }
        assertEquals(404, beta.ask("HEAD", "/v1/blobs/" + digest, "").status());
        assertEquals(405, beta.get("/v1/blobs/" + digest).status());
        assertFalse(beta.get("/v1/grants").whole().body().contains(digest));
        // Nor can it make the code its own by naming it.
        Answer stolen =
                beta.post(
                        "/v1/tasks/mine/versions",
                        "{\"runtime\":\"wasm\",\"handler\":\"http\",\"digest\":\"%s\"}"
                                .formatted(digest));
        assertTrue(stolen.status() >= 400, stolen::toString);
    }

    @Test
    void anAccountIsToldWhenItsKeysWereUsedLast() {
        TestClient second = keyOf(demo, "demo", "{\"scopes\":[\"deploy\"]}");
        JsonNode before = demo.get("/v1/accounts/demo/keys").json().path("keys");
        assertEquals(2, before.size());
        assertEquals(1, texts(before, "lastUsed").stream().filter(at -> !at.isEmpty()).count());
        assertEquals(200, second.get("/v1/tasks").status());
        JsonNode after = demo.get("/v1/accounts/demo/keys").json().path("keys");
        for (String at : texts(after, "lastUsed")) {
            Duration since = Duration.between(Instant.parse(at), Instant.now());
            assertTrue(since.compareTo(Duration.ofMinutes(2)) < 0, at);
        }
    }

    @Test
    void aTaskThatGoesTakesItsGrantsAlong() {
        assertEquals(201, demo.put(PATH, "").status());
        assertEquals(204, demo.delete("/v1/tasks/hello").status());
        assertEquals(201, demo.deploy("hello", "good one", "").status());
        assertEquals(0, region.catalog.current().grantCount(HELLO));
    }

    @Test
    void aKeyDoesOnlyWhatItIsFor() {
        TestClient deploys =
                keyOf(demo, "demo", "{\"scopes\":[\"deploy\"],\"tasks\":[\"demo/he*\"]}");
        assertEquals(200, deploys.get("/v1/tasks/hello").status());
        assertEquals(201, deploys.put(PATH, "").status());
        assertEquals("access-denied", deploys.get("/v1/tasks/other").code());
        assertEquals("access-denied", deploys.deploy("other", "good one", "").code());
        assertEquals("access-denied", deploys.get("/v1/accounts/demo/keys").code());
        assertEquals("access-denied", deploys.post("/v1/accounts/demo/keys", "{}").code());
        TestClient calls = keyOf(demo, "demo", "{\"scopes\":[\"invoke\"]}");
        assertEquals("access-denied", calls.get("/v1/tasks").code());
        assertEquals("access-denied", calls.get("/v1/grants").code());
        assertEquals(200, calls.get("/v1/nodes").status());
        TestClient weak = keyOf(admin, "admin", "{\"scopes\":[\"deploy\",\"invoke\"]}");
        assertEquals("access-denied", weak.post("/v1/accounts", "{\"name\":\"x\"}").code());
        JsonNode keys = demo.get("/v1/accounts/demo/keys").json().path("keys");
        assertEquals(
                List.of("[]", "[]", "[\"demo/he*\"]"),
                StreamSupport.stream(keys.spliterator(), false)
                        .map(key -> key.path("tasks").toString())
                        .sorted(Comparator.comparing(String::length))
                        .toList());
    }

    @Test
    void aKeyEndsWhenItSays() {
        Instant end = Instant.now().plus(Duration.ofHours(1));
        TestClient brief = keyOf(demo, "demo", "{\"expires\":\"%s\"}".formatted(end));
        assertEquals(200, brief.get("/v1/tasks").status());
        region.ahead = Duration.ofHours(2);
        assertEquals(401, brief.get("/v1/tasks").status());
        for (String bad :
                List.of(
                        "{\"expires\":\"%s\"}".formatted(end),
                        "{\"expires\":\"tomorrow\"}",
                        "{\"scopes\":[]}",
                        "{\"scopes\":[\"read\"]}",
                        "{\"tasks\":[\"'; DROP TABLE\"]}",
                        "{\"tasks\":[\"demo/\\u0000\"]}")) {
            assertEquals("invalid-request", demo.post("/v1/accounts/demo/keys", bad).code(), bad);
        }
    }

    @Test
    void howFarWhatWasWrittenHasComeIsToldWhereTheAnswerSays() {
        Answer made = demo.put(PATH, "{}");
        assertEquals(201, made.status());
        String change = made.header("Runnel-Change");
        String before = "/v1/changes/eu-west/%s.".formatted(region.store.log());
        assertTrue(change.startsWith(before), change);
        long seq = Long.parseLong(change.substring(before.length()));
        region.rollout.everywhere = seq - 1;
        Answer told = beta.get(change);
        assertEquals(200, told.status(), told::toString);
        assertEquals("pop/ams", told.json().at("/places/0/place").asText());
        assertEquals("waiting", told.json().at("/places/0/state").asText());
        assertFalse(told.json().path("done").asBoolean(true), told::toString);
        region.rollout.everywhere = seq;
        assertTrue(beta.get(change).json().path("done").asBoolean(), told::toString);
        assertEquals(before + (seq + 1), demo.delete(PATH).header("Runnel-Change"));
        String ofAll = demo.delete("/v1/tasks/hello").header("Runnel-Change");
        long last = Long.parseLong(ofAll.substring(before.length()));
        assertTrue(last > seq + 2, "the last of what is written at once: " + ofAll);
        assertEquals("rollout-not-found", beta.get("/v1/changes/eu-west/OTHER.1").code());
        for (String bad : List.of("7", "LOG.", "LOG.x", "LOG.1234567890123456789", "%2E.1")) {
            assertEquals("invalid-request", beta.get("/v1/changes/eu-west/" + bad).code(), bad);
        }
        assertEquals(400, beta.get("/v1/changes/nowhere/LOG.1").status());
    }

    @Test
    void aSuspendedAccountOpensNothingUntilItIsResumed() {
        String state = "/v1/accounts/beta/state";
        Answer suspended = admin.put(state, "{\"state\":\"suspended\"}");
        assertEquals(200, suspended.status(), suspended::toString);
        assertEquals("access-denied", beta.get("/v1/tasks").code());
        assertEquals("access-denied", beta.deploy("mine", "good one", "").code());
        assertEquals("suspended", admin.get("/v1/accounts/beta").json().path("state").asText());
        assertEquals(200, admin.put(state, "{\"state\":\"active\"}").status());
        assertEquals(200, beta.get("/v1/tasks").status());
        assertEquals("account-not-found", demo.put(state, "{\"state\":\"closed\"}").code());

        assertEquals(200, admin.put(state, "{\"state\":\"closed\"}").status());
        assertEquals("account-closed", admin.put(state, "{\"state\":\"active\"}").code());
        assertEquals("account-exists", admin.post("/v1/accounts", "{\"name\":\"beta\"}").code());
        assertEquals("account-not-found", demo.put(PATH, "{}").code(), "nothing is granted to it");
        assertEquals("invalid-request", admin.put(state, "{\"state\":\"gone\"}").code());
        assertEquals(
                "invalid-request",
                admin.put("/v1/accounts/admin/state", "{\"state\":\"suspended\"}").code());
    }

    @Test
    void aQuotaIsSaidByAdministratorsOnly() {
        String quota = "/v1/accounts/beta/quota";
        assertEquals("{}", beta.get("/v1/accounts/beta").json().path("quota").toString());
        Answer limited = admin.put(quota, "{\"concurrent\":2,\"perSecond\":10,\"burst\":20}");
        assertEquals(200, limited.status(), limited::toString);
        assertEquals(
                "{\"concurrent\":2,\"perSecond\":10,\"burst\":20}",
                beta.get("/v1/accounts/beta").json().path("quota").toString());
        assertEquals("account-not-found", demo.put(quota, "{}").code());
        assertEquals("access-denied", beta.put(quota, "{}").code());
        for (String bad :
                List.of(
                        "{\"concurrent\":0}",
                        "{\"perSecond\":-1}",
                        "{\"perSecond\":1000001}",
                        "{\"perSecond\":1e99}",
                        "{\"perSecond\":1.5}",
                        "{\"perSecond\":\"10\"}",
                        "{\"burst\":5}",
                        "{\"gbSeconds\":0}",
                        "{\"gbSeconds\":1000000001}",
                        "{\"codeMiB\":0}",
                        "{\"codeMiB\":1000001}",
                        "{\"warmPercent\":0}",
                        "{\"warmPercent\":101}",
                        "{\"rate\":5}")) {
            assertEquals("invalid-request", admin.put(quota, bad).code(), bad);
        }
        assertEquals(200, admin.put("/v1/accounts/beta/state", "{\"state\":\"active\"}").status());
        assertEquals(2, admin.get("/v1/accounts/beta").json().at("/quota/concurrent").asInt());
        assertEquals(200, admin.put(quota, "{}").status());
        assertEquals("{}", beta.get("/v1/accounts/beta").json().path("quota").toString());
    }
}
