package io.runnel.routing.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.Qualifier;
import io.runnel.routing.api.RequestChecks;
import io.runnel.routing.catalog.GrantRecord;
import io.runnel.routing.catalog.GrantTerms;
import io.runnel.routing.catalog.Grantee;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** What the edge makes of requests for routes of APIs. */
final class ApiFrontIT {
    private static final String DOCUMENT =
            """
            {"openapi":"3.1.0","info":{"title":"Shop","version":"1"},"x-runnel-task":"hello",
             "x-runnel-cors":{"origins":["https://shop.example"],"headers":["x-extra"],
                              "expose":["x-total"],"maxAge":"5m"},
             "paths":{
              "/orders/{id}":{
                "get":{"security":[],
                       "x-runnel-parameters":{"id":"{path.id}","currency":"EUR",
                                              "who":"{header.x-who}"},
                       "parameters":[{"name":"limit","in":"query","schema":{"type":"integer"}}]},
                "delete":{"x-runnel-timeout":"2s"}},
              "/orders":{"post":{"security":[],"x-runnel-max-body":"1KiB",
                "requestBody":{"required":true,"content":{"application/json":{"schema":
                  {"type":"object","required":["item"],
                   "properties":{"item":{"type":"string"}}}}}}}},
              "/either":{"post":{"security":[],"requestBody":{"required":true,"content":{
                "application/json":{"schema":{"type":"object"}},
                "application/octet-stream":{}}}}},
              "/files/{rest+}":{"put":{"security":[],"x-runnel-max-body":"100B"}},
              "/slow":{"get":{"security":[],"x-runnel-throttle":{"perSecond":1,"burst":2}}}}}
            """;

    private ApiEdge edge;

    @BeforeEach
    void start() throws Exception {
        edge = new ApiEdge(DOCUMENT, ApiFrontIT::answer);
    }

    @AfterEach
    void stop() throws Exception {
        edge.close();
    }

    /** Tells what came. */
    private static void answer(EdgeCall call) {
        ApiCall api = call.api().orElseThrow();
        long millis =
                TimeUnit.NANOSECONDS.toMillis(
                        call.deadlineNanos() - call.exchange().arrivedNanos());
        call.exchange()
                .response()
                .putHeader("X-Total", "1")
                .putHeader("Access-Control-Allow-Origin", "*")
                .end(
                        "%s %s %s %s %s %d"
                                .formatted(
                                        api.operation().key(),
                                        api.stage(),
                                        call.rest(),
                                        new TreeMap<>(call.parameters().open()),
                                        call.by().orElse(""),
                                        millis));
    }

    private static String header(HttpResponse<String> answer, String name) {
        return String.join(" | ", answer.headers().allValues(name));
    }

    @Test
    void aRequestIsACallOfTheTaskOfItsRoute() throws Exception {
        HttpResponse<String> answer = edge.get("/orders/a%20b?limit=7&currency=USD");
        assertEquals(200, answer.statusCode(), answer.body());
        assertEquals(
                "GET /orders/{id} live /orders/a%20b {currency=EUR, id=a b, who=} shop@live 15000",
                answer.body());
        HttpResponse<String> who = edge.send(edge.request("/orders/7").header("X-Who", "me"));
        assertTrue(who.body().contains("who=me"), who.body());
    }

    @Test
    void whatIsNoRouteIsToldApart() throws Exception {
        assertEquals(404, edge.get("/nowhere").statusCode());
        HttpResponse<String> put = edge.send("PUT", "/orders/7", "");
        assertEquals(405, put.statusCode());
        assertEquals("DELETE, GET, HEAD", header(put, "Allow"));
        assertEquals(404, edge.get("@dev/orders/7").statusCode());
        assertEquals(404, edge.get("@9/orders/7").statusCode());
        assertEquals(404, edge.get("/orders/..%2f7").statusCode());
    }

