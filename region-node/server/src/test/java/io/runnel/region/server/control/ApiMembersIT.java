package io.runnel.region.server.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.cluster.store.Draft;
import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.TaskRef;
import io.runnel.region.server.control.TestClient.Answer;
import io.runnel.routing.catalog.Catalog;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** What an API's routes lead to, and what else has its name. */
final class ApiMembersIT {
    private static final String SHOP = "/v1/apis/shop";
    private static final TaskRef HELLO = TaskRef.of("demo", "hello");

    @TempDir Path folder;
    private TestRegion region;
    private TestClient admin;
    private TestClient demo;
    private TestClient acme;

    @BeforeEach
    void start() throws IOException {
        region = new TestRegion(folder, TestRegion.WEST);
        admin = region.client(region.admin);
        demo = region.client(region.demo);
        assertEquals(201, admin.post("/v1/accounts", "{\"name\":\"acme\"}").status());
        Answer key = admin.post("/v1/accounts/acme/keys", "{}");
        acme = new TestClient(region.port, key.json().path("token").asText());
        assertEquals(201, demo.deploy("hello", "good one", "").status());
        assertEquals(201, acme.deploy("charge", "good two", "").status());
    }

    @AfterEach
    void stop() {
        region.runtime.release.countDown();
        region.close();
    }

    private Answer put(String task) {
        return demo.put(SHOP, TestDocument.of("GET /x", task).body());
    }

    private void refused(String task, String code, String words) {
        Answer answer = put(task);
        assertEquals(code, answer.code(), answer::toString);
        String detail = answer.json().path("detail").asText();
        assertTrue(detail.startsWith("GET /x: ") && detail.contains(words), detail);
    }

    @Test
    void everyRouteLeadsToWhatTheAccountMayCall() {
        refused("none", "task-not-found", "may call no task demo/none");
        refused("hello@2", "version-not-found", "demo/hello has no @2");
        refused("hello@stable", "alias-not-found", "demo/hello has no @stable");
        refused("acme/charge", "task-not-found", "may call no task acme/charge");
        refused("acme/none", "task-not-found", "may call no task acme/none");
        assertEquals(201, put("hello@live").status());
        assertEquals(200, put("hello@1").status());
        assertEquals(201, demo.put("/v1/tasks/hello/aliases/stable", "{\"version\":1}").status());
        assertEquals(200, put("hello@stable").status());
        assertEquals(201, acme.put("/v1/tasks/charge/grants/demo/default", "{}").status());
        assertEquals(200, put("acme/charge").status());
        assertEquals(201, acme.put("/v1/aliases/till", "{\"of\":\"charge\"}").status());
        refused("acme/till", "task-not-found", "may call no task acme/till");
        refused("acme/charge@9", "version-not-found", "acme/charge has no @9");
        assertEquals(201, demo.put("/v1/aliases/pay", "{\"of\":\"acme/charge\"}").status());
        assertEquals(200, put("pay").status());
        refused("pay@1", "task-not-found", "demo/pay");
        refused("shop", "task-not-found", "demo/shop");
        assertEquals(204, acme.delete("/v1/tasks/charge/grants/demo/default").status());
        refused("pay", "task-not-found", "may call no task acme/charge");
        TestDocument two = TestDocument.of("GET /a", "hello").and("GET /b", "none");
        assertTrue(demo.put(SHOP, two.body()).toString().contains("GET /b: "));
    }

    @Test
    void whatAStageGetsLeadsSomewhereThen() {
        assertEquals(201, acme.put("/v1/tasks/charge/grants/demo/default", "{}").status());
        assertEquals(201, put("acme/charge").status());
        assertEquals(200, put("hello").status());
        assertEquals(204, acme.delete("/v1/tasks/charge/grants/demo/default").status());
        Answer back = demo.post(SHOP + "/rollback", "{\"stage\":\"dev\"}");
        assertEquals("task-not-found", back.code(), back::toString);
        Answer live = demo.post(SHOP + "/deploy", "{\"stage\":\"live\",\"revision\":1}");
        assertEquals("task-not-found", live.code(), live::toString);
        Answer good = demo.post(SHOP + "/deploy", "{\"stage\":\"live\",\"revision\":2}");
        assertEquals(200, good.status(), good::toString);
    }

