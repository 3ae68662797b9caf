package io.runnel.exec.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.runnel.exec.task.Qualifier;
import io.runnel.exec.task.TaskRef;
import io.vertx.core.http.HttpMethod;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Optional;

class EdgePathTest {
    private static final String INVOKE = "/2015-03-31/functions/";

    private static EdgeTarget get(String path) {
        return EdgePath.parse(HttpMethod.GET, path);
    }

    private static Optional<FunctionName> invoked(String name) {
        return EdgePath.parse(HttpMethod.POST, INVOKE + name + "/invocations")
                        instanceof EdgeTarget.Invoke(FunctionName function)
                ? Optional.of(function)
                : Optional.empty();
    }

    @Test
    void aTaskIsNamedByTwoLabels() {
        TaskRef hello = TaskRef.of("demo", "hello");
        assertEquals(new EdgeTarget.TaskCall(hello, Qualifier.of(0), ""), get("/fn/demo/hello"));
        assertEquals(new EdgeTarget.TaskCall(hello, Qualifier.of(0), "/"), get("/fn/demo/hello/"));
        assertEquals(
                new EdgeTarget.TaskCall(hello, Qualifier.of(0), "/a/b"), get("/fn/demo/hello/a/b"));
    }

    @Test
    void aVersionOrAnAliasMayBeNamed() {
        TaskRef hello = TaskRef.of("demo", "hello");
        assertEquals(new EdgeTarget.TaskCall(hello, Qualifier.of(3), ""), get("/fn/demo/hello@3"));
        assertEquals(
                new EdgeTarget.TaskCall(hello, Qualifier.of(120), "/a@b"),
                get("/fn/demo/hello@120/a@b"));
        assertEquals(
                new EdgeTarget.TaskCall(hello, Qualifier.of(0), "/@3"), get("/fn/demo/hello/@3"));
        assertEquals(
                new EdgeTarget.TaskCall(hello, Qualifier.of("stable"), "/x"),
                get("/fn/demo/hello@stable/x"));
        for (String bad :
                List.of(
                        "/fn/demo/hello@",
                        "/fn/demo/hello@0",
                        "/fn/demo/hello@03",
                        "/fn/demo/hello@-3",
                        "/fn/demo/hello@a.b",
                        "/fn/demo/hello@1234567890",
                        "/fn/demo/hello@1@2",
                        "/fn/demo/hello@%33",
                        "/fn/demo/@3",
                        "/fn/demo@3/hello")) {
            assertEquals(new EdgeTarget.Unknown(), get(bad), bad);
        }
    }

    @Test
    void anApiIsNamedAsATaskIs() {
        TaskRef shop = TaskRef.of("demo", "shop");
        assertEquals(new EdgeTarget.ApiCall(shop, Qualifier.NONE, ""), get("/api/demo/shop"));
        assertEquals(
                new EdgeTarget.ApiCall(shop, Qualifier.of("dev"), "/a%20b/"),
                get("/api/demo/shop@dev/a%20b/"));
        assertEquals(new EdgeTarget.ApiCall(shop, Qualifier.of(3), "/"), get("/api/demo/shop@3/"));
        for (String bad : List.of("/api", "/api/", "/api/demo", "/api/demo/", "/api/D/shop")) {
            assertEquals(new EdgeTarget.Unknown(), get(bad), bad);
        }
        assertEquals(new EdgeTarget.Malformed(), get("/api/demo/shop/%zz"));
    }

    @Test
    void aHostOfAnApiHasItsRoutesAndTheNodesOwnPaths() {
        TaskRef shop = TaskRef.of("demo", "shop");
        for (String path : List.of("/", "/orders/7", "/fn/demo/hello", "/api/acme/other/x")) {
            assertEquals(
                    new EdgeTarget.ApiCall(shop, Qualifier.NONE, path),
                    EdgePath.ofHost(shop, path, get(path)));
        }
        assertEquals(
                new EdgeTarget.Ready(),
                EdgePath.ofHost(shop, "/_runnel/ready", get("/_runnel/ready")));
        for (String bad : List.of("/%zz", "*", "orders")) {
            assertEquals(new EdgeTarget.Malformed(), EdgePath.ofHost(shop, bad, get(bad)), bad);
        }
    }

    @Test
    void whatFollowsTheTaskIsKeptAsItCame() {
        for (String rest :
                List.of("//", "/..", "/../../etc", "/a%2Fb", "/%2e%2e/", "/a;v=1/b:c@d", "/[|]")) {
            assertEquals(
                    new EdgeTarget.TaskCall(TaskRef.of("demo", "hello"), Qualifier.NONE, rest),
                    get("/fn/demo/hello" + rest));
        }
    }