    @Test
    void callsOfOnePathAreToldApartByTheirMethods() throws Exception {
        for (int i = 0; i < 3; i++) {
            HttpResponse<String> get = edge.get("/orders/7");
            assertTrue(get.body().startsWith("GET /orders/{id} "), get.body());
            HttpRequest.Builder delete = edge.request("/orders/7").DELETE();
            assertEquals(401, edge.send(delete).statusCode(), "it is for who has a key");
        }
    }

    @Test
    void aRouteThatIsNotOpenIsForWhoHasAGrant() throws Exception {
        HttpRequest.Builder delete = edge.request("/orders/7").DELETE();
        assertEquals(401, edge.send(delete).statusCode());
        assertEquals(403, edge.send(edge.as("beta", delete.copy())).statusCode());
        edge.grant(
                new GrantRecord(
                        ApiEdge.SHOP,
                        Grantee.of(new AccountId("beta")),
                        "default",
                        Qualifier.NONE,
                        GrantRecord.Effect.ALLOW,
                        false,
                        GrantRecord.Placement.CALLER,
                        GrantTerms.NONE.on(List.of("DELETE /orders/{id}"))));
        HttpResponse<String> allowed = edge.send(edge.as("beta", delete.copy()));
        assertEquals(200, allowed.statusCode());
        assertTrue(allowed.body().endsWith(" 2000"), allowed.body());
        assertEquals(200, edge.send(edge.as("demo", delete.copy())).statusCode());
    }

    @Test
    void requestsAreCheckedBeforeTheyAreCalls() throws Exception {
        HttpResponse<String> limit = edge.get("/orders/7?limit=many");
        assertEquals(400, limit.statusCode());
        assertTrue(limit.body().contains("query.limit"), limit.body());
        assertEquals(400, json("{\"item\":7}").statusCode());
        assertEquals(400, json("").statusCode());
        assertEquals(415, edge.send("POST", "/orders", "{\"item\":\"a\"}").statusCode());
        assertEquals(415, post("/orders", "text/plain", "{\"item\":\"a\"}").statusCode());
        assertEquals(200, json("{\"item\":\"a\"}").statusCode());
        assertEquals(413, json("{\"item\":\"" + "a".repeat(1024) + "\"}").statusCode());
        assertEquals(200, edge.send("PUT", "/files/a/b", "a".repeat(100)).statusCode());
        assertEquals(413, edge.send("PUT", "/files/a/b", "a".repeat(101)).statusCode());
        HttpRequest.Builder unknown =
                edge.request("/files/a")
                        .PUT(
                                BodyPublishers.ofInputStream(
                                        () -> new java.io.ByteArrayInputStream(new byte[101])));
        assertEquals(413, edge.send(unknown).statusCode());
    }

    @Test
    void whatIsCheckedIsHeldAndNotWhatComesBesideIt() throws Exception {
        String large = "{\"a\":\"" + "a".repeat(RequestChecks.MOST_BODY) + "\"}";
        assertEquals(413, post("/either", "application/json", large).statusCode());
        assertEquals(200, post("/either", "application/octet-stream", large).statusCode());
        assertEquals(400, post("/either", "application/json", "[]").statusCode());
    }

    private HttpResponse<String> json(String body) throws Exception {
        return post("/orders", "application/json", body);
    }

    private HttpResponse<String> post(String path, String type, String body) throws Exception {
        return edge.send(
                edge.request(path)
                        .header("Content-Type", type)
                        .POST(BodyPublishers.ofString(body)));
    }

    @Test
    void whatAnotherNodeOfOursSendsOnIsNotAskedAgain() throws Exception {
        assertEquals(200, edge.send(edge.forwarded("/orders/7?limit=many")).statusCode());
        for (int i = 0; i < 3; i++) {
            assertEquals(200, edge.send(edge.forwarded("/slow")).statusCode());
        }
    }

