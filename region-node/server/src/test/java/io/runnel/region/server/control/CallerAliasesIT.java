package io.runnel.region.server.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.exec.task.SecretBundle;
import io.runnel.exec.task.TaskRef;
import io.runnel.region.server.control.TestClient.Answer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

final class CallerAliasesIT {
    private static final String ALIASES = "/v1/aliases";
    private static final String PAY = ALIASES + "/pay";
    private static final String OPEN = "{\"of\":\"acme/open\"}";

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
        acme = account("acme");
        Answer open = acme.deploy("open", "good one", ",\"public\":true");
        assertEquals(201, open.status(), open::toString);
        assertEquals(201, acme.deploy("charge", "good two", "").status());
    }

    private TestClient account(String name) {
        Answer made = admin.post("/v1/accounts", "{\"name\":\"%s\"}".formatted(name));
        assertEquals(201, made.status(), made::toString);
        return key(admin, name, "{}");
    }

    private TestClient key(TestClient who, String account, String body) {
        Answer key = who.post("/v1/accounts/%s/keys".formatted(account), body);
        assertEquals(201, key.status(), key::toString);
        return new TestClient(region.port, key.json().path("token").asText());
    }

    @AfterEach
    void stop() {
        region.runtime.release.countDown();
        region.close();
    }

    @Test
    void oneIsMadeChangedAndDeleted() {
        Answer made =
                demo.put(PAY, "{\"of\":\"acme/open@1\",\"parameters\":{\"currency\":\"EUR\"}}");
        assertEquals(201, made.status(), made::toString);
        assertEquals("/fn/demo/pay", made.json().path("path").asText());
        Answer shown = demo.get(PAY);
        assertEquals(made.header("ETag"), shown.header("ETag"));
        assertEquals("acme/open@1", shown.json().path("of").asText());
        assertEquals("EUR", shown.json().at("/parameters/currency").asText());
        assertEquals(200, demo.put(PAY, OPEN, "If-Match", made.header("ETag")).status());
        assertEquals(412, demo.put(PAY, OPEN, "If-Match", made.header("ETag")).status());
        assertEquals(1, demo.get(ALIASES).json().path("aliases").size());
        assertEquals(0, acme.get(ALIASES).json().path("aliases").size());
        assertEquals("alias-not-found", acme.get(PAY).code());
        assertEquals(204, demo.delete(PAY).status());
        assertEquals("alias-not-found", demo.delete(PAY).code());
    }

    @Test
    void whatIsSecretOfOneIsKeptAndNotTold() {
        String body = "{\"of\":\"acme/open\",\"secrets\":{\"api.key\":\"sesame\"}}";
        Answer made = demo.put(PAY, body);
        assertEquals(201, made.status(), made::toString);
        assertEquals("api.key", made.json().at("/secrets/0").asText());
        SecretBundle.Key first = key();
        assertEquals(
                Optional.of(Map.of("api.key", "sesame")),
                region.secrets().values(first).toCompletableFuture().join());
        for (Answer told : List.of(made, demo.get(PAY), demo.get(ALIASES))) {
            assertFalse(told.toString().contains("sesame"), told::toString);
        }
        assertEquals(412, demo.put(PAY, body, "If-Match", "\"x-1\"").status());
        region.catalog.onChange(region.secrets()::forget);
        assertEquals(200, demo.put(PAY, body.replace("sesame", "other")).status());
        assertNotEquals(first, key(), "never another value under the same key");
        assertEquals(Optional.empty(), region.store.secret("secrets " + first).join());
        assertTrue(region.store.secret("secrets " + key()).join().isPresent());
        assertEquals(200, demo.put(PAY, OPEN).status());
        assertEquals(0, demo.get(PAY).json().path("secrets").size());
    }

    private SecretBundle.Key key() {
        return region.catalog
                .current()
                .callerAlias(TaskRef.of("demo", "pay"))
                .orElseThrow()
                .value()
                .secretKey()
                .orElseThrow();
    }

    @Test
    void itLeadsOnlyToWhatTheAccountMayCall() {
        String charge = "{\"of\":\"acme/charge\"}";
        Answer hidden = demo.put(PAY, charge);
        Answer none = demo.put(PAY, "{\"of\":\"acme/chargf\"}");
        assertEquals("task-not-found", hidden.code());
        assertEquals(
                hidden.json().path("detail").asText().replace("charge", "chargf"),
                none.json().path("detail").asText(),
                "no word of what there is");
        String grant = "/v1/tasks/charge/grants/demo/default";
        assertEquals(201, acme.put(grant, "{\"effect\":\"deny\"}").status());
        assertEquals("task-not-found", demo.put(PAY, charge).code());
        assertEquals(200, acme.put(grant, "{}").status());
        assertEquals(201, demo.put(PAY, charge).status());
        assertEquals("version-not-found", demo.put(PAY, "{\"of\":\"acme/charge@7\"}").code());
        assertEquals(204, acme.delete(grant).status());
        assertEquals("task-not-found", demo.put(PAY, charge).code(), "it was taken back");
    }

    @Test
    void aNameIsATasksOrAnAliass() {
        assertEquals(201, demo.deploy("hello", "good one", "").status());
        assertEquals("name-taken", demo.put(ALIASES + "/hello", OPEN).code());
        assertEquals(201, demo.put(PAY, OPEN).status());
        assertEquals("name-taken", demo.deploy("pay", "good one", "").code());
        assertEquals(204, demo.delete(PAY).status());
        assertEquals(201, demo.deploy("pay", "good one", "").status());
    }

    @Test
    void oneLeadsToAnotherAndNotInACircle() {
        String[] names = {"a", "b", "c", "d", "e"};
        String of = "acme/open";
        for (String name : names) {
            Answer made = demo.put(ALIASES + "/" + name, "{\"of\":\"%s\"}".formatted(of));
            assertEquals(name.equals("e") ? 400 : 201, made.status(), made::toString);
            of = name;
        }
        Answer circle = demo.put(ALIASES + "/a", "{\"of\":\"c\"}");
        assertEquals("invalid-request", circle.code());
        assertTrue(circle.toString().contains("leads back to itself"), circle::toString);
        assertEquals("invalid-request", demo.put(ALIASES + "/a", "{\"of\":\"a\"}").code());
        assertEquals("task-not-found", acme.put(PAY, "{\"of\":\"demo/a\"}").code(), "its own");
    }

    @Test
    void badOnesAreRefusedByName() {
        String[] wrong = {
            "{}",
            "{\"of\":7}",
            "{\"of\":\"ACME/open\"}",
            "{\"of\":\"acme/open@\"}",
            "{\"of\":\"acme/open@0\"}",
            "{\"of\":\"acme/open/x\"}",
            "{\"of\":\"acme/open\",\"parameters\":[]}",
            "{\"of\":\"acme/open\",\"parameters\":{\"a\":1}}",
            "{\"of\":\"acme/open\",\"parameters\":{\"a b\":\"\"}}",
            "{\"of\":\"acme/open\",\"parameters\":{\"a\":\"\\n\"}}",
            "{\"of\":\"acme/open\",\"other\":1}",
            "{\"of\":\"acme/open\",\"secrets\":{\"a b\":\"x\"}}",
            "{\"of\":\"acme/open\",\"secrets\":{\"a\":\"\\u0000\"}}",
            "{\"of\":\"acme/open\",\"secrets\":{\"a\":7}}",
            "{\"of\":\"acme/open\",\"parameters\":{\"a\":\"\"},\"secrets\":{\"a\":\"\"}}",
        };
        for (String body : wrong) {
            Answer answer = demo.put(PAY, body);
            assertEquals("invalid-request", answer.code(), () -> body + " " + answer);
        }
        assertEquals(0, demo.get(ALIASES).json().path("aliases").size());
        assertEquals(404, demo.put(ALIASES + "/A", OPEN).status());
    }

    @Test
    void aKeyForSomeNamesIsForThese() {
        TestClient some = key(demo, "demo", "{\"scopes\":[\"deploy\"],\"tasks\":[\"demo/p*\"]}");
        assertEquals(201, some.put(PAY, OPEN).status());
        assertEquals("access-denied", some.put(ALIASES + "/other", OPEN).code());
        TestClient calls = key(demo, "demo", "{\"scopes\":[\"invoke\"]}");
        assertEquals("access-denied", calls.put(PAY, OPEN).code());
        assertEquals("access-denied", calls.get(ALIASES).code());
        assertEquals("access-denied", calls.get("/v1/accounts/demo/keys").code());
    }
}
