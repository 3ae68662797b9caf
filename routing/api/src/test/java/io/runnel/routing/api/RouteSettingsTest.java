package io.runnel.routing.api;

import static io.runnel.routing.api.Documents.assertFlaw;
import static io.runnel.routing.api.Documents.only;
import static io.runnel.routing.api.Documents.read;
import static io.runnel.routing.api.Documents.with;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.exec.task.ByteSize;
import io.runnel.routing.catalog.CallRate;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

class RouteSettingsTest {
    private static Operation get(String fields) {
        return only(Documents.of("get", "/a/{id}", "{" + fields + "}"));
    }

    private static void flaw(String field, String value, String words) {
        assertFlaw(
                "/paths/~1a~1{id}/get/" + field,
                words,
                Documents.of("get", "/a/{id}", "{\"%s\": %s}".formatted(field, value)));
    }

    @Test
    void timesAreReadAsPeopleWriteThem() {
        Map<String, Duration> times =
                Map.of(
                        "500ms", Duration.ofMillis(500),
                        "5s", Duration.ofSeconds(5),
                        "2m", Duration.ofMinutes(2),
                        "900s", Duration.ofMinutes(15));
        times.forEach(
                (text, time) ->
                        assertEquals(
                                Optional.of(time),
                                get("\"x-runnel-timeout\": \"%s\"".formatted(text)).timeout()));
        for (String bad :
                List.of("", "5", "5 s", "-5s", "1.5s", "5w", "\u0665s", "1111111111111s")) {
            flaw("x-runnel-timeout", "\"" + bad + "\"", "must be a time as");
        }
        flaw("x-runnel-timeout", "\"0s\"", "must be 1ms to 15m");
        flaw("x-runnel-timeout", "\"16m\"", "must be 1ms to 15m");
        flaw("x-runnel-timeout", "\"1d\"", "must be 1ms to 15m");
        flaw("x-runnel-timeout", "5", "must be a text");
        flaw("x-runnel-timeout", "null", "must be a text");
    }

    @Test
    void sizesAndRatesAreRead() {
        assertEquals(
                Optional.of(ByteSize.ofKiB(64)),
                get("\"x-runnel-max-body\": \"64KiB\"").mostBody());
        flaw("x-runnel-max-body", "\"64KB\"", "size must be");
        assertEquals(
                Optional.of(new CallRate(100, 100)),
                get("\"x-runnel-throttle\":\"100/s\"").throttle());
        assertEquals(
                Optional.of(new CallRate(100, 200)),
                get("\"x-runnel-throttle\": {\"perSecond\": 100, \"burst\": 200}").throttle());
        assertEquals(
                Optional.of(new CallRate(7, 7)),
                get("\"x-runnel-throttle\": {\"perSecond\": 7}").throttle());
        flaw("x-runnel-throttle", "\"100\"", "must be as 100/s");
        flaw("x-runnel-throttle", "\"0/s\"", "perSecond must be 1 to");
        flaw("x-runnel-throttle", "{\"perSecond\": 1, \"burst\": 0}", "burst must be 1 to");
        assertFlaw(
                "/paths/~1a/get/x-runnel-throttle/perMinute",
                "is not known here",
                Documents.of("get", "/a", "{\"x-runnel-throttle\": {\"perMinute\": 1}}"));
    }

    @Test
    void answersAreKeptForGetAndHeadOnly() {
        CacheRule minute =
                new CacheRule(Duration.ofMinutes(1), Duration.ZERO, Duration.ZERO, false);
        assertEquals(Optional.of(minute), get("\"x-runnel-cache\": \"60s\"").cache());
        assertEquals(
                Optional.of(
                        new CacheRule(
                                Duration.ofSeconds(60),
                                Duration.ofSeconds(30),
                                Duration.ofHours(1),
                                true)),
                get("""
                "x-runnel-cache": {"maxAge": "60s", "staleWhileRevalidate": "30s",
                                   "staleIfError": "1h", "authenticated": true}
                """)
                        .cache());
        assertFlaw(
                "/paths/~1a/post/x-runnel-cache",
                "is for GET and HEAD only",
                Documents.of("post", "/a", "{\"x-runnel-cache\": \"1s\"}"));
        flaw("x-runnel-cache", "\"366d\"", "maxAge must be 0s to 365d");
        flaw("x-runnel-cache", "{\"maxAge\": \"1s\", \"staleIfError\": \"366d\"}", "staleIfError");
        flaw("x-runnel-cache", "{\"staleIfError\": \"1d\"}", "must have maxAge");
        flaw("x-runnel-cache", "true", "must be an object");
        var api =
                read(
                        with(
                                """
                                "x-runnel-cache": "60s",
                                "paths": {"/a": {"get": {}, "post": {}, "head": {}}}
                                """));
        assertEquals(
                List.of(Optional.of(minute), Optional.empty(), Optional.of(minute)),
                api.operations().stream().map(Operation::cache).toList());
    }

    @Test
    void parametersComeFromTheRequestOrTheDocument() {
        var set =
                get("""
                "x-runnel-parameters": {"id": "{path.id}", "currency": "EUR",
                  "who": "{query.who}", "lang": "{header.Accept-Language}"}
                """)
                        .parameters();
        assertEquals(
                Map.of(
                        "id", new ParameterSource.OfPath("id"),
                        "currency", new ParameterSource.Fixed("EUR"),
                        "who", new ParameterSource.OfQuery("who"),
                        "lang", new ParameterSource.OfHeader("accept-language")),
                set);
        flaw("x-runnel-parameters", "{\"a\": \"{path.other}\"}", "names {path.other}");
    }

