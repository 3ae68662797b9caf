package io.runnel.exec.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.Caller;

import org.junit.jupiter.api.Test;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

class CgiRequestTest {
    private static Map<String, String> environment(RequestView request, CallFacts facts) {
        return CgiRequest.environment(request, facts, OptionalLong.of(3)).orElseThrow();
    }

    private static Map<String, String> withHeaders(String... namesAndValues) {
        return environment(
                CallFixture.request("", namesAndValues),
                CallFixture.facts(Caller.ANONYMOUS, "", Map.of()));
    }

    @Test
    void theVariablesAreThoseOfRfc3875AndWagi() {
        CallFacts facts =
                CallFixture.facts(
                        new Caller.Keyed(new AccountId("other"), "RNL"), "/a", Map.of("OWN", "1"));
        RequestView request =
                CallFixture.request("q=%20", "Content-Type", "a/b", "Content-Length", "9");
        Map<String, String> expected =
                Map.ofEntries(
                        Map.entry("GATEWAY_INTERFACE", "CGI/1.1"),
                        Map.entry("SERVER_SOFTWARE", "Runnel"),
                        Map.entry("SERVER_PROTOCOL", "HTTP/1.1"),
                        Map.entry("HTTP_HOST", "edge.example:8081"),
                        Map.entry("SERVER_NAME", "edge.example"),
                        Map.entry("SERVER_PORT", "8081"),
                        Map.entry("REMOTE_ADDR", "192.0.2.1"),
                        Map.entry("REMOTE_HOST", "192.0.2.1"),
                        Map.entry("REMOTE_USER", "other"),
                        Map.entry("AUTH_TYPE", "Bearer"),
                        Map.entry("REQUEST_METHOD", "POST"),
                        Map.entry("QUERY_STRING", "q=%20"),
                        Map.entry("SCRIPT_NAME", "/fn/demo/hello"),
                        Map.entry("PATH_INFO", "/a"),
                        Map.entry("CONTENT_TYPE", "a/b"),
                        Map.entry("CONTENT_LENGTH", "3"),
                        Map.entry("X_RAW_PATH_INFO", "/a"),
                        Map.entry("X_MATCHED_ROUTE", "/fn/demo/hello/..."),
                        Map.entry("X_FULL_URL", "http://edge.example:8081/fn/demo/hello/a?q=%20"),
                        Map.entry("RUNNEL_REQUEST_ID", CallFixture.ID.value()),
                        Map.entry("RUNNEL_ACCOUNT", "demo"),
                        Map.entry("RUNNEL_TASK", "hello"),
                        Map.entry("RUNNEL_TASK_VERSION", "7"),
                        Map.entry("OWN", "1"));
        assertEquals(expected, environment(request, facts));
    }

    @Test
    void aRouteOfAnApiIsTold() {
        RouteFacts route = new RouteFacts("shop", "live", "POST /{x}", Map.of("x", "a"));
        CallFacts facts = CallFixture.facts(Caller.ANONYMOUS, "/a", Optional.of(route), Map.of());
        Map<String, String> byPath = environment(at("/api/demo/shop/a"), facts);
        assertEquals("/api/demo/shop", byPath.get("SCRIPT_NAME"));
        assertEquals("/a", byPath.get("PATH_INFO"));
        assertEquals("/api/demo/shop/{x}", byPath.get("X_MATCHED_ROUTE"));
        Map<String, String> byHost = environment(at("/a"), facts);
        assertEquals("", byHost.get("SCRIPT_NAME"));
        assertEquals("/{x}", byHost.get("X_MATCHED_ROUTE"));
    }

    private static RequestView at(String path) {
        RequestView some = CallFixture.request("");
        return new RequestView(
                some.id(), some.method(), some.protocol(), path, some.query(), some.headers());
    }

    @Test
    void noHeaderPosesAsAnother() {
        Map<String, String> seen =
                withHeaders(
                        "X-Real-IP",
                        "true",
                        "X_Real-IP",
                        "forged",
                        "X_Real_IP",
                        "forged",
                        "A.b",
                        "x",
                        "Proxy",
                        "evil",
                        "proxy",
                        "evil");
        assertEquals("true", seen.get("HTTP_X_REAL_IP"));
        assertFalse(seen.containsKey("HTTP_PROXY"));
        assertFalse(seen.containsKey("HTTP_A.B"));
    }

    @Test
    void aCallerCannotSetWhatTheServerSays() {
        CallFacts facts =
                CallFixture.facts(
                        Caller.ANONYMOUS,
                        "",
                        Map.of("REMOTE_USER", "root", "REMOTE_ADDR", "x", "HTTP_ACCEPT", "own"));
        Map<String, String> seen = environment(CallFixture.request("", "Accept", "theirs"), facts);
        assertFalse(seen.containsKey("REMOTE_USER"));
        assertEquals("192.0.2.1", seen.get("REMOTE_ADDR"));
        assertEquals("theirs", seen.get("HTTP_ACCEPT"));
    }

    @Test
    void whatIsUtf8IsReadAsSuch() {
        assertEquals("\u00e9", withHeaders("X", "\u00c3\u00a9").get("HTTP_X"));
        assertEquals("\u00e9", withHeaders("X", "\u00e9").get("HTTP_X"));
    }

    @Test
    void aPathIsDecodedOrRefused() {
        CallFacts clear = CallFixture.facts(Caller.ANONYMOUS, "/a%20b/..", Map.of());
        Map<String, String> seen = environment(CallFixture.request(""), clear);
        assertEquals("/a b/..", seen.get("PATH_INFO"));
        assertEquals("/a%20b/..", seen.get("X_RAW_PATH_INFO"));
        CallFacts hidden = CallFixture.facts(Caller.ANONYMOUS, "/a%2Fb", Map.of());
        assertEquals(
                Optional.empty(),
                CgiRequest.environment(CallFixture.request(""), hidden, OptionalLong.empty()));
    }
}
