package io.runnel.region.server.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.attestation.BearerToken;
import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.TaskRef;
import io.runnel.region.server.control.TestClient.Answer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Two regions; the writer of each account is one of them. */
final class RelayIT {
    @TempDir Path folder;
    private TestRegion west;
    private TestRegion east;

    @BeforeEach
    void start() throws IOException {
        west = new TestRegion(folder.resolve("west"), TestRegion.WEST);
        east = new TestRegion(folder.resolve("east"), TestRegion.EAST);
        TestRegion.connect(west, east);
    }

    @AfterEach
    void stop() {
        west.close();
        east.close();
    }

    private TestClient at(TestRegion region, BearerToken token) {
        return new TestClient(region.port, token.text());
    }

    @Test
    void accountNamesAreMadeInTheRegistryWhoeverIsAsked() {
        Answer made =
                at(east, west.admin)
                        .post("/v1/accounts", "{\"name\":\"shop\",\"home\":\"us-east\"}");
        assertEquals(201, made.status(), made::toString);
        assertEquals(1, west.relayed.get());
        assertEquals(
                west.store.log(),
                west.catalog.current().positions().position(TestRegion.WEST).orElseThrow().log());
        assertTrue(west.catalog.current().account(new AccountId("shop")).isPresent());
    }

    @Test
    void aTaskIsWrittenAtItsAccountsHome() {
        at(west, west.admin).post("/v1/accounts", "{\"name\":\"shop\",\"home\":\"us-east\"}");
        Answer key = at(west, west.admin).post("/v1/accounts/shop/keys", "{}");
        assertEquals(201, key.status(), key::toString);
        east.awaitCopied();
        TestClient shopAtWest = new TestClient(west.port, key.json().path("token").asText());

        Answer made = shopAtWest.deploy("hello", "good", "");

        assertEquals(201, made.status(), made::toString);
        assertEquals("us-east", made.json().at("/position/origin").asText());
        assertEquals(
                made.header("Runnel-Request-Id").length(), 26, "one id, though two nodes had it");
        assertTrue(east.catalog.current().task(TaskRef.of("shop", "hello")).isPresent());
        assertEquals(1, east.codes.list().size());
        east.awaitCopied();
        Answer shown = shopAtWest.get("/v1/tasks/hello");
        assertEquals(made.header("ETag"), shown.header("ETag"), "one tag in every region");
        assertEquals(
                200,
                shopAtWest
                        .put(
                                "/v1/tasks/hello/live",
                                "{\"version\":1}",
                                "If-Match",
                                shown.header("ETag"))
                        .status());
        assertEquals(200, shopAtWest.get("/v1/tasks/hello/logs").status());
        Answer keys = shopAtWest.get("/v1/accounts/shop/keys");
        assertTrue(keys.json().at("/keys/0").has("lastUsed"), keys::toString);
    }

    /** A node that stops does not wait for who follows a log that is kept elsewhere. */
    @Test
    void aLogThatIsFollowedThroughAnotherRegionEndsWithIt() throws Exception {
        at(west, west.admin).post("/v1/accounts", "{\"name\":\"shop\",\"home\":\"us-east\"}");
        Answer key = at(west, west.admin).post("/v1/accounts/shop/keys", "{}");
        east.awaitCopied();
        String token = key.json().path("token").asText();
        new TestClient(west.port, token).deploy("hello", "good", "");
        east.awaitCopied();
        URI log = URI.create("http://127.0.0.1:" + west.port + "/v1/tasks/hello/logs?follow=true");
        HttpRequest request =
                HttpRequest.newBuilder(log).header("Authorization", "Bearer " + token).build();
        HttpClient client = HttpClient.newHttpClient();
        try {
            HttpResponse<InputStream> followed = client.send(request, BodyHandlers.ofInputStream());
            assertEquals(200, followed.statusCode());
            CompletableFuture<byte[]> all =
                    CompletableFuture.supplyAsync(() -> readAll(followed.body()));
            west.relay.endStreams();
            assertEquals(0, all.get(30, TimeUnit.SECONDS).length);
            HttpResponse<InputStream> later = client.send(request, BodyHandlers.ofInputStream());
            assertEquals(0, readAll(later.body()).length);
        } finally {
            client.shutdownNow();
        }
    }

    private static byte[] readAll(InputStream body) {
        try {
            return body.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void whatWasRelayedIsNotRelayedAgain() {
        at(west, west.admin).post("/v1/accounts", "{\"name\":\"shop\",\"home\":\"us-east\"}");
        // West believes that east is the home, and east's port is west's own.
        west.internalPorts.put(TestRegion.EAST, west.internalPorts.get(TestRegion.WEST));
        Answer answer = at(west, west.admin).post("/v1/accounts/shop/keys", "{}");
        assertEquals("not-home", answer.code(), answer::toString);
        assertEquals(1, west.relayed.get());
    }

    @Test
    void aHomeThatDoesNotAnswerIsSaid() {
        at(west, west.admin).post("/v1/accounts", "{\"name\":\"shop\",\"home\":\"us-east\"}");
        west.internalPorts.remove(TestRegion.EAST);
        Answer answer = at(west, west.admin).post("/v1/accounts/shop/keys", "{}");
        assertEquals("home-unreachable", answer.code(), answer::toString);
        assertEquals(503, answer.status());
        assertEquals(200, at(west, west.admin).get("/v1/tasks?account=shop").status());
    }
}
