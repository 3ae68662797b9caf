package io.runnel.routing.api;

import static io.runnel.routing.api.Documents.assertFlaw;
import static io.runnel.routing.api.Documents.only;
import static io.runnel.routing.api.Documents.read;
import static io.runnel.routing.api.Documents.with;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.exec.task.Qualifier;
import io.runnel.exec.task.TaskRef;

import org.junit.jupiter.api.Test;

import java.util.List;

class ApiDocumentTest {
    @Test
    void aDocumentIsReadInItsOrder() {
        Api api =
                read(
                        with(
                                """
                                "x-other": 1, "servers": [], "tags": [], "paths": {
                                  "x-note": {"get": 1},
                                  "/b": {"summary": "s", "post": {}, "get": {"x-mine": []}},
                                  "/a/{id}": {"get": {"operationId": "one", "responses": {}}}}
                                """));
        assertEquals("Shop", api.title());
        assertEquals(
                List.of("POST /b", "GET /b", "GET /a/{id}"),
                api.operations().stream().map(Operation::key).toList());
        assertFalse(api.cors().isPresent());
        assertEquals(new RouteMatch.None(), api.routes().find("GET", "/c"));
    }

    @Test
    void theNearestTaskWins() {
        Api api =
                read(
                        with(
                                """
                                "paths": {
                                  "/a": {"get": {}, "x-runnel-task": "near@3",
                                         "put": {"x-runnel-task": "acme/charge@live"}},
                                  "/b": {"get": {"x-runnel-task": "own@stable"}, "put": {}}}
                                """));
        List<Operation> all = api.operations();
        assertEquals(TaskRef.of("demo", "near"), all.get(0).task());
        assertEquals(Qualifier.of(3), all.get(0).version());
        assertEquals(TaskRef.of("acme", "charge"), all.get(1).task());
        assertEquals(Qualifier.of("live"), all.get(1).version());
        assertEquals(TaskRef.of("demo", "own"), all.get(2).task());
        assertEquals(Qualifier.of("stable"), all.get(2).version());
        assertEquals(TaskRef.of("demo", "shop"), all.get(3).task());
        assertEquals(Qualifier.NONE, all.get(3).version());
    }

    @Test
    void everyOperationHasATask() {
        assertFlaw(
                "/paths/~1a~1{id}/get",
                "must have x-runnel-task",
                """
                {"openapi":"3.1.1","info":{"title":"T"},"paths":{"/a/{id}":{"get":{}}}}
                """);
        for (String bad : List.of("", "A", "a@", "a@0", "a@-x", "/a", "a/", "a/b/c", "a@b@c")) {
            assertFlaw(
                    "/paths/~1a/get/x-runnel-task",
                    "must be a task as charge",
                    Documents.of("get", "/a", "{\"x-runnel-task\": \"%s\"}".formatted(bad)));
        }
    }

    @Test
    void onlyAnEmptyListOpensAnOperation() {
        assertFalse(only(Documents.of("get", "/a", "{}")).open());
        assertTrue(only(Documents.of("get", "/a", "{\"security\": []}")).open());
        assertFalse(only(Documents.of("get", "/a", "{\"security\": [{}]}")).open());
        assertFalse(only(Documents.of("get", "/a", "{\"security\": [{\"k\": []}]}")).open());
        String open = "\"security\": [], \"paths\": {\"/a\": {\"get\": %s}}";
        assertTrue(only(with(open.formatted("{}"))).open());
        assertFalse(only(with(open.formatted("{\"security\": [{}]}"))).open());
        String closed = "\"security\": [{}], \"paths\": {\"/a\": {\"get\": %s}}";
        assertFalse(only(with(closed.formatted("{}"))).open());
        assertTrue(only(with(closed.formatted("{\"security\": []}"))).open());
        assertFlaw(
                "/paths/~1a/get/security",
                "must be a list",
                Documents.of("get", "/a", "{\"security\": {}}"));
        assertFlaw("/security", "must be a list", with("\"security\": null, \"paths\": {}"));
    }

