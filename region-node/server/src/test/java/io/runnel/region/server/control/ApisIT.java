package io.runnel.region.server.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;

import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.TaskName;
import io.runnel.region.server.control.TestClient.Answer;
import io.runnel.routing.catalog.AccountApis;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;

/** An account's APIs: their revisions and stages, and what is told of them, by the control API. */
final class ApisIT {
    private static final String ALL = "/v1/apis";
    private static final String SHOP = ALL + "/shop";
    private static final String DEPLOY = SHOP + "/deploy";
    private static final TaskName NAME = new TaskName("shop");

    @TempDir Path folder;
    private TestRegion region;
    private TestClient demo;

    @BeforeEach
    void start() throws IOException {
        region = new TestRegion(folder, TestRegion.WEST);
        demo = region.client(region.demo);
        assertEquals(201, demo.deploy("hello", "good one", "").status());
        assertEquals(201, demo.deploy("other", "good two", "").status());
    }

    @AfterEach
    void stop() {
        region.runtime.release.countDown();
        region.close();
    }

    private AccountApis kept() {
        return region.catalog.current().apis(new AccountId("demo"));
    }

    private List<Integer> revisions() {
        return kept().revisions(NAME).stream().map(one -> one.revision()).toList();
    }

    private static TestDocument hello() {
        return TestDocument.of("GET /hello/{name}", "hello");
    }

    private void made(int times) {
        for (int i = 0; i < times; i++) {
            Answer made = demo.put(SHOP, hello().body());
            assertTrue(made.status() / 100 == 2, made::toString);
        }
    }

    @Test
    void revisionsAreMadeAndStagesCallThem() {
        Answer made = demo.put(SHOP, hello().and("POST /orders", "other@1").open().body());
        assertEquals(201, made.status(), made::toString);
        assertEquals(SHOP, made.header("Location"));
        assertEquals(
                "{\"name\":\"shop\",\"path\":\"/api/demo/shop\",\"newest\":1,\"stages\":"
                        + "{\"dev\":{\"path\":\"/api/demo/shop@dev\",\"revision\":1}}}",
                made.json().toString());
        Answer shown = demo.get(SHOP);
        assertEquals(made.header("ETag"), shown.header("ETag"));
        JsonNode dev = shown.json().at("/stages/dev");
        assertEquals("Shop", dev.path("title").asText());
        assertEquals(
                "[{\"key\":\"GET /hello/{name}\",\"task\":\"demo/hello\",\"open\":false},"
                        + "{\"key\":\"POST /orders\",\"task\":\"demo/other@1\",\"open\":true}]",
                dev.path("routes").toString());
        assertEquals(1, shown.json().at("/revisions/0/revision").asInt());
        assertFalse(shown.json().at("/revisions/0/created").asText().isEmpty());
        assertEquals(304, demo.get(SHOP, "If-None-Match", made.header("ETag")).status());
        Answer next = demo.put(SHOP, hello().body(), "If-Match", made.header("ETag"));
        assertEquals(200, next.status(), next::toString);
        assertEquals(2, next.json().at("/stages/dev/revision").asInt());
        assertEquals(1, next.json().at("/stages/dev/before").asInt());
        Answer live = demo.post(DEPLOY, "{\"stage\":\"live\",\"from\":\"dev\"}");
        assertEquals(2, live.json().at("/stages/live/revision").asInt(), live::toString);
        Answer first = demo.post(DEPLOY, "{\"stage\":\"live\",\"revision\":1}");
        assertEquals(1, first.json().at("/stages/live/revision").asInt(), first::toString);
        Answer back = demo.post(SHOP + "/rollback", "{\"stage\":\"live\"}");
        assertEquals(2, back.json().at("/stages/live/revision").asInt(), back::toString);
        assertEquals(1, back.json().at("/stages/live/before").asInt());
        assertEquals(back.header("ETag"), demo.get(SHOP).header("ETag"));
        Answer listed = demo.get(ALL);
        assertEquals(back.json(), listed.json().at("/apis/0"), "a list tells no routes");
        Answer ended = demo.delete(SHOP + "/stages/dev");
        assertEquals(200, ended.status(), ended::toString);
        assertEquals("live", ended.json().path("stages").fieldNames().next());
        assertEquals(List.of(1, 2), revisions());
    }

