package io.runnel.region.server.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.region.server.control.TestClient.Answer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

final class AccountsIT {
    @TempDir Path folder;
    private TestRegion region;
    private TestClient admin;
    private TestClient demo;

    @BeforeEach
    void start() throws IOException {
        region = new TestRegion(folder, TestRegion.WEST);
        admin = region.client(region.admin);
        demo = region.client(region.demo);
    }

    @AfterEach
    void stop() {
        region.close();
    }

    @Test
    void anAdministratorMakesAccountsAndTheirKeys() {
        Answer made = admin.post("/v1/accounts", "{\"name\":\"shop\",\"home\":\"us-east\"}");
        assertEquals(201, made.status(), made::toString);
        assertEquals("/v1/accounts/shop", made.header("Location"));
        assertEquals("us-east", made.json().path("home").asText());
        assertEquals(26, made.header("Runnel-Request-Id").length());

        Answer shown = admin.get("/v1/accounts/shop");
        assertEquals(made.header("ETag"), shown.header("ETag"));
        assertEquals(
                304,
                admin.get("/v1/accounts/shop", "If-None-Match", shown.header("ETag")).status());
        assertEquals(3, admin.get("/v1/accounts").json().path("accounts").size());
        Answer page = admin.get("/v1/accounts?limit=1&after=admin");
        assertEquals("demo", page.json().at("/accounts/0/name").asText());
        assertEquals("demo", page.json().path("next").asText());

        Answer again = admin.post("/v1/accounts", "{\"name\":\"shop\"}");
        assertEquals("account-exists", again.code(), again::toString);
    }

    @Test
    void anOwnerSaysWhatNodesMustBe() {
        String path = "/v1/accounts/demo/requirements";
        String asked = "{\"facts\":{\"zone\":[\"b\",\"a\"],\"role\":[\"region\"]}}";
        String before = demo.get("/v1/accounts/demo").header("ETag");
        Answer said = demo.put(path, asked, "If-Match", before);
        assertEquals(200, said.status(), said::toString);
        Answer shown = demo.get("/v1/accounts/demo");
        assertEquals(
                "{\"role\":[\"region\"],\"zone\":[\"b\",\"a\"]}",
                shown.json().path("requires").toString());
        assertEquals(said.header("ETag"), shown.header("ETag"));
        assertEquals(1, shown.json().path("epoch").asInt());
        assertEquals("precondition-failed", demo.put(path, asked, "If-Match", before).code());
        assertEquals(200, demo.put(path, "{\"facts\":{}}").status());
        assertEquals("{}", demo.get("/v1/accounts/demo").json().path("requires").toString());
        for (String wrong :
                new String[] {
                    "{}",
                    "{\"facts\":[]}",
                    "{\"facts\":{\"zone\":\"a\"}}",
                    "{\"facts\":{\"zone\":[]}}",
                    "{\"facts\":{\"zo ne\":[\"a\"]}}",
                    "{\"facts\":{\"zone\":[1]}}",
                    "{\"facts\":{},\"more\":1}"
                }) {
            assertEquals("invalid-request", demo.put(path, wrong).code(), wrong);
        }
        assertEquals(
                "account-not-found", demo.put("/v1/accounts/admin/requirements", asked).code());
        assertEquals(200, admin.put(path, asked).status());
    }

    @Test
    void aKeyOpensItsAccountUntilItIsDeleted() {
        Answer key = demo.post("/v1/accounts/demo/keys", "");
        assertEquals(201, key.status(), key::toString);
        String id = key.json().path("id").asText();
        TestClient second = new TestClient(region.port, key.json().path("token").asText());

        assertEquals(200, second.get("/v1/accounts/demo").status());
        assertEquals(2, second.get("/v1/accounts/demo/keys").json().path("keys").size());
        assertFalse(
                second.get("/v1/accounts/demo/keys")
                        .whole()
                        .body()
                        .contains(key.json().path("secret").asText()));
        assertEquals("key-in-use", second.delete("/v1/accounts/demo/keys/" + id).code());
        assertTrue(region.store.secret(id).orTimeout(30, TimeUnit.SECONDS).join().isPresent());

        assertEquals(204, demo.delete("/v1/accounts/demo/keys/" + id).status());
        assertEquals(401, second.get("/v1/accounts/demo").status());
        assertEquals("key-not-found", demo.delete("/v1/accounts/demo/keys/" + id).code());
        assertTrue(region.store.secret(id).orTimeout(30, TimeUnit.SECONDS).join().isEmpty());
    }