    @Test
    void whatOpenApiAsksForIsAskedFor() {
        assertFlaw("", "must have openapi", "{\"info\":{\"title\":\"T\"},\"paths\":{}}");
        assertFlaw(
                "/openapi",
                "must be 3.1.0",
                "{\"openapi\":\"3.0.3\",\"info\":{\"title\":\"T\"},\"paths\":{}}");
        assertFlaw("/info", "must have title", "{\"openapi\":\"3.1.0\",\"info\":{},\"paths\":{}}");
        assertFlaw("", "must have paths", "{\"openapi\":\"3.1.0\",\"info\":{\"title\":\"T\"}}");
        assertFlaw("/paths", "must have an operation", with("\"paths\": {}"));
        assertFlaw("/paths/a", "must begin with /", Documents.of("get", "a", "{}"));
        assertFlaw("/paths/~1a/trace", "no node answers TRACE", Documents.of("trace", "/a", "{}"));
        assertFlaw("/paths/~1a/gett", "is no field that OpenAPI", Documents.of("gett", "/a", "{}"));
        assertFlaw("/paths/~1a/get/x", "is no field that", Documents.of("get", "/a", "{\"x\": 1}"));
        assertFlaw("/secruity", "is no field that", with("\"secruity\": [], \"paths\": {}"));
    }

    @Test
    void aFieldOfOursThatIsNotKnownIsRefusedWhereverItIs() {
        assertFlaw(
                "/x-runnel-tsk", "is not known here", with("\"x-runnel-tsk\": 1, \"paths\": {}"));
        assertFlaw(
                "/X-Runnel-Cache",
                "is not known here",
                with("\"X-Runnel-Cache\": 1, \"paths\": {}"));
        assertFlaw(
                "/x-runnel-webhook",
                "is not known",
                with("\"x-runnel-webhook\": {}, \"paths\": {}"));
        assertFlaw(
                "/paths/~1a/get/x-runnel-cors",
                "is not known here; known are",
                Documents.of("get", "/a", "{\"x-runnel-cors\": true}"));
        assertFlaw(
                "/paths/~1a/x-runnel-webhook",
                "is not known",
                with("\"paths\": {\"/a\": {\"x-runnel-webhook\": {}}}"));
        assertFlaw("/paths/x-runnel-a", "is not known", with("\"paths\": {\"x-runnel-a\": {}}"));
        assertFlaw(
                "/paths/~1a/get/requestBody/x-runnel-max-body",
                "is not known",
                Documents.of(
                        "get", "/a", "{\"requestBody\":{\"x-runnel-max-body\":1,\"content\":{}}}"));
        assertFlaw(
                "/info/x-runnel-task",
                "is not known",
                """
                {"openapi":"3.1.0","info":{"title":"T","x-runnel-task":"a"},"paths":{}}
                """);
    }

    @Test
    void twoRoutesForTheSameRequestsAreNamedBoth() {
        assertFlaw(
                "/paths/~1a~1{y}/get",
                "GET /a/{y} matches the same as GET /a/{x}",
                with("\"paths\": {\"/a/{x}\": {\"get\": {}}, \"/a/{y}\": {\"get\": {}}}"));
    }

    @Test
    void pathItemsMayBeKeptUnderComponents() {
        String document =
                """
                "paths": {"/a": {"$ref": "#/components/pathItems/one"%s}},
                "components": {"pathItems": {"one": %s}}
                """;
        String item = "{\"get\": {\"x-runnel-task\": \"other\"}}";
        assertEquals(TaskRef.of("demo", "other"), only(with(document.formatted("", item))).task());
        assertFlaw(
                "/paths/~1a/get",
                "must not stand beside $ref",
                with(document.formatted(", \"get\": {}", item)));
        assertFlaw(
                "/components/pathItems/one/$ref",
                "leads in a circle",
                with(document.formatted("", "{\"$ref\": \"#/components/pathItems/one\"}")));
    }

