package io.runnel.routing.api;

import static io.runnel.routing.api.Documents.assertFlaw;
import static io.runnel.routing.api.Documents.only;
import static io.runnel.routing.api.Documents.with;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.util.stream.Collectors.joining;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** What schemas and bodies must not be able to do: take all memory, time or stack of a node. */
class SchemaBombTest {
    private static String document(String schemas) {
        return with(
                """
                "paths": {"/a": {"post": {"requestBody": {"content": {"application/json":
                  {"schema": {"$ref": "#/components/schemas/a"}}}}}}},
                "components": {"schemas": {%s}}
                """
                        .formatted(schemas));
    }

    private static String check(String schemas, String body) {
        return only(document(schemas))
                .checks()
                .body(Optional.of("application/json"), body.getBytes(StandardCharsets.UTF_8))
                .map(RequestFlaw::toString)
                .orElse("");
    }

    private static String ref(String name) {
        return "{\"$ref\": \"#/components/schemas/%s\"}".formatted(name);
    }

    @Test
    void doublingReferencesAreRefusedWhenTheyAreRead() {
        for (String keyword : List.of("allOf", "anyOf", "oneOf")) {
            StringBuilder schemas = new StringBuilder("\"h\": {\"type\": \"integer\"}");
            // Each leads to the next four times, at a depth that is allowed: 10,921 looks from b.
            for (char c = 'a'; c < 'h'; c++) {
                String next = ref(Character.toString(c + 1));
                schemas.append(
                        ", \"%s\": {\"%s\": [%s, %s, %s, %s]}"
                                .formatted(c, keyword, next, next, next, next));
            }
            assertFlaw("/components/schemas/b", "looks at one value", document(schemas.toString()));
        }
    }

    @Test
    void doublingWithEachLevelOfABodyEnds() {
        String twice =
                """
                "a": {"%s": [{"properties": {"x": %s}}, {"properties": {"x": %s}}]}
                """;
        String body = "{\"x\":".repeat(60) + "1" + "}".repeat(60);
        for (String keyword : List.of("allOf", "oneOf")) {
            assertEquals(
                    "body: is too much to check",
                    check(twice.formatted(keyword, ref("a"), ref("a")), body));
        }
        assertEquals(
                "", check(twice.formatted("allOf", ref("a"), ref("a")), "{\"x\": {\"x\": 1}}"));
    }

    /** Each of 1,000 elements is asked for each of 1,000 names. */
    @Test
    void longSchemasOfLongBodiesEnd() {
        String names =
                IntStream.range(0, 1_000).mapToObj("\"a%d\""::formatted).collect(joining(","));
        String schemas = "\"a\": {\"items\": {\"required\": [%s]}}".formatted(names);
        assertEquals("", check(schemas, "[" + "1,".repeat(100) + "1]"));
        assertEquals("body: is too much to check", check(schemas, "[" + "1,".repeat(1_000) + "1]"));
    }

    @Test
    void circlesAboutOneValueAreRefusedAndThoseThroughValuesAreNot() {
        assertFlaw("/components/schemas/a", "leads back to itself", document("\"a\": " + ref("a")));
        assertFlaw(
                "/components/schemas/a",
                "leads back to itself",
                document(
                        "\"a\": {\"anyOf\": [%s]}, \"b\": {\"not\": %s}"
                                .formatted(ref("b"), ref("a"))));
        String tree =
                """
                "a": {"type": "object", "additionalProperties": false, "properties": {
                  "left": %s, "right": %s, "value": {"type": "integer"}}}
                """
                        .formatted(ref("a"), ref("a"));
        assertEquals("", check(tree, "{\"left\": {\"right\": {\"value\": 1}}}"));
        assertEquals(
                "body/left/right/value: must be integer",
                check(tree, "{\"left\": {\"right\": {\"value\": \"x\"}}}"));
    }

