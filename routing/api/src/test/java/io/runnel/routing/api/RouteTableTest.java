package io.runnel.routing.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.exec.task.Qualifier;
import io.runnel.exec.task.TaskRef;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

class RouteTableTest {
    private static Operation operation(String key) {
        int blank = key.indexOf(' ');
        return new Operation(
                key.substring(0, blank),
                RouteTemplate.parse(key.substring(blank + 1)),
                TaskRef.of("demo", "shop"),
                Qualifier.NONE,
                true,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                new TreeMap<>(),
                RequestChecks.NONE,
                Optional.empty());
    }

    private static RouteTable table(String... keys) {
        return RouteTable.of(List.of(keys).stream().map(RouteTableTest::operation).toList());
    }

    private static void found(RouteTable table, String path, String key, Map<String, String> with) {
        var found = assertInstanceOf(RouteMatch.Found.class, table.find("GET", path), path);
        assertEquals(key, found.operation().key());
        assertEquals(with, found.parameters());
    }

    private static void none(RouteTable table, String path) {
        assertEquals(new RouteMatch.None(), table.find("GET", path), path);
    }

    @Test
    void theMostSpecificWinsFromTheLeft() {
        RouteTable table =
                table("GET /a/{x}/c", "GET /a/b/{y}", "GET /a/{rest+}", "GET /{x}/b/c", "GET /a/b");
        found(table, "/a/b/c", "GET /a/b/{y}", Map.of("y", "c"));
        found(table, "/a/z/c", "GET /a/{x}/c", Map.of("x", "z"));
        found(table, "/a/z/d", "GET /a/{rest+}", Map.of("rest", "z/d"));
        found(table, "/z/b/c", "GET /{x}/b/c", Map.of("x", "z"));
        found(table, "/a/b", "GET /a/b", Map.of());
        none(table, "/a");
        none(table, "/z/b");
    }

    @Test
    void aBranchThatEndsInNothingIsLeft() {
        RouteTable table = table("GET /a/b/c/d", "GET /a/{x}/c/e", "GET /{x}/b/c/f");
        found(table, "/a/b/c/e", "GET /a/{x}/c/e", Map.of("x", "b"));
        found(table, "/a/b/c/f", "GET /{x}/b/c/f", Map.of("x", "a"));
        none(table, "/a/b/c/g");
    }

    @Test
    void aSlashAtTheEndIsAnotherRoute() {
        RouteTable table = table("GET /a", "GET /b/", "GET /c/{x}", "GET /");
        found(table, "/a", "GET /a", Map.of());
        none(table, "/a/");
        found(table, "/b/", "GET /b/", Map.of());
        none(table, "/b");
        none(table, "/c/");
        none(table, "/c/d/");
        found(table, "/", "GET /", Map.of());
    }

    @Test
    void theRestHasASegmentAndKeepsItsSlashes() {
        RouteTable table = table("GET /f/{rest+}");
        found(table, "/f/a", "GET /f/{rest+}", Map.of("rest", "a"));
        found(table, "/f/a/b.txt", "GET /f/{rest+}", Map.of("rest", "a/b.txt"));
        found(table, "/f/a/", "GET /f/{rest+}", Map.of("rest", "a/"));
        found(table, "/f/a%20b/c", "GET /f/{rest+}", Map.of("rest", "a b/c"));
        none(table, "/f");
        none(table, "/f/");
        none(table, "/f//a");
        none(table, "/f/a//b");
        none(table, "/f/a/../b");
        none(table, "/f/a/%2e%2E/b");
        none(table, "/f/a%2Fb");
        found(
                table,
                "/f" + "/s".repeat(300),
                "GET /f/{rest+}",
                Map.of("rest", "s/".repeat(300).substring(0, 599)));
    }

    @Test
    void segmentsAreDecodedOnce() {
        RouteTable table = table("GET /caf\u00e9", "GET /x/{v}");
        found(table, "/caf%C3%A9", "GET /caf\u00e9", Map.of());
        found(table, "/x/%2525", "GET /x/{v}", Map.of("v", "%25"));
        found(table, "/x/a+b", "GET /x/{v}", Map.of("v", "a+b"));
        found(table, "/x/a+b%20c", "GET /x/{v}", Map.of("v", "a+b c"));
        found(table, "/%78/1", "GET /x/{v}", Map.of("v", "1"));
    }