    @Test
    void referencesLeadToComponentsOnlyAndNotFar() {
        for (String ref :
                List.of(
                        "https://example.com/a.json",
                        "a.json",
                        "#/paths/~1b",
                        "#/components/pathItems/",
                        "#/components/pathItems/a/b",
                        "#/components/schemas/a",
                        "file:///etc/passwd")) {
            assertFlaw(
                    "/paths/~1a/$ref",
                    "nothing else is looked up",
                    with("\"paths\": {\"/a\": {\"$ref\": \"%s\"}}".formatted(ref)));
        }
        assertFlaw(
                "/paths/~1a/$ref",
                "leads to nothing",
                with("\"paths\": {\"/a\": {\"$ref\": \"#/components/pathItems/a\"}}"));
        assertEquals("GET /a", only(chain(16)).key());
        assertFlaw("/paths/~1a", "leads over more than 16", chain(17));
    }

    private static String chain(int references) {
        StringBuilder items = new StringBuilder("\"i%d\": {\"get\": {}}".formatted(references));
        for (int i = 1; i < references; i++) {
            items.append(
                    ", \"i%d\": {\"$ref\": \"#/components/pathItems/i%d\"}".formatted(i, i + 1));
        }
        return with(
                """
                "paths": {"/a": {"$ref": "#/components/pathItems/i1"}},
                "components": {"pathItems": {%s}}
                """
                        .formatted(items));
    }

    @Test
    void onlyStrictJsonIsRead() {
        assertFlaw("", "must be an object of JSON", "[]");
        assertFlaw("", "is no JSON", "");
        assertFlaw("", "is no JSON", "{} {}");
        assertFlaw("", "is no JSON", "{'a': 1}");
        assertFlaw("/info/title", "Duplicate", "{\"info\": {\"title\": 1, \"title\": 2}}");
        assertFlaw("", "a number is too large", "{\"x-a\": 1e999}");
        String deep = "[".repeat(64) + "]".repeat(64);
        ApiDocumentException flaw =
                assertThrows(
                        ApiDocumentException.class,
                        () -> ApiDocument.read("{\"x-a\": " + deep + "}", Documents.DEMO));
        assertTrue(flaw.getMessage().contains("64 deep"), flaw.getMessage());
        assertFalse(flaw.getMessage().contains("StreamRead"), flaw.getMessage());
    }

    @Test
    void aDocumentIsMeasuredWithoutBlanks() throws ApiDocumentException {
        String small = Documents.of("get", "/a", "{}");
        assertEquals("GET /a", only(small + " ".repeat(Api.MOST_CHARACTERS)).key());
        String filled = with("\"x-a\": \"%s\", \"paths\": {\"/a\": {\"get\": {}}}");
        int others = ApiDocument.compact(filled.formatted("")).length();
        String most = filled.formatted("a".repeat(Api.MOST_CHARACTERS - others));
        assertEquals(Api.MOST_CHARACTERS, ApiDocument.compact(most).length());
        assertEquals("GET /a", only(most).key());
        String more = filled.formatted("a".repeat(Api.MOST_CHARACTERS - others + 1));
        assertFlaw("", "must be at most", more);
        assertThrows(ApiDocumentException.class, () -> ApiDocument.compact(more));
        assertFlaw("", "must be at most", small + " ".repeat(4 * Api.MOST_CHARACTERS));
    }

    @Test
    void operationsHaveALimit() {
        assertEquals(Api.MOST_OPERATIONS, read(many(Api.MOST_OPERATIONS)).operations().size());
        assertFlaw("/paths", "at most 1000 operations", many(Api.MOST_OPERATIONS + 1));
    }

    private static String many(int count) {
        StringBuilder paths = new StringBuilder();
        for (int i = 0; i < count; i++) {
            paths.append(i == 0 ? "" : ",").append("\"/p%d\":{\"get\":{}}".formatted(i));
        }
        return with("\"paths\": {" + paths + "}");
    }
}
