package io.runnel.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.runnel.chaos.SampleModule.Answer;
import io.runnel.exec.isolate.TaskRuntime;
import io.runnel.exec.task.HandlerKind;
import io.runnel.exec.task.Outcome;
import io.runnel.exec.wasi.AssetsRejectedException;
import io.runnel.exec.wasi.TaskPackage;

import org.junit.jupiter.api.function.ThrowingConsumer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** What each sample promises, whichever compiler made its module. */
final class SampleBehaviour {
    private static final long SEED = 11;
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String SECRET = "It's a Secret to Everybody";

    /** The check of each sample by its name. */
    static final Map<String, ThrowingConsumer<SampleModule>> CHECKS = checks();

    private SampleBehaviour() {}

    private static Map<String, ThrowingConsumer<SampleModule>> checks() {
        Map<String, ThrowingConsumer<SampleModule>> checks = new LinkedHashMap<>();
        checks.put("hello", SampleBehaviour::hello);
        checks.put("echo", SampleBehaviour::echo);
        checks.put("markdown", SampleBehaviour::markdown);
        checks.put("geo", SampleBehaviour::geo);
        checks.put("checksum", SampleBehaviour::checksum);
        checks.put("webhook-verify", SampleBehaviour::webhookVerify);
        checks.put("site", SampleBehaviour::site);
        checks.put("fetch", SampleBehaviour::fetch);
        checks.put("whoami", SampleBehaviour::whoami);
        return checks;
    }

    /** Prepares a module and checks it. */
    static void check(TaskRuntime runtime, String name, Function<String, Path> modules)
            throws Throwable {
        byte[] code = code(modules.apply(name), SamplesTest.SAMPLES.resolve(name));
        try (SampleModule module = SampleModule.prepare(runtime, code, HandlerKind.HTTP)) {
            CHECKS.get(name).accept(module);
        }
    }

    /** As it is deployed: with its assets, if it has some. */
    private static byte[] code(Path module, Path sample)
            throws IOException, AssetsRejectedException {
        byte[] alone = Files.readAllBytes(module);
        Path assets = sample.resolve("assets");
        return Files.isDirectory(assets) ? TaskPackage.of(alone, assets) : alone;
    }

    private static void hello(SampleModule hello) {
        Map<String, String> get = Map.of("REQUEST_METHOD", "GET", "PATH_INFO", "/x");
        Answer plain = completed(hello.call(get, ""));
        assertEquals("text/plain; charset=utf-8", plain.header("Content-Type"));
        assertEquals("Hello, world! This was GET /x\n", plain.body());
        Answer named =
                completed(
                        hello.call(
                                Map.of("QUERY_STRING", "a=1&name=Ad%61+%C3%89%0d%0aX:%FFy"), ""));
        assertTrue(named.body().startsWith("Hello, Ada ÉX:y!"), named.body());
    }

    /** As a host signs for it that says what it was asked. */
    private static void whoami(SampleModule whoami) {
        Answer proven = completed(asked(whoami, "audience=https%3A%2F%2Fb.test&nonce=n-1"));
        assertEquals("application/jwt", proven.header("Content-Type"));
        assertEquals("no-store", proven.header("Cache-Control"));
        assertEquals("demo/sample https://b.test n-1\n", proven.body());
        assertEquals("demo/sample  \n", completed(asked(whoami, "")).body());
        Answer wrong = completed(asked(whoami, "nonce=" + "x".repeat(600)));
        assertEquals("400", wrong.header("Status"));
        assertEquals("503", completed(asked(whoami, "audience=nobody")).header("Status"));
    }

    private static Answer asked(SampleModule whoami, String query) {
        return whoami.call(Map.of("QUERY_STRING", query), "");
    }