    @Test
    void keysAreLimited() {
        for (int i = 1; i < AccountOperations.MOST_KEYS; i++) {
            assertEquals(201, demo.post("/v1/accounts/demo/keys", "{}").status());
        }
        assertEquals("limit-reached", demo.post("/v1/accounts/demo/keys", "{}").code());
    }

    @Test
    void othersAccountsAreNotThere() {
        admin.post("/v1/accounts", "{\"name\":\"shop\"}");
        Answer there = demo.get("/v1/accounts/shop");
        Answer notThere = demo.get("/v1/accounts/nobody");
        assertEquals(404, there.status());
        assertEquals(there.code(), notThere.code());
        assertEquals(404, demo.post("/v1/accounts/shop/keys", "{}").status());
        assertEquals(404, demo.delete("/v1/accounts/admin/keys/" + region.admin.id()).status());
        assertEquals(404, demo.get("/v1/tasks?account=shop").status());
        assertEquals(404, demo.get("/v1/tasks?account=nobody").status());
        assertEquals(1, demo.get("/v1/accounts").json().path("accounts").size());
        assertEquals(200, admin.get("/v1/tasks?account=shop").status());
    }

    @Test
    void onlyAdministratorsMakeAccountsAndSeeTheTopology() {
        assertEquals("access-denied", demo.post("/v1/accounts", "{\"name\":\"x\"}").code());
        assertEquals(403, demo.get("/v1/topology").status());
        Answer topology = admin.get("/v1/topology");
        assertEquals("ams", topology.json().at("/pops/0/name").asText(), topology::toString);
        assertEquals("/dev/ttyS0", topology.json().at("/regions/1/devices/sensor").asText());
        assertEquals(3, demo.get("/v1/nodes").json().path("nodes").size());
    }

    @Test
    void badCredentialsAre401WhateverThePath() {
        TestClient forged = new TestClient(region.port, region.demo.id() + "." + "A".repeat(43));
        for (TestClient client : new TestClient[] {region.anonymous(), forged}) {
            for (String path : new String[] {"/v1/tasks", "/v1/accounts/nobody", "/v1/topology"}) {
                Answer answer = client.get(path);
                assertEquals(401, answer.status(), path);
                assertEquals("unauthenticated", answer.code());
                assertTrue(answer.header("WWW-Authenticate").startsWith("Bearer"));
            }
        }
        assertEquals(200, region.anonymous().get("/v1/openapi.json").status());
    }

    @Test
    void theSameRequestIsDoneOnce() {
        String[] key = {"Idempotency-Key", "k-1"};
        Answer first = demo.post("/v1/accounts/demo/keys", "{}", key);
        Answer again = demo.post("/v1/accounts/demo/keys", "{}", key);
        assertEquals(201, again.status(), again::toString);
        assertEquals(first.json(), again.json());
        assertEquals(first.header("Location"), again.header("Location"));
        assertEquals(2, demo.get("/v1/accounts/demo/keys").json().path("keys").size());
        assertEquals(
                "request-key-reused", demo.put("/v1/tasks/x/live", "{\"version\":1}", key).code());
        assertEquals(201, admin.post("/v1/accounts/demo/keys", "{}", key).status());
        assertEquals(
                400,
                demo.post("/v1/accounts/demo/keys", "{}", "Idempotency-Key", "x".repeat(300))
                        .status());
    }
}