    @Test
    void aRouteIsCalledAsFastAsItSaysAndNoFaster() throws Exception {
        assertEquals(200, edge.get("/slow").statusCode());
        assertEquals(200, edge.get("/slow").statusCode());
        HttpResponse<String> third = edge.get("/slow");
        assertEquals(429, third.statusCode(), third.body());
        assertEquals("1", header(third, "Retry-After"));
        assertEquals(200, edge.get("/orders/7").statusCode(), "of each route by itself");
    }

    @Test
    void browsersAreToldWhichPagesMayCall() throws Exception {
        HttpResponse<String> asked = edge.send(preflight("https://shop.example"));
        assertEquals(204, asked.statusCode());
        assertEquals("https://shop.example", header(asked, "Access-Control-Allow-Origin"));
        assertEquals("DELETE, GET, HEAD", header(asked, "Access-Control-Allow-Methods"));
        assertEquals("x-extra", header(asked, "Access-Control-Allow-Headers"));
        assertEquals("300", header(asked, "Access-Control-Max-Age"));
        HttpResponse<String> other = edge.send(preflight("https://evil.example"));
        assertEquals(204, other.statusCode());
        assertEquals("", header(other, "Access-Control-Allow-Origin"));
        assertEquals("", header(other, "Access-Control-Allow-Methods"));
        HttpResponse<String> answer =
                edge.send(edge.request("/orders/7").header("Origin", "https://shop.example"));
        assertEquals("https://shop.example", header(answer, "Access-Control-Allow-Origin"));
        assertEquals("x-total", header(answer, "Access-Control-Expose-Headers"));
        assertEquals("origin", header(answer, "Vary"));
        HttpResponse<String> refused =
                edge.send(edge.request("/nowhere").header("Origin", "https://shop.example"));
        assertEquals(404, refused.statusCode());
        assertEquals("https://shop.example", header(refused, "Access-Control-Allow-Origin"));
        HttpResponse<String> evil =
                edge.send(edge.request("/orders/7").header("Origin", "https://evil.example"));
        assertEquals(200, evil.statusCode());
        assertEquals("", header(evil, "Access-Control-Allow-Origin"));
        HttpResponse<String> ofNoPage = edge.get("/orders/7");
        assertEquals("", header(ofNoPage, "Access-Control-Allow-Origin"));
        assertEquals("origin", header(ofNoPage, "Vary"));
    }

    private HttpRequest.Builder preflight(String origin) {
        return edge.request("/orders/7")
                .method("OPTIONS", BodyPublishers.noBody())
                .header("Origin", origin)
                .header("Access-Control-Request-Method", "DELETE");
    }

    @Test
    void aHostMayBeAnApis() throws Exception {
        String answer = edge.ofHost("Shop.example.com:8081", "/orders/7");
        assertTrue(answer.startsWith("HTTP/1.1 200 "), answer);
        assertTrue(answer.contains("GET /orders/{id} live /orders/7 "), answer);
        assertTrue(edge.ofHost("shop.example.com", "/").startsWith("HTTP/1.1 404 "));
        assertTrue(edge.ofHost("shop.example.com", "/_runnel/ready").contains("ready"));
        assertTrue(edge.ofHost("shop.example.com", "/fn/demo/hello").contains("no such route"));
        assertTrue(edge.ofHost("other.example.com", "/orders/7").startsWith("HTTP/1.1 404 "));
    }

    @Test
    void aDocumentThatIsNotUnderstoodHereIsNoApi() throws Exception {
        edge.publish(2, "{\"openapi\":\"9.0.0\"}");
        assertEquals(404, edge.get("/orders/7").statusCode());
        edge.publish(3, DOCUMENT);
        assertEquals(200, edge.get("/orders/7").statusCode());
        edge.publish(3, DOCUMENT.replace("/orders/{id}", "/purchases/{id}"));
        assertEquals(404, edge.get("/orders/7").statusCode(), "as after it was deleted and made");
        assertEquals(200, edge.get("/purchases/7").statusCode());
        edge.publish(4, DOCUMENT);
        assertEquals(Optional.empty(), edge.get("/orders/7").headers().firstValue("Cache-Status"));
    }
}