    @Test
    void whatIsNotWellEncodedOrCouldLeadElsewhereHasNoRoute() {
        RouteTable table = table("GET /x/{v}", "GET /{a}/{b}");
        for (String segment :
                List.of(
                        "%",
                        "%4",
                        "%zz",
                        "%C3",
                        "%C0%AF",
                        "%ff",
                        "%2F",
                        "a%2fb",
                        "%00",
                        ".",
                        "..",
                        "%2e",
                        "%2E%2e",
                        ".%2e",
                        "",
                        "\u00e9",
                        "%\u0661\u0661",
                        "%ED%A0%80")) {
            none(table, "/x/" + segment);
        }
        none(table, "x/1");
        none(table, "");
        none(table, "*");
    }

    @Test
    void thePathIsChosenBeforeTheMethod() {
        RouteTable table = table("GET /a/me", "DELETE /a/{x}", "PUT /a/{y}");
        assertEquals(
                new RouteMatch.OtherMethod(new TreeSet<>(Set.of("GET", "HEAD"))),
                table.find("DELETE", "/a/me"));
        assertEquals(
                new RouteMatch.OtherMethod(new TreeSet<>(Set.of("DELETE", "PUT"))),
                table.find("HEAD", "/a/b"));
        assertEquals(
                new RouteMatch.OtherMethod(new TreeSet<>(Set.of("GET", "HEAD"))),
                table.find("get", "/a/me"));
        var put = assertInstanceOf(RouteMatch.Found.class, table.find("PUT", "/a/b"));
        assertEquals(Map.of("y", "b"), put.parameters());
    }

    @Test
    void headFallsToGetUnlessItHasItsOwn() {
        RouteTable table = table("GET /a", "GET /b", "HEAD /b");
        var a = assertInstanceOf(RouteMatch.Found.class, table.find("HEAD", "/a"));
        assertEquals("GET /a", a.operation().key());
        var b = assertInstanceOf(RouteMatch.Found.class, table.find("HEAD", "/b"));
        assertEquals("HEAD /b", b.operation().key());
    }

    @Test
    void twoThatMatchTheSameAreRefusedAndBothNamed() {
        for (List<String> pair :
                List.of(
                        List.of("GET /a/{x}", "GET /a/{y}"),
                        List.of("GET /a/{x+}", "GET /a/{y+}"),
                        List.of("GET /a", "GET /a"))) {
            var refused =
                    assertThrows(
                            IllegalArgumentException.class, () -> table(pair.get(0), pair.get(1)));
            assertEquals(pair.get(1) + " matches the same as " + pair.get(0), refused.getMessage());
        }
        table("GET /a/{x}", "POST /a/{y}", "GET /a/{y+}", "GET /a/{x}/");
    }

    /** All templates of some segments that are a literal or a parameter each. */
    private static List<Operation> eitherAt(int segments, String behind) {
        List<Operation> all = new ArrayList<>();
        for (int bits = 0; bits < 1 << segments; bits++) {
            StringBuilder path = new StringBuilder();
            for (int i = 0; i < segments; i++) {
                path.append((bits >> i & 1) == 0 ? "/a" : "/{p" + i + "}");
            }
            all.add(operation("GET " + path + behind));
        }
        return all;
    }

    @Test
    void aSearchLooksAtFewNodesForEachSegment() {
        RouteTable table = RouteTable.of(eitherAt(4, "/a".repeat(60)));
        String miss = "/a".repeat(63) + "/c";
        assertEquals(new RouteMatch.None(), table.find("GET", miss));
        assertTrue(table.steps(miss) > 64, "it goes back");
        assertTrue(table.steps(miss) <= table.mostSteps());
        assertTrue(table.mostSteps() <= RouteTable.MOST_STEPS_A_SEGMENT * 65);
    }

    @Test
    void aTableWithMoreWaysThanThatIsRefused() {
        assertThrows(
                IllegalArgumentException.class, () -> RouteTable.of(eitherAt(9, "/a".repeat(55))));
    }

    @Test
    void noPathOfAnyFormLooksAtMoreThanWasCounted() {
        RouteTable table =
                table(
                        "GET /a/{x}/c/{rest+}",
                        "GET /a/b/{y}",
                        "GET /{x}/b/c",
                        "GET /{x}/{y}/{z}/d",
                        "GET /a/b/c/{z}/e",
                        "GET /{all+}");
        List<String> words = List.of("a", "b", "c", "d", "e", "z");
        for (int i = 0; i < 6 * 6 * 6 * 6; i++) {
            String path =
                    "/%s/%s/%s/%s"
                            .formatted(
                                    words.get(i % 6),
                                    words.get(i / 6 % 6),
                                    words.get(i / 36 % 6),
                                    words.get(i / 216));
            assertTrue(table.steps(path) <= table.mostSteps(), path);
        }
    }
}