    @Test
    void aTextWithBracesIsASourceAsAWholeOrRefused() {
        for (String bad :
                List.of(
                        "a{path.id}",
                        "{path.id}b",
                        "{path.idb",
                        "{query.idb",
                        "{path.id}{path.id}",
                        "{path}",
                        "{.id}",
                        "{body.id}",
                        "{",
                        "}",
                        "{path.}",
                        "{path.1}",
                        "{query.}",
                        "{header.}",
                        "{header.a b}")) {
            at("a", bad, "");
        }
    }

    @Test
    void whatCarriesCredentialsIsNoSource() {
        for (String header :
                List.of(
                        "authorization",
                        "Cookie",
                        "Proxy-Authorization",
                        "X-Amz-Security-Token",
                        "Runnel-Pop",
                        "runnel-x")) {
            at("a", "{header." + header + "}", "carries credentials");
        }
    }

    @Test
    void namesAndValuesAreThoseOfAliases() {
        at("a b", "x", "a parameter's name must be");
        at("a", "x".repeat(1_025), "must be at most 1024 characters");
        at("a", "\\u0001", "none of control");
        StringBuilder many = new StringBuilder();
        for (int i = 0; i <= 32; i++) {
            many.append(i == 0 ? "" : ",").append("\"p%d\":\"\"".formatted(i));
        }
        flaw("x-runnel-parameters", "{" + many + "}", "must be at most 32: 33");
    }

    private static void at(String name, String value, String words) {
        assertFlaw(
                "/paths/~1a~1{id}/get/x-runnel-parameters/" + name,
                words,
                Documents.of(
                        "get",
                        "/a/{id}",
                        "{\"x-runnel-parameters\": {\"%s\": \"%s\"}}".formatted(name, value)));
    }

    @Test
    void theNearestSettingWins() {
        var api =
                read(
                        with(
                                """
                                "x-runnel-timeout": "1s", "x-runnel-throttle": "1/s",
                                "x-runnel-parameters": {"a": "root"},
                                "paths": {"/a": {
                                  "x-runnel-timeout": "2s", "x-runnel-parameters": {"b": "path"},
                                  "get": {"x-runnel-timeout": "3s"}, "put": {}}}
                                """));
        Operation get = api.operations().get(0);
        Operation put = api.operations().get(1);
        assertEquals(Optional.of(Duration.ofSeconds(3)), get.timeout());
        assertEquals(Optional.of(Duration.ofSeconds(2)), put.timeout());
        assertEquals(Optional.of(new CallRate(1, 1)), get.throttle());
        assertEquals(Map.of("b", new ParameterSource.Fixed("path")), get.parameters());
        assertTrue(api.cors().isEmpty());
    }

    @Test
    void whatTheDocumentSaysIsReadEvenIfNoRouteGoesByIt() {
        assertFlaw(
                "/x-runnel-cache",
                "must be a time",
                with("\"x-runnel-cache\": \"x\", \"paths\": {\"/a\": {\"post\": {}}}"));
    }

    @Test
    void aWebhookNeedsAnOpenPostAndATaskOfTheOwner() {
        String hook = "\"x-runnel-webhook\": {\"scheme\": \"%s\", \"secret\": \"HOOK\"%s}";
        String github = hook.formatted("github", "");
        Operation signed = only(Documents.of("post", "/a", "{\"security\": [], " + github + "}"));
        assertEquals(
                Optional.of(
                        new WebhookRule(WebhookRule.Scheme.GITHUB, "HOOK", Duration.ofMinutes(5))),
                signed.webhook());
        Operation stripe =
                only(
                        Documents.of(
                                "put",
                                "/a",
                                "{\"security\": [], "
                                        + hook.formatted("stripe", ", \"tolerance\": \"10m\"")
                                        + "}"));
        assertEquals(
                Optional.of(
                        new WebhookRule(WebhookRule.Scheme.STRIPE, "HOOK", Duration.ofMinutes(10))),
                stripe.webhook());
        bad("post", github, "needs \"security\": []");
        bad("get", "\"security\": [], " + github, "is for POST and PUT only");
        bad(
                "post",
                "\"security\": [], \"x-runnel-task\": \"acme/x\", " + github,
                "needs a task of demo");
        bad(
                "post",
                "\"security\": [], " + hook.formatted("stripe", ", \"tolerance\": \"2h\""),
                "1h");
        bad("post", "\"security\": [], \"x-runnel-webhook\": {\"scheme\": \"github\"}", "secret");
        bad(
                "post",
                "\"security\": [], \"x-runnel-webhook\": {\"scheme\": \"github\", \"secret\":"
                        + " \"a-b\"}",
                "name of a variable");
        assertFlaw(
                "/paths/~1a/post/x-runnel-webhook/tolerance",
                "signs no time",
                Documents.of(
                        "post",
                        "/a",
                        "{\"security\": [], "
                                + hook.formatted("github", ", \"tolerance\": \"1m\"")
                                + "}"));
        assertFlaw(
                "/paths/~1a/post/x-runnel-webhook/scheme",
                "must be github, stripe or standard",
                Documents.of(
                        "post", "/a", "{\"security\": [], " + hook.formatted("GITHUB", "") + "}"));
    }

    private static void bad(String method, String fields, String words) {
        assertFlaw(
                "/paths/~1a/" + method + "/x-runnel-webhook",
                words,
                Documents.of(method, "/a", "{" + fields + "}"));
    }
}