    @Test
    void theDeepestBodyInTheDeepestSchemasFitsAStack() throws InterruptedException {
        StringBuilder schemas = new StringBuilder();
        for (int i = 1; i < 7; i++) {
            schemas.append("\"s%d\": {\"allOf\": [%s]},".formatted(i, ref("s" + (i + 1))));
        }
        schemas.append("\"s7\": {\"items\": %s},".formatted(ref("a")));
        schemas.append("\"a\": {\"allOf\": [%s]}".formatted(ref("s1")));
        String body = "[".repeat(64) + "]".repeat(64);
        List<String> found = new java.util.concurrent.CopyOnWriteArrayList<>();
        // An event loop has 1 MiB.
        Thread small =
                new Thread(
                        null,
                        () -> found.add(check(schemas.toString(), body)),
                        "small",
                        768 * 1024);
        small.start();
        small.join();
        assertEquals(List.of(""), found);
    }

    @Test
    void schemasAboutOneValueAreNotTooDeep() {
        StringBuilder schemas = new StringBuilder("\"a17\": {}");
        for (int i = 1; i < 17; i++) {
            schemas.append(", \"a%d\": %s".formatted(i, ref("a" + (i + 1))));
        }
        assertFlaw(
                "/components/schemas/a",
                "leads over more than 16",
                document(schemas + ", \"a\": " + ref("a1")));
        assertEquals("", check(schemas + ", \"a\": " + ref("a3"), "1"));
    }

    @Test
    void aDocumentHasSoManySchemas() {
        StringBuilder properties = new StringBuilder("\"p\": {}");
        for (int i = 0; i < 2_000; i++) {
            properties.append(",\"p%d\": {}".formatted(i));
        }
        assertFlaw(
                "/components/schemas/a/properties/p1997",
                "one schema too many",
                document("\"a\": {\"properties\": {%s}}".formatted(properties)));
    }

    @Test
    void noPatternGoesBackAndForth() {
        String body = "\"" + "a".repeat(2_000) + "!\"";
        assertEquals("body: must match ^(a+)+$", check("\"a\": {\"pattern\": \"^(a+)+$\"}", body));
        assertFlaw(
                "/components/schemas/a/pattern",
                "is no pattern that RE2 knows",
                document("\"a\": {\"pattern\": \"(?=a)b\"}"));
        assertFlaw(
                "/components/schemas/a/pattern",
                "is no pattern that RE2 knows",
                document("\"a\": {\"pattern\": \"(a)\\\\1\"}"));
        assertFlaw(
                "/components/schemas/a/patternProperties/(",
                "is no pattern",
                document("\"a\": {\"patternProperties\": {\"(\": {}}}"));
        assertFlaw(
                "/components/schemas/a/pattern",
                "at most 1024 characters",
                document("\"a\": {\"pattern\": \"%s\"}".formatted("a".repeat(1_025))));
        assertFlaw(
                "/components/schemas/a/pattern",
                "repeats too much",
                document("\"a\": {\"pattern\": \"(abcdefgh){900}\"}"));
    }

    @Test
    void aLongTextAndALongPatternEnd() {
        assertEquals(
                "body: is too much to check",
                check(
                        "\"a\": {\"pattern\": \"(x{0,30}y?){30}z$\"}",
                        "\"" + "x".repeat(200_000) + "\""));
    }

    @Test
    void elementsOfOneHashAreToldApart() {
        StringBuilder body = new StringBuilder("[\"AaAaAaAaAaAaAa\"");
        for (int i = 1; i < 1 << 13; i++) {
            StringBuilder text = new StringBuilder();
            for (int bit = 0; bit < 14; bit++) {
                text.append((i >> bit & 1) == 0 ? "Aa" : "BB");
            }
            body.append(",\"").append(text).append("\"");
        }
        String unique = "\"a\": {\"uniqueItems\": true}";
        assertEquals("", check(unique, body + "]"));
        assertEquals(
                "body: must not have an element twice",
                check(unique, body + ",\"AaAaAaAaAaAaAa\"]"));
    }