    @Test
    void whatIsNotThereIsSaid() {
        made(1);
        assertEquals("api-not-found", demo.get(ALL + "/none").code());
        assertEquals("api-not-found", demo.get(ALL + "/A").code());
        assertEquals("api-not-found", demo.put(ALL + "/A", hello().body()).code());
        assertEquals("api-not-found", demo.post(ALL + "/none/deploy", "{\"stage\":\"x\"}").code());
        String[][] wrong = {
            {"{\"stage\":\"live\",\"from\":\"test\"}", "stage-not-found"},
            {"{\"stage\":\"live\",\"revision\":2}", "revision-not-found"},
            {"{\"stage\":\"live\",\"revision\":0}", "invalid-request"},
            {"{\"stage\":\"live\"}", "invalid-request"},
            {"{\"stage\":\"live\",\"revision\":1,\"from\":\"dev\"}", "invalid-request"},
            {"{\"stage\":\"7\",\"revision\":1}", "invalid-request"},
            {"{\"revision\":1}", "invalid-request"},
        };
        for (String[] one : wrong) {
            assertEquals(one[1], demo.post(DEPLOY, one[0]).code(), one[0]);
        }
        Answer before = demo.post(SHOP + "/rollback", "{\"stage\":\"dev\"}");
        assertEquals("nothing-before", before.code(), before::toString);
        Answer none = demo.post(SHOP + "/rollback", "{\"stage\":\"live\"}");
        assertEquals("stage-not-found", none.code(), none::toString);
        assertEquals("stage-not-found", demo.delete(SHOP + "/stages/live").code());
        assertEquals("stage-not-found", demo.get(SHOP + "/document").code(), "live");
        assertEquals("stage-not-found", demo.get(SHOP + "/document?stage=x").code());
        assertEquals("revision-not-found", demo.get(SHOP + "/document?revision=9").code());
        assertEquals("revision-not-found", demo.get(SHOP + "/document?revision=x").code());
        String both = SHOP + "/document?revision=1&stage=dev";
        assertEquals("invalid-request", demo.get(both).code());
    }

    @Test
    void allOfOneIsDeletedAtOnce() {
        made(3);
        assertEquals(201, demo.put("/v1/tasks/shop/grants/*/all", "{}").status());
        Answer blind = demo.delete(SHOP);
        assertEquals("invalid-request", blind.code(), blind::toString);
        assertTrue(blind.toString().contains("If-Match: must be there"), blind::toString);
        assertEquals(412, demo.delete(SHOP, "If-Match", "\"x.1\"").status());
        assertEquals(204, demo.delete(SHOP, "If-Match", "*").status());
        assertEquals(List.of(), revisions());
        assertEquals(List.of(), kept().all());
        assertEquals("task-not-found", demo.get("/v1/tasks/shop/grants").code());
        assertEquals("api-not-found", demo.delete(SHOP, "If-Match", "*").code());
        Answer again = demo.put(SHOP, hello().body());
        assertEquals(1, again.json().path("newest").asInt(), again::toString);
        assertEquals(0, demo.get("/v1/tasks/shop/grants").json().path("grants").size());
    }

    @Test
    void writesAreMadeOnConditionAndOnce() {
        Answer made = demo.put(SHOP, hello().body(), "If-None-Match", "*");
        assertEquals(201, made.status(), made::toString);
        String seen = made.header("ETag");
        assertEquals(412, demo.put(SHOP, hello().body(), "If-None-Match", "*").status());
        assertEquals(412, demo.put(ALL + "/new", hello().body(), "If-Match", "*").status());
        Answer unread = demo.put(SHOP, "{\"document\":{}}", "If-Match", "\"x.1\"");
        assertEquals(412, unread.status(), "before the document is looked at");
        String deploy = "{\"stage\":\"live\",\"from\":\"dev\"}";
        Answer first = demo.post(DEPLOY, deploy, "If-Match", seen, "Idempotency-Key", "a");
        Answer again = demo.post(DEPLOY, deploy, "If-Match", seen, "Idempotency-Key", "a");
        assertEquals(200, first.status(), first::toString);
        assertEquals(first.whole().body(), again.whole().body());
        assertEquals(412, demo.post(DEPLOY, deploy, "If-Match", seen).status());
        assertEquals(412, demo.delete(SHOP + "/stages/dev", "If-Match", seen).status());
        Answer put = demo.put(SHOP, hello().body(), "Idempotency-Key", "b");
        Answer same = demo.put(SHOP, hello().body(), "Idempotency-Key", "b");
        assertEquals(put.whole().body(), same.whole().body());
        Answer reused = demo.put(SHOP, hello().with("x").body(), "Idempotency-Key", "b");
        assertEquals("request-key-reused", reused.code());
        assertEquals(List.of(1, 2), revisions());
    }