    private static void echo(SampleModule echo) throws Exception {
        Map<String, String> environment =
                Map.of(
                        "REQUEST_METHOD", "POST",
                        "PATH_INFO", "/a \"b\"",
                        "QUERY_STRING", "x=%20&y",
                        "CONTENT_TYPE", "text/plain",
                        "HTTP_X_ODD", "tab\tquote\"back\\",
                        "SECRET", "not for callers");
        String text = "hé\u0000\u0001\"\\ \uD83D\uDE00\n";
        Answer answer = completed(echo.call(environment, text));
        JsonNode json = JSON.readTree(answer.body());
        assertEquals("application/json", answer.header("Content-Type"));
        assertEquals("POST", json.get("method").textValue());
        assertEquals("/a \"b\"", json.get("path").textValue());
        assertEquals("x=%20&y", json.get("query").textValue());
        assertEquals("utf-8", json.get("bodyEncoding").textValue());
        assertEquals(text, json.get("body").textValue());
        assertEquals(2, json.get("headers").size(), json.toString());
        assertEquals("tab\tquote\"back\\", json.at("/headers/x-odd").textValue());
        assertEquals("text/plain", json.at("/headers/content-type").textValue());

        byte[] bytes = new byte[300_001];
        new Random(SEED).nextBytes(bytes);
        JsonNode binary = JSON.readTree(completed(echo.call(Map.of(), bytes)).body());
        assertEquals("base64", binary.get("bodyEncoding").textValue());
        byte[] back = Base64.getDecoder().decode(binary.get("body").textValue());
        assertEquals(HexFormat.of().formatHex(bytes), HexFormat.of().formatHex(back));
    }

    private static void markdown(SampleModule markdown) {
        String text =
                """
                Title
                =====
                A *b* **c** `d<e` [link](http://x.y/?a=1&b=2 "t") <b>no</b>

                - one
                  - two
                    1. three

                > quoted

                ```java
                a < b;
                ```

                | a | b |
                |---|--:|
                | 1 | 2 |

                [bad](javascript:alert(1)) [worse](JaVaScRiPt&#58;alert(1)) ![i*m*g](i.png)
                """;
        Answer answer = completed(markdown.call(Map.of("REQUEST_METHOD", "POST"), text));
        String html = answer.body();
        List.of(
                        "<h1>Title</h1>",
                        "<em>b</em> <strong>c</strong> <code>d&lt;e</code>",
                        "<a href=\"http://x.y/?a=1&amp;b=2\" title=\"t\">link</a>",
                        "&lt;b&gt;no&lt;/b&gt;",
                        "<ol>\n<li>three</li>\n</ol>",
                        "<blockquote>\n<p>quoted</p>\n</blockquote>",
                        "<pre><code class=\"language-java\">a &lt; b;\n</code></pre>",
                        "<td>1</td><td align=\"right\">2</td>",
                        "<p>bad ",
                        "<img src=\"i.png\" alt=\"img\">")
                .forEach(piece -> assertTrue(html.contains(piece), piece + " in\n" + html));
        assertTrue(!html.contains("href=\"java"), html);
        hostileMarkdown(markdown);
        Answer tooLong =
                completed(markdown.call(Map.of("REQUEST_METHOD", "POST"), "a".repeat(1 << 21)));
        assertEquals("413", tooLong.header("Status"));
    }

    /** Whatever comes in, it ends, and every tag that it opens it closes. */
    private static void hostileMarkdown(SampleModule markdown) {
        Map<String, String> post = Map.of("REQUEST_METHOD", "POST");
        for (String piece : List.of("[", "*a_", "![[", "> - ", "`a``b", "|-|\n", "<a:", "[a](\"")) {
            completed(markdown.call(post, piece.repeat(20_000)));
        }
        Random random = new Random(SEED);
        for (int i = 0; i < 300; i++) {
            StringBuilder text = new StringBuilder();
            for (int j = 0; j < 60; j++) {
                String signs = "*_~`[]()<>!#-+|\\&\"'\n\t 1.a:=";
                text.append(signs.charAt(random.nextInt(signs.length())));
            }
            String html = completed(markdown.call(post, text.toString())).body();
            String context = "seed %d, call %d: %s".formatted(SEED, i, text);
            assertEquals(count(html, "<[a-z]"), count(html, "</[a-z]") + singles(html), context);
        }
    }

    private static long singles(String html) {
        return count(html, "<(br|hr|img)\\b");
    }

    private static long count(String text, String pattern) {
        return Pattern.compile(pattern).matcher(text).results().count();
    }