    @Test
    void noTrickMakesAName() {
        for (String path :
                List.of(
                        "/fn",
                        "/fn/",
                        "/fn//",
                        "/fn/demo",
                        "/fn/demo/",
                        "/fn//hello",
                        "/fn/demo//hello",
                        "/fn/../demo/hello",
                        "/fn/demo/../hello",
                        "/fn/./demo/hello",
                        "/fn/demo/..",
                        "/fn/%64emo/hello",
                        "/fn/demo%2Fhello",
                        "/fn/demo/hel%6co",
                        "/fn/demo/hello%00",
                        "/fn/demo/hello%2f..",
                        "/fn/demo/hello%5c",
                        "/fn/demo\\hello",
                        "/fn/demo/hello\\x",
                        "/fn/demo/%zz",
                        "/fn/demo/%",
                        "/fn/Demo/hello",
                        "/fn/demo/hello;a=b",
                        "/fn/demo/h\u00e9llo",
                        "/fn/" + "a".repeat(64) + "/hello",
                        "/FN/demo/hello",
                        "//fn/demo/hello",
                        "/x/../fn/demo/hello",
                        "/",
                        "/_runnel",
                        "/_runnel/health/")) {
            assertInstanceOf(EdgeTarget.Unknown.class, get(path), path);
        }
    }

    @Test
    void whatIsNoPathIsMalformed() {
        for (String path :
                List.of(
                        "",
                        "*",
                        "fn/demo/hello",
                        "http:",
                        "/a b",
                        "/a\u0000b",
                        "/a\r\nX: y",
                        "/\u00e9",
                        "/%",
                        "/%4",
                        "/%g1",
                        "/%\uff11\uff11",
                        "/fn/demo/hello/%",
                        "/fn/demo/hello/a\\b",
                        "/fn/demo/hello/a b",
                        "/fn/demo/hello/\u007f")) {
            assertInstanceOf(EdgeTarget.Malformed.class, get(path), path);
        }
    }

    @Test
    void aPathHasALimit() {
        String longest = "/fn/demo/hello/" + "a".repeat(EdgePath.MOST_CHARACTERS - 15);
        assertInstanceOf(EdgeTarget.TaskCall.class, get(longest));
        assertInstanceOf(EdgeTarget.TooLong.class, get(longest + "a"));
    }

    @Test
    void healthAndReadinessAreKnown() {
        assertInstanceOf(EdgeTarget.Health.class, get("/_runnel/health"));
        assertInstanceOf(EdgeTarget.Ready.class, get("/_runnel/ready"));
    }

    @Test
    void keysAreToBeGot() {
        String keys = "/_runnel/jwks.json";
        assertInstanceOf(EdgeTarget.Keys.class, get(keys));
        assertInstanceOf(EdgeTarget.Unknown.class, EdgePath.parse(HttpMethod.POST, keys));
        assertInstanceOf(EdgeTarget.Unknown.class, get(keys + "/"));
    }

    @Test
    void aFunctionIsNamedAsLambdaDoes() {
        assertEquals("Optional[hello]", invoked("hello").map(FunctionName::task).toString());
        for (String name :
                List.of(
                        "demo:function:hello:7",
                        "demo%3Afunction%3ahello%3A7",
                        "arn:aws:lambda:eu-west-1:demo:function:hello:7",
                        "arn%3Aaws%3Alambda%3Aeu-west-1%3Ademo%3Afunction%3Ahello%3A7")) {
            FunctionName function = invoked(name).orElseThrow();
            assertEquals("demo", function.account().orElseThrow().value(), name);
            assertEquals("hello", function.task().value(), name);
            assertEquals(Optional.of("7"), function.qualifier(), name);
        }
        assertEquals(Optional.of("$LATEST"), invoked("hello:$LATEST").orElseThrow().qualifier());
    }

    @Test
    void aFunctionsAnswerMayBeAskedForAsAStream() {
        String path = "/2021-11-15/functions/demo%3Afunction%3Ahello/";
        String whole = path + "response-streaming-invocations";
        EdgeTarget target = EdgePath.parse(HttpMethod.POST, whole);
        assertEquals(
                new EdgeTarget.InvokeStream(
                        FunctionName.parse("demo:function:hello").orElseThrow()),
                target);
        assertInstanceOf(EdgeTarget.Unknown.class, get(whole));
        for (String other :
                List.of(
                        path + "invocations",
                        whole + "/",
                        whole.replace("2021-11-15", "2015-03-31"),
                        whole.replace("%3Ahello", "%3AHello"))) {
            assertInstanceOf(
                    EdgeTarget.Unknown.class, EdgePath.parse(HttpMethod.POST, other), other);
        }
    }

    @Test
    void anythingElseNamesNoFunction() {
        for (String name :
                List.of(
                        "",
                        ":",
                        "hello:",
                        ":hello",
                        "demo:hello:7:8",
                        "demo:funktion:hello",
                        "function:hello:",
                        "a/b",
                        "a%2Fb",
                        "..",
                        "%2e%2e",
                        "hello%00",
                        "hello%0a",
                        "hello%",
                        "Hello",
                        "hel_lo",
                        "-hello",
                        "arn:aws:s3:eu-west-1:demo:function:hello",
                        "arn:aws:lambda::demo:function:hello",
                        "a".repeat(64),
                        "a:".repeat(200))) {
            assertEquals(Optional.empty(), invoked(name), name);
        }
        assertInstanceOf(EdgeTarget.Unknown.class, get(INVOKE + "hello/invocations"));
        for (String path : List.of("hello", "hello/", "hello/invocations/", "hello/invoke")) {
            assertInstanceOf(
                    EdgeTarget.Unknown.class, EdgePath.parse(HttpMethod.POST, INVOKE + path), path);
        }
    }
}