    @Test
    void elementsAreTheSameAsJsonSchemaHasIt() {
        String unique = "\"a\": {\"uniqueItems\": true}";
        for (String same :
                List.of(
                        "[1, 1.0]",
                        "[null, null]",
                        "[{\"a\": 1, \"b\": [2]}, {\"b\": [2.0], \"a\": 1}]",
                        "[[], [1], []]",
                        "[true, 1, true]")) {
            assertEquals("body: must not have an element twice", check(unique, same), same);
        }
        for (String other :
                List.of("[1, true, \"1\", null, [], {}, [1], false, 0]", "{}", "[[1],[2]]")) {
            assertEquals("", check(unique, other), other);
        }
    }

    @Test
    void numbersOfManyDigitsAreCompared() {
        String schema = "\"a\": {\"multipleOf\": 0.01, \"maximum\": 1e300}";
        assertEquals("", check(schema, "1.23"));
        assertEquals("body: must be a multiple of 0.01", check(schema, "1.234"));
        assertTrue(check(schema, "1e308").startsWith("body: must be at most"));
        assertEquals("body: must be a multiple of 0.01", check(schema, "1e-308"));
    }

    @Test
    void schemasAreLookedUpInTheDocumentOnly() {
        for (String ref :
                List.of(
                        "https://json-schema.org/draft/2020-12/schema",
                        "file:///etc/hosts",
                        "classpath:schema.json",
                        "other.json",
                        "#",
                        "#a",
                        "#/$defs/a",
                        "#/paths/~1a")) {
            assertFlaw(
                    "/components/schemas/a/$ref",
                    "nothing else is looked up",
                    document("\"a\": {\"$ref\": \"%s\"}".formatted(ref)));
        }
        for (String ref : List.of("b", "a/properties", "a/required/0", "a/allOf/3", "a/title")) {
            assertFlaw(
                    "/components/schemas/a/not/$ref",
                    "leads to no",
                    document(
                            """
                            "a": {"not": %s, "properties": {}, "required": [], "title": "t"}
                            """
                                    .formatted(ref(ref))));
        }
        for (String keyword : List.of("$id", "$anchor", "$dynamicRef", "nullable")) {
            assertFlaw(
                    "/components/schemas/a/" + keyword,
                    "",
                    document("\"a\": {\"%s\": \"b\"}".formatted(keyword)));
        }
    }

    @Test
    void referencesMayLeadIntoSchemas() {
        String schemas =
                """
                "a": {"properties": {"x": %s, "y": %s}},
                "b": {"$defs": {"c~/d": {"type": "integer"}},
                      "properties": {"p": {"allOf": [{}, {"type": "boolean"}]}}}
                """
                        .formatted(ref("b/$defs/c~0~1d"), ref("b/properties/p/allOf/1"));
        assertEquals("", check(schemas, "{\"x\": 1, \"y\": true}"));
        assertEquals(
                "body/x: must be integer; body/y: must be boolean",
                check(schemas, "{\"x\": true, \"y\": 1}"));
    }

    @Test
    void whatStandsAtAKeywordHasItsShape() {
        for (String bad :
                List.of(
                        "\"type\": \"text\"",
                        "\"type\": []",
                        "\"type\": [\"string\", \"string\"]",
                        "\"minimum\": \"1\"",
                        "\"exclusiveMinimum\": true",
                        "\"multipleOf\": 0",
                        "\"maxLength\": -1",
                        "\"maxItems\": 1.5",
                        "\"minLength\": 1e10",
                        "\"required\": \"a\"",
                        "\"required\": [\"a\", \"a\"]",
                        "\"enum\": []",
                        "\"uniqueItems\": 1",
                        "\"allOf\": []",
                        "\"allOf\": {}",
                        "\"pattern\": 1",
                        "\"format\": 1")) {
            String keyword = bad.substring(1, bad.indexOf('"', 1));
            assertFlaw("/components/schemas/a/" + keyword, "", document("\"a\": {" + bad + "}"));
        }
        assertFlaw(
                "/components/schemas/a/items", "must be a schema", document("\"a\":{\"items\":1}"));
        assertFlaw(
                "/components/schemas/a/properties/x",
                "must be a schema",
                document("\"a\": {\"properties\": {\"x\": null}}"));
    }
}