    private static void geo(SampleModule geo) {
        assertEquals("/fn/demo/geo/en/p%20q?x=1", location(geo, ""));
        assertEquals("/fn/demo/geo/de/p%20q?x=1", location(geo, "de-AT, en;q=0.9"));
        assertEquals("/fn/demo/geo/fr/p%20q?x=1", location(geo, "de;q=0.5,fr;q=0.7"));
        assertEquals("/fn/demo/geo/pt-BR/p%20q?x=1", location(geo, "pt"));
        assertEquals("/fn/demo/geo/de/p%20q?x=1", location(geo, "en;q=0, *;q=0.1"));
        assertEquals("/fn/demo/geo/en/p%20q?x=1", location(geo, "tlh, q=;;,,de;q=7"));
        Answer page = completed(geo.call(Map.of("PATH_INFO", "/de/x"), ""));
        assertEquals("de", page.header("Content-Language"));
        assertEquals("Willkommen!\n", page.body());
        Answer split =
                completed(
                        geo.call(
                                Map.of(
                                        "PATH_INFO", "/a\r\nSet-Cookie: x",
                                        "TARGET", "https://x.y",
                                        "LANGUAGES", "sv, en"),
                                ""));
        assertEquals("https://x.y/sv/a%0d%0aSet-Cookie:%20x", split.header("Location"));
    }

    private static String location(SampleModule geo, String accepted) {
        Answer answer =
                completed(
                        geo.call(
                                Map.of(
                                        "SCRIPT_NAME", "/fn/demo/geo",
                                        "PATH_INFO", "/p q",
                                        "QUERY_STRING", "x=1",
                                        "HTTP_ACCEPT_LANGUAGE", accepted),
                                ""));
        assertEquals("302", answer.header("Status"));
        assertEquals("Accept-Language", answer.header("Vary"));
        return answer.header("Location");
    }

    private static void checksum(SampleModule checksum) throws Exception {
        for (int length : List.of(0, 1, 55, 56, 63, 64, 119, 120, 70_000)) {
            byte[] payload = new byte[length];
            new Random(SEED + length).nextBytes(payload);
            CRC32 crc = new CRC32();
            crc.update(payload);
            JsonNode json = JSON.readTree(completed(checksum.call(Map.of(), payload)).out());
            assertEquals(length, json.get("length").intValue());
            assertEquals("%08x".formatted(crc.getValue()), json.get("crc32").textValue());
            byte[] sha = MessageDigest.getInstance("SHA-256").digest(payload);
            assertEquals(HexFormat.of().formatHex(sha), json.get("sha256").textValue());
        }
    }

    private static void webhookVerify(SampleModule verify) throws Exception {
        String body = "{\"action\":\"é \\u2028 \uD83D\uDE00\"}";
        String good = "sha256=" + hmac(body.getBytes(UTF_8));
        assertEquals(200, status(verify, event("X-Hub-Signature-256", good, body, false)));
        assertEquals(401, status(verify, event("x-hub-signature-256", good, body + " ", false)));
        assertEquals(401, status(verify, event("x-hub-signature-256", "sha256=zz", body, false)));
        assertEquals(401, status(verify, event("other", good, body, false)));
        byte[] bytes = {-1, 0, 7};
        String base64 = Base64.getEncoder().encodeToString(bytes);
        String binary = "sha256=" + hmac(bytes);
        assertEquals(200, status(verify, event("x-hub-signature-256", binary, base64, true)));
        long now = System.currentTimeMillis() / 1000;
        for (long time : List.of(now, now - 3_600)) {
            String signed = hmac((time + "." + body).getBytes(UTF_8));
            String header = "t=%d,v1=%s,v1=%s".formatted(time, "0".repeat(64), signed);
            int expected = time == now ? 200 : 401;
            assertEquals(expected, status(verify, event("Stripe-Signature", header, body, false)));
        }
        for (String broken :
                List.of("", "[]", "{", "{\"body\":\"\\", "{\"a\":".repeat(90), "{}x")) {
            Answer answer = verify.call(Map.of("WEBHOOK_SECRET", SECRET), broken);
            assertEquals(
                    1, assertInstanceOf(Outcome.FunctionError.class, answer.outcome()).exitCode());
            assertEquals("BadEvent", JSON.readTree(answer.out()).get("errorType").textValue());
            assertTrue(answer.log().contains("payload"), answer.log());
        }
        Answer noSecret = verify.call(Map.of(), "{}");
        assertEquals("NoSecret", JSON.readTree(noSecret.out()).get("errorType").textValue());
    }