    @Test
    void aWebhooksSecretIsOneOfItsTask() {
        TestDocument hook = TestDocument.of("POST /hook", "hello").signedBy("HOOK");
        Answer none = demo.put(SHOP, hook.body());
        assertEquals("invalid-request", none.code(), none::toString);
        assertTrue(none.toString().contains("HOOK is no secret variable of demo/hello"));
        String env = ",\"env\":{\"HOOK\":\"x\"}";
        assertEquals(201, demo.deploy("hello", "good one", env).status());
        assertEquals("invalid-request", demo.put(SHOP, hook.body()).code(), "it is not secret");
        String secret = ",\"secrets\":{\"HOOK\":\"x\"}";
        assertEquals(201, demo.deploy("hello", "good one", secret).status());
        assertEquals(201, demo.put(SHOP, hook.body()).status());
        TestDocument first = TestDocument.of("POST /hook", "hello@1").signedBy("HOOK");
        assertEquals("invalid-request", demo.put(SHOP, first.body()).code());
        String canary = "{\"version\":3,\"canary\":{\"version\":1,\"permille\":1}}";
        assertEquals(201, demo.put("/v1/tasks/hello/aliases/both", canary).status());
        TestDocument both = TestDocument.of("POST /hook", "hello@both").signedBy("HOOK");
        assertEquals("invalid-request", demo.put(SHOP, both.body()).code(), "one of the two");
    }

    @Test
    void whatAStageLeadsToIsNotDeleted() {
        String stable = "/v1/tasks/hello/aliases/stable";
        assertEquals(201, demo.put(stable, "{\"version\":1}").status());
        assertEquals(201, acme.put("/v1/tasks/charge/grants/demo/default", "{}").status());
        assertEquals(201, demo.put("/v1/aliases/pay", "{\"of\":\"acme/charge\"}").status());
        TestDocument document = TestDocument.of("GET /a", "hello@stable").and("GET /b", "pay");
        assertEquals(201, demo.put(SHOP, document.body()).status());
        for (String path : List.of("/v1/tasks/hello", stable, "/v1/aliases/pay")) {
            Answer refused = demo.delete(path);
            assertEquals(409, refused.status(), refused::toString);
            assertEquals("used-by-api", refused.code());
            assertTrue(refused.toString().contains("shop@dev leads to it: GET /"), path);
        }
        Answer lambda = demo.delete("/2015-03-31/functions/hello");
        assertEquals(409, lambda.status(), lambda::toString);
        String other = "/v1/tasks/hello/aliases/other";
        assertEquals(201, demo.put(other, "{\"version\":1}").status());
        assertEquals(204, demo.delete(other).status(), "of which no route says anything");
        assertEquals(201, demo.deploy("a", "good one", "").status());
        assertEquals(204, demo.delete("/v1/tasks/a").status(), "a route is called so");
        assertEquals(204, acme.delete("/v1/tasks/charge").status(), "another account's");
        assertEquals(200, demo.delete(SHOP + "/stages/dev").status());
        for (String path : List.of(stable, "/v1/tasks/hello", "/v1/aliases/pay")) {
            assertEquals(204, demo.delete(path).status(), path);
        }
    }

    @Test
    void aVersionThatARouteNamesIsNotRetired() {
        for (String code : List.of("good three", "good four", "good five")) {
            assertEquals(201, demo.deploy("hello", code, "").status());
        }
        Catalog before = region.catalog.current();
        assertEquals(
                Optional.of("demo/hello@1"),
                Publishing.retired(before, before.task(HELLO), 4).map(Draft::key));
        assertEquals(201, put("hello@1").status());
        Catalog now = region.catalog.current();
        assertEquals(
                Optional.of("demo/hello@2"),
                Publishing.retired(now, now.task(HELLO), 4).map(Draft::key));
    }

    @Test
    void aNameIsATasksAnAliassOrAnApis() {
        Answer task = demo.put("/v1/apis/hello", TestDocument.of("GET /x", "hello").body());
        assertEquals("name-taken", task.code(), task::toString);
        assertTrue(task.toString().contains("the account has a task hello"), task::toString);
        assertEquals(201, demo.put("/v1/aliases/pay", "{\"of\":\"hello\"}").status());
        Answer alias = demo.put("/v1/apis/pay", TestDocument.of("GET /x", "hello").body());
        assertEquals("name-taken", alias.code(), alias::toString);
        assertEquals(201, put("hello").status());
        Answer published = demo.deploy("shop", "good one", "");
        assertEquals("name-taken", published.code(), published::toString);
        assertTrue(published.toString().contains("the account has an API shop"));
        assertEquals("name-taken", demo.put("/v1/aliases/shop", "{\"of\":\"hello\"}").code());
        assertEquals(201, acme.deploy("shop", "good one", "").status(), "another account's name");
        assertEquals(204, demo.delete(SHOP, "If-Match", "*").status());
        assertEquals(201, demo.deploy("shop", "good one", "").status());
    }

