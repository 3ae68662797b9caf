package io.runnel.routing.api;

import static io.runnel.routing.api.Documents.assertFlaw;
import static io.runnel.routing.api.Documents.read;
import static io.runnel.routing.api.Documents.with;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

class CorsRuleTest {
    private static String document(String cors) {
        return with("\"x-runnel-cors\": %s, \"paths\": {\"/a\": {\"get\": {}}}".formatted(cors));
    }

    private static CorsRule rule(String cors) {
        return read(document(cors)).cors().orElseThrow();
    }

    @Test
    void trueIsAnyOriginWithoutCredentials() {
        CorsRule any = rule("true");
        assertEquals(Optional.of("*"), any.allowedOrigin("https://shop.example"));
        assertEquals(Optional.of("*"), any.allowedOrigin("null"));
        assertEquals(false, any.credentials());
        assertEquals(Optional.empty(), read(document("false")).cors());
    }

    @Test
    void anOriginIsAllowedAsItIsWrittenAndNoOther() {
        CorsRule some =
                rule(
                        """
                        {"origins": ["https://shop.example", "http://localhost:3000"],
                         "headers": ["X-Mine"], "expose": ["ETag"], "maxAge": "1h",
                         "credentials": true}
                        """);
        assertEquals(List.of("x-mine"), some.headers());
        assertEquals(List.of("etag"), some.expose());
        assertEquals(Duration.ofHours(1), some.maxAge());
        assertEquals(true, some.credentials());
        for (String origin : some.origins()) {
            assertEquals(Optional.of(origin), some.allowedOrigin(origin));
        }
        for (String other :
                List.of(
                        "null",
                        "",
                        "*",
                        "http://shop.example",
                        "https://shop.example.evil.example",
                        "https://evil-shop.example",
                        "https://shop.example:444",
                        "https://shop.example/",
                        "https://SHOP.example",
                        "https://a.shop.example",
                        "https://shop.example, https://shop.example",
                        "http://localhost",
                        "http://localhost:30000")) {
            assertEquals(Optional.empty(), some.allowedOrigin(other), other);
        }
    }

    @Test
    void whatIsNoOriginIsRefused() {
        for (String bad :
                List.of(
                        "",
                        "shop.example",
                        "https://shop.example/",
                        "https://shop.example:443",
                        "http://shop.example:80",
                        "https://u@shop.example",
                        "https://*.shop.example",
                        "https://Shop.example",
                        "ftp://shop.example",
                        "https://",
                        "https://shop.example?x",
                        "null",
                        "https://" + "a".repeat(300))) {
            assertFlaw(
                    "/x-runnel-cors",
                    "an origin must be as",
                    document("{\"origins\": [\"%s\"]}".formatted(bad)));
        }
    }

    @Test
    void anyOriginIsAloneAndWithoutCredentials() {
        String words = "origin * must be alone";
        assertFlaw("/x-runnel-cors", words, document("{\"origins\":[\"*\"],\"credentials\":true}"));
        assertFlaw(
                "/x-runnel-cors", words, document("{\"origins\": [\"*\", \"https://a.example\"]}"));
        assertFlaw("/x-runnel-cors", "origins must be 1 to", document("{\"origins\": []}"));
        assertFlaw("/x-runnel-cors", "must have origins", document("{}"));
        assertFlaw("/x-runnel-cors", "must be an object", document("\"*\""));
        assertFlaw(
                "/x-runnel-cors/origin", "is not known", document("{\"origin\":1,\"origins\":[]}"));
    }

    @Test
    void headersAreNamedAndAgesEnd() {
        String some = "{\"origins\": [\"https://a.example\"], %s}";
        assertFlaw("/x-runnel-cors", "* is none", document(some.formatted("\"headers\": [\"*\"]")));
        assertFlaw(
                "/x-runnel-cors",
                "names of headers",
                document(some.formatted("\"expose\":[\"a b\"]")));
        assertFlaw(
                "/x-runnel-cors",
                "maxAge must be",
                document(some.formatted("\"maxAge\": \"25h\"")));
    }
}