    private static void site(SampleModule site) throws IOException {
        Answer page = completed(page(site, "GET", "/"));
        assertEquals("200", page.header("Status"));
        assertEquals("text/html; charset=utf-8", page.header("Content-Type"));
        assertEquals(asset("index.html"), page.body());
        assertEquals("" + page.body().length(), page.header("Content-Length"));
        assertEquals("\"v7\"", page.header("ETag"));
        assertEquals("", completed(page(site, "HEAD", "/")).body());
        assertEquals(asset("docs/index.html"), completed(page(site, "GET", "/docs/")).body());
        Answer style = completed(page(site, "GET", "/style.css"));
        assertEquals("text/css; charset=utf-8", style.header("Content-Type"));
        assertEquals(asset("style.css"), style.body());
        assertEquals("/fn/demo/site/", page(site, "GET", "").header("Location"));
        assertEquals("/fn/demo/site/docs/", page(site, "GET", "/docs").header("Location"));
        for (String nowhere :
                List.of("/none", "/style.css/", "/../style.css", "//style.css", "/docs/%2e%2e")) {
            Answer none = completed(page(site, "GET", nowhere));
            assertEquals("404", none.header("Status"), nowhere);
            assertEquals(asset("404.html"), none.body(), nowhere);
        }
        assertEquals("405", completed(page(site, "POST", "/")).header("Status"));
        Map<String, String> again = new LinkedHashMap<>(request("GET", "/"));
        again.put("HTTP_IF_NONE_MATCH", "\"v7\"");
        Answer known = completed(site.call(again, ""));
        assertEquals("304", known.header("Status"));
        assertEquals("", known.body());
    }

    private static Answer page(SampleModule site, String method, String path) {
        return site.call(request(method, path), "");
    }

    private static Map<String, String> request(String method, String path) {
        return Map.of(
                "REQUEST_METHOD",
                method,
                "SCRIPT_NAME",
                "/fn/demo/site",
                "PATH_INFO",
                path,
                "RUNNEL_TASK_VERSION",
                "7");
    }

    private static String asset(String name) throws IOException {
        return Files.readString(SamplesTest.SAMPLES.resolve("site/assets").resolve(name));
    }

    private static void fetch(SampleModule fetch) {
        Answer page = completed(fetched(fetch, "http%3A%2F%2Fsite.test%2Fpage"));
        assertEquals("200", page.header("Status"));
        assertEquals("text/html", page.header("Content-Type"));
        assertEquals(CannedSite.PAGE, page.body());
        assertEquals("[info] got an answer\n", page.log());
        Answer none = completed(fetched(fetch, "http://site.test/none"));
        assertEquals("404", none.header("Status"));
        assertEquals("application/octet-stream", none.header("Content-Type"));
        Map.of(
                        "", "400",
                        "site.test/page", "400",
                        "http://u:p@site.test/page", "400",
                        "http://other.test/page", "403",
                        "http://site.test:81/page", "403",
                        "https://site.test/page", "502",
                        "http://site.test/slow", "504")
                .forEach(
                        (url, status) ->
                                assertEquals(
                                        status,
                                        completed(fetched(fetch, url)).header("Status"),
                                        url));
        Answer broken = fetched(fetch, "http://site.test/broken");
        assertInstanceOf(Outcome.Trapped.class, broken.outcome());
        Answer refused = fetched(fetch, "http://other.test/page");
        assertTrue(
                refused.log().startsWith("[warn] runnel: no answer from other.test:80: "),
                refused.log());
    }

    private static Answer fetched(SampleModule fetch, String url) {
        return fetch.call(Map.of("REQUEST_METHOD", "GET", "QUERY_STRING", "url=" + url), "");
    }

    private static String event(String header, String value, String body, boolean base64) {
        var event = JSON.createObjectNode();
        event.put("version", "2.0").putArray("cookies").add(1).addNull();
        event.putObject("headers").put("host", "x").put(header, value);
        event.put("isBase64Encoded", base64).put("body", body);
        return event.toString();
    }

    private static int status(SampleModule verify, String event) throws Exception {
        Answer answer = completed(verify.call(Map.of("WEBHOOK_SECRET", SECRET), event));
        JsonNode result = JSON.readTree(answer.out());
        boolean valid = JSON.readTree(result.get("body").textValue()).get("valid").booleanValue();
        assertEquals(valid ? 200 : 401, result.get("statusCode").intValue());
        return result.get("statusCode").intValue();
    }

    private static String hmac(byte[] text) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(SECRET.getBytes(ISO_8859_1), "HmacSHA256"));
        return HexFormat.of().formatHex(mac.doFinal(text));
    }

    private static Answer completed(Answer answer) {
        assertInstanceOf(Outcome.Completed.class, answer.outcome(), answer.log());
        return answer;
    }
}