    @Test
    void theOldestThatNoStageNeedsGoes() {
        made(1);
        assertEquals(200, demo.post(DEPLOY, "{\"stage\":\"live\",\"revision\":1}").status());
        made(1);
        assertEquals(200, demo.post(DEPLOY, "{\"stage\":\"live\",\"revision\":2}").status());
        made(8);
        assertEquals(10, revisions().size());
        made(1);
        assertEquals(List.of(1, 2, 4, 5, 6, 7, 8, 9, 10, 11), revisions(), "3 is nobody's");
        for (int stage = 0; stage < 3; stage++) {
            for (int revision : new int[] {4 + 2 * stage, 5 + 2 * stage}) {
                String body = "{\"stage\":\"s%d\",\"revision\":%d}".formatted(stage, revision);
                assertEquals(200, demo.post(DEPLOY, body).status(), body);
            }
        }
        Answer full = demo.put(SHOP, hello().body("s9"));
        assertEquals("limit-reached", full.code(), full::toString);
        assertEquals(10, revisions().size());
        Answer dev = demo.put(SHOP, hello().body());
        assertEquals(200, dev.status(), "10 and 11 are dev's: its own 10 goes");
        assertFalse(revisions().contains(10));
    }

    @Test
    void anApiHasEightStagesAndAnAccountAHundredApis() {
        for (int stage = 0; stage < 8; stage++) {
            assertTrue(demo.put(SHOP, hello().body("s" + stage)).status() < 300);
        }
        Answer ninth = demo.put(SHOP, hello().body("s8"));
        assertEquals("limit-reached", ninth.code(), ninth::toString);
        Answer deployed = demo.post(DEPLOY, "{\"stage\":\"s8\",\"revision\":1}");
        assertEquals("limit-reached", deployed.code(), deployed::toString);
        assertEquals(200, demo.put(SHOP, hello().body("s7")).status(), "one that there is");
        for (int i = 1; i < ApiWrite.MOST_APIS; i++) {
            assertEquals(201, demo.put(ALL + "/a" + i, hello().body()).status());
        }
        assertEquals("limit-reached", demo.put(ALL + "/more", hello().body()).code());
        assertEquals(200, demo.put(ALL + "/a1", hello().body()).status(), "one that there is");
        assertEquals(100, demo.get(ALL).json().path("apis").size());
    }

    @Test
    void documentsTogetherHaveALimit() {
        Random random = new Random(7);
        int status = 0;
        int times = 0;
        String text = "";
        while (status < 300 && times < 40) {
            byte[] noise = new byte[125 * 1024];
            random.nextBytes(noise);
            text = Base64.getEncoder().encodeToString(noise);
            Answer answer = demo.put(ALL + "/a" + times++ / 10, hello().with(text).body());
            status = answer.status();
            assertTrue(status < 300 || answer.code().equals("limit-reached"), answer::toString);
        }
        assertEquals(422, status);
        assertEquals(10, kept().revisions(new TaskName("a0")).size());
        Answer instead = demo.put(ALL + "/a0", hello().with(text).body());
        assertEquals(200, instead.status(), "another one of its size goes");
        long packed =
                kept().all().stream()
                        .flatMap(api -> kept().revisions(api.value().name().name()).stream())
                        .mapToLong(one -> one.document().packed().length())
                        .sum();
        assertTrue(packed <= ApiWrite.MOST_PACKED && packed > ApiWrite.MOST_PACKED * 9L / 10);
    }

