package io.runnel.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Accounts that call each other's APIs, against real processes: {@code acme} publishes one,
 * imported from a file, {@code beta} is at home in another region and calls it, {@code gamma} lets
 * {@code acme} build upon a task of its own.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ApiScenariosIT {
    private static final String SECRET = "It's a secret to everybody";

    private static final String SHOP =
            """
            openapi: 3.1.0
            info: {title: Shop, version: "1"}
            x-runnel-task: orders
            paths:
              /orders/{id}:
                get:
                  parameters:
                    - {name: limit, in: query, schema: {type: integer}}
                delete: {}
              /open/{x}:
                get:
                  security: []
                  parameters:
                    - {name: x, in: path, required: true, schema: {type: string}, example: "1"}
              /rate:
                get: {x-runnel-task: gamma/rate}
              /rates:
                get: {x-runnel-task: gamma/rate, security: []}
              /hook:
                post:
                  security: []
                  x-runnel-task: hook
                  x-runnel-webhook: {scheme: github, secret: HOOK_SECRET}
            """;

    private static final String KEPT =
            """
            openapi: 3.1.0
            info: {title: Kept, version: "1"}
            x-runnel-task: flaky
            paths:
              /kept:
                get:
                  security: []
                  x-runnel-cache: {maxAge: 1s, staleIfError: 1h}
            """;

    private AccountNetwork accounts;
    private RealNetwork network;
    private Path folder;

    @BeforeAll
    void start(@TempDir Path empty) throws Exception {
        folder = empty;
        accounts = new AccountNetwork(folder);
        network = accounts.processes();
        Path secret = Files.writeString(folder.resolve("secret"), SECRET);
        deploy("acme", "orders", AccountNetwork.sample("echo"));
        deploy("acme", "hook", AccountNetwork.sample("echo"), "--secret", "HOOK_SECRET=@" + secret);
        deploy("gamma", "rate", AccountNetwork.sample("whoami"));
        accounts.as("gamma", "grants", "create", "rate", "--to", "acme").mustWork();
        publish("create", "shop", SHOP);
        accounts.as("acme", "apis", "deploy", "shop").mustWork();
        network.await(
                "it is there", () -> accounts.at("/api/acme/shop/open/1", "").statusCode() == 200);
    }

    @AfterAll
    void stop() {
        if (accounts != null) {
            accounts.close();
        }
    }

    private void deploy(String account, String name, Path code, String... more) {
        List<String> words = new ArrayList<>(List.of("deploy", name, code.toString()));
        words.addAll(List.of(more));
        accounts.as(account, words.toArray(String[]::new)).mustWork();
    }

    private void publish(String verb, String api, String document) throws Exception {
        Path file = Files.writeString(folder.resolve(api + ".yaml"), document);
        accounts.as("acme", "apis", verb, api, "--from", file.toString()).mustWork();
    }

    private static String id(HttpResponse<String> answer) {
        assertEquals(200, answer.statusCode(), answer::body);
        return answer.headers().firstValue("Runnel-Request-Id").orElseThrow();
    }

    private void grant(String... words) {
        List<String> all = new ArrayList<>(List.of("grants", "create"));
        all.addAll(List.of(words));
        accounts.as("acme", all.toArray(String[]::new)).mustWork();
    }

    @Test
    void b1WhoHoldsNoGrantLearnsNothing() throws Exception {
        publish(
                "create",
                "closed",
                SHOP.replace("security: []", "summary: x")
                        .replace("      x-runnel-webhook", "      x-note"));
        accounts.as("acme", "apis", "deploy", "closed").mustWork();
        network.await(
                "its owner calls it",
                () -> accounts.at("/api/acme/closed/orders/7", "acme").statusCode() == 200);
        for (String node :
                List.of(accounts.pop(), accounts.region("home-1"), accounts.region("away-1"))) {
            String there = told(node, "/api/acme/closed/orders/7");
            assertEquals(there, told(node, "/api/acme/nothing/orders/7"));
            assertEquals(there, told(node, "/api/nobody/closed/orders/7"));
            assertEquals(there, told(node, "/api/acme/closed/nowhere"));
        }
        assertEquals(
                404,
                accounts.call("beta", "acme/orders").statusCode(),
                "nor is a task of an API called otherwise");
    }

    private String told(String node, String path) {
        HttpResponse<String> answer = accounts.send(node, accounts.request(node, path, "beta"));
        assertEquals(404, answer.statusCode(), answer::body);
        return answer.body().replaceAll("[0-9a-z]{26}", "ID");
    }

    /** Totals are those that the clients counted. */
    @Test
    void b2EachCallerPaysForItsOwnCalls() {
        for (String account : List.of("beta", "gamma")) {
            grant("shop", "--to", account, "--id", "b2");
            network.await(
                    "granted",
                    () -> accounts.at("/api/acme/shop/orders/0", account).statusCode() == 200);
        }
        Set<String> all = new HashSet<>();
        for (String account : List.of("beta", "gamma")) {
            Set<String> ids = new HashSet<>();
            for (int i = 0; i < 40; i++) {
                ids.add(id(accounts.at("/api/acme/shop/orders/" + i, account)));
            }
            String away = accounts.region("away-1");
            ids.add(
                    id(
                            accounts.send(
                                    away,
                                    accounts.request(away, "/api/acme/shop/orders/a", account))));
            network.await(
                    "all of them are on the bill",
                    () -> accounts.chargedIds(account, "acme/orders").containsAll(ids));
            all.addAll(ids);
        }
        all.retainAll(accounts.chargedIds("acme", "acme/orders"));
        assertEquals(Set.of(), all, "its owner pays nothing");
        HttpResponse<String> one = accounts.at("/api/acme/shop/orders/7?limit=1", "beta");
        network.await("by which API is told", () -> accounts.isOnTheBill("beta", one, "shop@live"));
    }

    @Test
    void b5WhatIsTakenBackEndsAtOnce() throws Exception {
        publish("create", "lent", SHOP);
        accounts.as("acme", "apis", "deploy", "lent").mustWork();
        grant("lent", "--to", "gamma", "--id", "b5", "--route", "DELETE /orders/{id}");
        network.await("granted", () -> delete("gamma") == 200);
        accounts.as("acme", "grants", "revoke", "lent", "--to", "gamma", "--id", "b5").mustWork();
        assertEquals(403, delete("gamma"), "the command ends when every node goes by it");
    }

    private int delete(String account) {
        return accounts.send(
                        accounts.pop(),
                        accounts.request(accounts.pop(), "/api/acme/lent/orders/7", account)
                                .DELETE())
                .statusCode();
    }

    @Test
    void b6WhoIsBoundToARevisionKeepsIt() throws Exception {
        publish("create", "pinned", SHOP);
        accounts.as("acme", "apis", "deploy", "pinned").mustWork();
        accounts.as("acme", "apis", "deploy", "pinned", "--stage", "v1").mustWork();
        grant("pinned@v1", "--to", "beta");
        publish("update", "pinned", SHOP.replace("/orders/{id}", "/purchases/{id}"));
        accounts.as("acme", "apis", "deploy", "pinned").mustWork();
        network.await(
                "the next is live",
                () -> accounts.at("/api/acme/pinned/purchases/7", "acme").statusCode() == 200);
        assertEquals(404, accounts.at("/api/acme/pinned/orders/7", "acme").statusCode());
        id(accounts.at("/api/acme/pinned@v1/orders/7", "beta"));
        assertEquals(403, accounts.at("/api/acme/pinned/purchases/7", "beta").statusCode());
        accounts.as("acme", "apis", "rollback", "pinned").mustWork();
        network.await(
                "it is as before",
                () -> accounts.at("/api/acme/pinned/orders/7", "acme").statusCode() == 200);
    }

    @Test
    void b7AGrantOfOneRouteIsForNoOther() throws Exception {
        publish("create", "partly", SHOP);
        accounts.as("acme", "apis", "deploy", "partly").mustWork();
        grant("partly", "--to", "beta", "--route", "GET /orders/{id}");
        network.await(
                "granted",
                () -> accounts.at("/api/acme/partly/orders/7", "beta").statusCode() == 200);
        assertEquals(403, accounts.at("/api/acme/partly/rate", "beta").statusCode());
        assertEquals(403, accounts.at("/api/acme/partly/orders/7", "gamma").statusCode());
        RealNetwork.Said none =
                accounts.as(
                        "acme", "grants", "create", "partly", "--to", "gamma", "--route",
                        "GET /no");
        assertFalse(none.out().contains("may call"), none::toString);
    }

    /** A task of a third account behind a route: the caller pays, or who opened it. */
    @Test
    void anApiIsBuiltUponOthersTasks() {
        grant("shop", "--to", "beta", "--id", "built");
        network.await(
                "granted", () -> accounts.at("/api/acme/shop/rate", "beta").statusCode() == 200);
        String keyed = id(accounts.at("/api/acme/shop/rate", "beta"));
        String open = id(accounts.at("/api/acme/shop/rates", ""));
        network.await(
                "the caller pays", () -> accounts.chargedIds("beta", "gamma/rate").contains(keyed));
        network.await(
                "who opens it to everybody pays",
                () -> accounts.chargedIds("acme", "gamma/rate").contains(open));
        assertEquals(0, accounts.charged("gamma", "gamma/rate"));
        assertEquals(404, accounts.call("beta", "gamma/rate").statusCode());
    }

    @Test
    void aRouteServesWhileItsTaskFails() throws Exception {
        deploy("acme", "flaky", module("counting", TinyGuests.counting()));
        publish("create", "kept", KEPT);
        accounts.as("acme", "apis", "deploy", "kept").mustWork();
        network.await(
                "it is there", () -> accounts.at("/api/acme/kept/kept", "").statusCode() == 200);
        deploy("acme", "flaky", module("failing", TinyGuests.failing()));
        network.await(
                "its task fails, and it serves",
                () -> {
                    HttpResponse<String> answer = accounts.at("/api/acme/kept/kept", "");
                    assertEquals(200, answer.statusCode(), answer::body);
                    return answer.headers()
                            .firstValue("Cache-Status")
                            .orElse("")
                            .contains("stale-if-error");
                });
    }

    private Path module(String name, byte[] code) throws Exception {
        return Files.write(folder.resolve(name + ".wasm"), code);
    }

    @Test
    void aWebhookIsWhatItsSenderSigned() throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(SECRET.getBytes(UTF_8), "HmacSHA256"));
        String good =
                "sha256=" + HexFormat.of().formatHex(mac.doFinal("{\"a\":1}".getBytes(UTF_8)));
        network.await("its secret is there", () -> hook("{\"a\":1}", good) == 200);
        assertEquals(401, hook("{\"a\":2}", good));
        assertEquals(401, hook("{\"a\":1}", good.replace("sha256=", "sha1=")));
        assertEquals(401, hook("{\"a\":1}", ""));
    }

    private int hook(String body, String signature) {
        HttpRequest.Builder request =
                accounts.request(accounts.pop(), "/api/acme/shop/hook", "")
                        .POST(BodyPublishers.ofString(body));
        if (!signature.isEmpty()) {
            request.header("X-Hub-Signature-256", signature);
        }
        return accounts.send(accounts.pop(), request).statusCode();
    }

    @Test
    void itsExamplesAreTriedAtBothStages() {
        for (String stage : List.of("dev", "live")) {
            RealNetwork.Said tried = accounts.as("acme", "apis", "test", "shop", "--stage", stage);
            assertEquals(0, tried.exit(), tried::toString);
            assertTrue(tried.out().contains("GET /open/{x}"), tried::toString);
        }
    }

    @Test
    void aTaskOfAnApiIsNotTakenAwayFromIt() {
        RealNetwork.Said said = accounts.as("acme", "tasks", "delete", "orders");
        assertTrue(said.err().contains("leads to it"), said::toString);
        id(accounts.at("/api/acme/shop/open/1", ""));
    }
}