    @Test
    void ofThoseWhoTakeANameAtOnceOneDoes() {
        for (int i = 0; i < 12; i++) {
            String name = "n" + i;
            String api = TestDocument.of("GET /x", "hello").body();
            Stream.of(
                            CompletableFuture.runAsync(() -> demo.put("/v1/apis/" + name, api)),
                            CompletableFuture.runAsync(() -> demo.deploy(name, "good one", "")),
                            CompletableFuture.runAsync(
                                    () -> demo.put("/v1/aliases/" + name, "{\"of\":\"hello\"}")))
                    .toList()
                    .forEach(one -> one.orTimeout(30, TimeUnit.SECONDS).join());
            Catalog now = region.catalog.current();
            TaskRef ref = TaskRef.of("demo", name);
            long there =
                    Stream.of(
                                    now.task(ref).isPresent(),
                                    now.callerAlias(ref).isPresent(),
                                    now.apis(new AccountId("demo")).api(ref.name()).isPresent())
                            .filter(is -> is)
                            .count();
            assertEquals(1, there, name);
        }
    }

    @Test
    void othersAreLetCallAnApiByGrants() {
        TestDocument document =
                TestDocument.of("GET /orders/{id}", "hello").and("POST /orders", "hello");
        assertEquals(201, demo.put(SHOP, document.body()).status());
        String grant = "/v1/tasks/shop/grants/acme/default";
        Answer made = demo.put(grant, "{\"routes\":[\"GET /orders/{id}\"]}");
        assertEquals(201, made.status(), made::toString);
        assertEquals("/api/demo/shop", made.json().path("path").asText());
        assertEquals("GET /orders/{id}", made.json().at("/routes/0").asText());
        Answer received = acme.get("/v1/grants");
        assertEquals("/api/demo/shop", received.json().at("/grants/0/path").asText());
        assertEquals(made.json(), demo.get(grant).json());
        assertEquals(1, demo.get("/v1/tasks/shop/grants").json().path("grants").size());
        String[][] wrong = {
            {"{\"routes\":[\"GET /orders/{no}\"]}", "invalid-request"},
            {"{\"routes\":[\"GET\"]}", "invalid-request"},
            {"{\"alias\":\"test\"}", "stage-not-found"},
            {"{\"version\":1}", "invalid-request"},
            {"{\"alias\":\"live\",\"routes\":[\"POST /orders\"]}", "invalid-request"},
        };
        for (String[] one : wrong) {
            Answer answer = demo.put(grant, one[0]);
            assertEquals(one[1], answer.code(), () -> one[0] + answer);
        }
        Answer dev = demo.put(grant, "{\"alias\":\"dev\",\"routes\":[\"POST /orders\"]}");
        assertEquals("/api/demo/shop@dev", dev.json().path("path").asText(), dev::toString);
        assertEquals(200, demo.put(grant, "{\"alias\":\"live\"}").status());
        String task = "/v1/tasks/hello/grants/acme/default";
        Answer ofTask = demo.put(task, "{\"routes\":[\"GET /orders/{id}\"]}");
        assertEquals("invalid-request", ofTask.code(), ofTask::toString);
        assertTrue(ofTask.toString().contains("routes: are of APIs"), ofTask::toString);
        assertEquals(204, demo.delete(grant).status());
    }

    @Test
    void othersAgreeToWhatAnApisOwnerAsksFor() {
        assertEquals(201, put("hello").status());
        String grant = "/v1/tasks/shop/grants/acme/default";
        assertEquals(201, demo.put(grant, "{\"agreement\":\"https://x/terms\"}").status());
        Answer agreed = acme.put("/v1/agreements/demo/shop", "{\"agreement\":\"https://x/terms\"}");
        assertEquals(201, agreed.status(), agreed::toString);
        Answer held = demo.get("/v1/tasks/shop/agreements");
        assertEquals("acme", held.json().at("/agreements/0/account").asText(), held::toString);
        assertTrue(acme.get("/v1/grants").json().at("/grants/0/agreed").asBoolean());
    }
}