    @Test
    void aDocumentIsTakenAsItIsAndGivenWithoutWhatIsOurs() {
        TestDocument document = hello().with("1.50 \u2028 </script> é");
        document.json().putObject("x-numbers").put("b", 1.5).put("a", 2);
        assertEquals(201, demo.put(SHOP, document.body("live")).status());
        Answer exact = demo.get(SHOP + "/document");
        assertEquals(200, exact.status(), exact::toString);
        assertEquals("application/json", exact.header("Content-Type"));
        assertEquals(document.json().toString(), exact.whole().body());
        String servers = "?server=https://shop.example/api&server=http://127.0.0.1:8080";
        Answer published = demo.get(SHOP + "/openapi" + servers);
        assertEquals(200, published.status(), published::toString);
        assertFalse(published.whole().body().contains("x-runnel"), published::toString);
        assertEquals("https://shop.example/api", published.json().at("/servers/0/url").asText());
        assertEquals("http://127.0.0.1:8080", published.json().at("/servers/1/url").asText());
        Answer page = demo.get(SHOP + "/page?stage=live");
        assertEquals("text/html; charset=utf-8", page.header("Content-Type"));
        String policy = page.header("Content-Security-Policy");
        assertTrue(policy.startsWith("default-src 'none'; "), policy);
        assertTrue(policy.endsWith("; sandbox allow-scripts"), "and of no origin: " + policy);
        assertEquals("nosniff", page.header("X-Content-Type-Options"));
        assertFalse(page.whole().body().contains("1.50 \u2028 </script>"));
        for (String bad :
                List.of("javascript:alert(1)", "ftp://x", "https:///x", "%22", "https://u:p@x/")) {
            Answer refused = demo.get(SHOP + "/openapi?server=" + bad);
            assertEquals("invalid-request", refused.code(), bad);
        }
        String longest = "https://x/" + "a".repeat(2_038);
        assertEquals(200, demo.get(SHOP + "/openapi?server=" + longest).status());
        assertEquals("invalid-request", demo.get(SHOP + "/openapi?server=" + longest + "a").code());
        String nine = "?" + "server=https://x&".repeat(9);
        assertEquals("invalid-request", demo.get(SHOP + "/page" + nine).code());
    }

    @Test
    void hostileBodiesAreRefusedWithTheirPlace() {
        String[][] wrong = {
            {"", "body: must be one JSON object"},
            {"[]", "body: must be one JSON object"},
            {"{\"document\":{}} x", "body: must be one JSON object"},
            {"{\"document\":{}", "body: must be one JSON object"},
            {"{\"document\":" + "[".repeat(2_000), "body: must be one JSON object"},
            {"{\"document\":{},\"document\":{}}", "body: must be one JSON object"},
            {"{\"document\":{\"a\":1,\"a\":2}}", ""},
            {"{\"document\":{},\"stage\":[[[[[[[[[[1]]]]]]]]]]}", "body: must be one JSON object"},
            {"{\"document\":{},\"stage\":\"%s\"}".formatted("x".repeat(2_000)), "body: what is"},
            {"{\"document\":{},\"stage\":\"a b\"}", "stage: must be 1 to 63"},
            {"{\"document\":{},\"live\":true}", "live: is no field"},
            {"{\"stage\":\"dev\"}", "document: must be a text"},
            {"{\"document\":null}", "document: "},
            {"{\"document\":[]}", "document: "},
            {"{\"document\":\"{}\"}", "document: "},
            {"{\"document\":{\"openapi\":\"3.0.0\"}}", "/openapi: "},
            {hello().body().replace("x-runnel-task", "x-runnel-tsak"), "/paths/~1hello"},
        };
        for (String[] one : wrong) {
            Answer answer = demo.put(SHOP, one[0]);
            assertEquals("invalid-request", answer.code(), () -> one[0] + answer);
            String detail = answer.json().path("detail").asText();
            assertTrue(detail.startsWith(one[1]), () -> one[0] + " " + detail);
            assertFalse(detail.contains("jackson"), detail);
        }
        Answer deep =
                demo.put(SHOP, "{\"document\":" + "{\"a\":".repeat(900) + "1" + "}".repeat(901));
        assertEquals("invalid-request", deep.code(), deep::toString);
        Answer long1 = demo.put(SHOP, hello().with("x".repeat(200 * 1024)).body());
        assertEquals("invalid-request", long1.code(), long1::toString);
        Answer large = demo.put(SHOP, hello().with("x".repeat(800 * 1024)).body());
        assertEquals(413, large.status(), large::toString);
        Answer form = demo.put(SHOP, hello().body(), "Content-Type", "text/plain");
        assertEquals(415, form.status(), form::toString);
        assertEquals(List.of(), kept().all());
    }

    @Test
    void aDocumentThatIsTooLongToBeKeptPackedIsRefused() {
        Random random = new Random(11);
        StringBuilder noise = new StringBuilder();
        for (int i = 0; i < 180 * 1024; i++) {
            noise.append((char) (0x4e00 + random.nextInt(0x5000)));
        }
        Answer answer = demo.put(SHOP, hello().with(noise.toString()).body());
        assertEquals("invalid-request", answer.code(), answer::toString);
        assertTrue(answer.toString().contains("when it is packed"), answer::toString);
        String blanks = hello().json().toPrettyString().replace("  ", " ".repeat(2_000));
        assertEquals(201, demo.put(SHOP, "{\"document\":" + blanks + "}").status(), "blanks");
    }

    @Test
    void documentsAreNotReadOnTheEventLoop() {
        List<String> threads = new CopyOnWriteArrayList<>();
        try (var worker = Executors.newSingleThreadExecutor()) {
            region.blocking =
                    work ->
                            worker.execute(
                                    () -> {
                                        threads.add(Thread.currentThread().getName());
                                        work.run();
                                    });
            assertEquals(201, demo.put(SHOP, hello().body()).status());
            assertEquals(2, threads.size(), "the body, and the document");
            assertEquals(200, demo.get(SHOP).status());
            assertEquals(3, threads.size());
            assertEquals("used-by-api", demo.delete("/v1/tasks/hello").code());
            assertEquals(4, threads.size(), "what routes lead to");
            assertEquals(201, demo.put("/v1/tasks/shop/grants/*/all", "{}").status());
            assertEquals(5, threads.size(), "which routes there are");
            region.blocking = Runnable::run;
        }
    }

    private TestClient key(String body) {
        Answer key = region.client(region.admin).post("/v1/accounts/demo/keys", body);
        assertEquals(201, key.status(), key::toString);
        return new TestClient(region.port, key.json().path("token").asText());
    }

    @Test
    void aKeyForSomeNamesIsForThese() {
        TestClient some = key("{\"scopes\":[\"deploy\"],\"tasks\":[\"demo/sh*\"]}");
        assertEquals(201, some.put(SHOP, hello().body()).status());
        assertEquals("access-denied", some.put(ALL + "/other", hello().body()).code());
        assertEquals(200, some.post(DEPLOY, "{\"stage\":\"live\",\"from\":\"dev\"}").status());
        assertEquals(201, demo.put(ALL + "/zoo", hello().body()).status());
        for (String path : List.of("", "/document?stage=dev", "/openapi", "/page")) {
            assertEquals("access-denied", some.get(ALL + "/zoo" + path).code(), path);
        }
        assertEquals("access-denied", some.delete(ALL + "/zoo", "If-Match", "*").code());
        assertEquals("access-denied", some.post(ALL + "/zoo/rollback", "{}").code());
        assertEquals("access-denied", some.delete(ALL + "/zoo/stages/dev").code());
        TestClient calls = key("{\"scopes\":[\"invoke\"]}");
        assertEquals("access-denied", calls.put(SHOP, hello().body()).code());
        assertEquals("access-denied", calls.get(ALL).code());
        assertEquals(401, region.anonymous().get(ALL).status());
    }

    @Test
    void nobodyElseSeesThem() {
        made(1);
        TestClient admin = region.client(region.admin);
        assertEquals(0, admin.get(ALL).json().path("apis").size());
        assertEquals(1, admin.get(ALL + "?account=demo").json().path("apis").size());
        assertEquals("account-not-found", demo.get(ALL + "?account=admin").code());
        region.mayWrite = false;
        assertEquals("minority", demo.put(SHOP, hello().body()).code());
        assertEquals("minority", demo.delete(SHOP, "If-Match", "*").code());
        assertEquals(200, demo.get(SHOP).status());
    }
}
