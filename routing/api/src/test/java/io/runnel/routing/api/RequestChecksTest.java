package io.runnel.routing.api;

import static io.runnel.routing.api.Documents.assertFlaw;
import static io.runnel.routing.api.Documents.checks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.util.stream.Collectors.joining;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

class RequestChecksTest {
    private static final Optional<String> JSON = Optional.of("application/json");

    private static RequestChecks parameter(String in, String name, String more) {
        return checks(
                """
                {"parameters": [{"in": "%s", "name": "%s", %s}]}
                """
                        .formatted(in, name, more));
    }

    private static String query(RequestChecks checks, String query) {
        return text(checks.head(Map.of(), query, _ -> List.of()));
    }

    private static String header(RequestChecks checks, Map<String, List<String>> headers) {
        return text(checks.head(Map.of(), "", name -> headers.getOrDefault(name, List.of())));
    }

    private static String text(Optional<RequestFlaw> flaw) {
        return flaw.map(RequestFlaw::toString).orElse("");
    }

    private static RequestChecks body(String schema) {
        return checks(
                """
                {"requestBody": {"content": {"application/json": {"schema": %s}}}}
                """
                        .formatted(schema));
    }

    private static String body(RequestChecks checks, String body) {
        return text(checks.body(JSON, body.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void nothingIsAskedWhereNothingIsSaid() {
        RequestChecks none = checks("{}");
        assertEquals("", query(none, "a=%zz&&=&x"));
        assertFalse(none.wantsBody());
        assertEquals(Optional.empty(), none.body(Optional.empty(), new byte[] {1}));
        assertEquals("", query(RequestChecks.NONE, ""));
    }

    @Test
    void aRequiredParameterIsThere() {
        RequestChecks limit = parameter("query", "limit", "\"required\": true");
        assertEquals("query.limit: is required", query(limit, ""));
        assertEquals("query.limit: is required", query(limit, "Limit=1&limits=1"));
        assertEquals("", query(limit, "limit"));
        assertEquals("", query(limit, "a=1&l%69mit=2"));
        RequestChecks mine = parameter("header", "X-Mine", "\"required\": true");
        assertEquals("header.x-mine: is required", header(mine, Map.of()));
        assertEquals("", header(mine, Map.of("x-mine", List.of("1"))));
        RequestChecks optional = parameter("query", "limit", "\"schema\": {\"type\": \"integer\"}");
        assertEquals("", query(optional, ""));
    }

    @Test
    void aParameterIsOfItsType() {
        RequestChecks integer =
                parameter("query", "limit", "\"schema\": {\"type\": \"integer\", \"minimum\": 1}");
        assertEquals("", query(integer, "limit=10"));
        for (String bad : List.of("", "a", "1.5", "01", "%2B1", "0x1", "1e", "--1", "1+1", "NaN")) {
            assertEquals("query.limit: must be integer", query(integer, "limit=" + bad));
        }
        assertEquals("query.limit: must be at least 1", query(integer, "limit=0"));
        assertEquals("query.limit: must be there once", query(integer, "limit=1&limit=2"));
        RequestChecks number = parameter("query", "n", "\"schema\": {\"type\": \"number\"}");
        assertEquals("", query(number, "n=-1.5e3"));
        assertEquals("query.n: must be number", query(number, "n=1e999"));
        RequestChecks flag = parameter("query", "f", "\"schema\": {\"type\": \"boolean\"}");
        assertEquals("", query(flag, "f=true"));
        assertEquals("query.f: must be boolean", query(flag, "f=True"));
        RequestChecks text =
                parameter(
                        "query",
                        "t",
                        "\"schema\": {\"type\": \"string\", \"enum\": [\"1\", \"a b\"]}");
        assertEquals("", query(text, "t=1"));
        assertEquals("", query(text, "t=a+b"));
        assertEquals("query.t: must be one of \"1\", \"a b\"", query(text, "t=c"));
    }

    @Test
    void aListIsWrittenAsOpenApiHasIt() {
        String schema =
                """
                "schema": {"type": "array", "items": {"type": "integer"}, "maxItems": 2}
                """;
        RequestChecks each = parameter("query", "id", schema);
        assertEquals("", query(each, "id=1&id=2"));
        assertEquals("query.id/0: must be integer", query(each, "id=1,2"));
        assertEquals("query.id: must have at most 2 elements", query(each, "id=1&id=2&id=3"));
        RequestChecks commas = parameter("query", "id", "\"explode\": false, " + schema);
        assertEquals("", query(commas, "id=1,2"));
        assertEquals("query.id/1: must be integer", query(commas, "id=1,x"));
        RequestChecks pipes = parameter("query", "id", "\"style\": \"pipeDelimited\", " + schema);
        assertEquals("", query(pipes, "id=1|2"));
        RequestChecks header = parameter("header", "ids", schema);
        assertEquals("", header(header, Map.of("ids", List.of("1, 2"))));
        assertEquals(
                "header.ids/1: must be integer", header(header, Map.of("ids", List.of("1", "x"))));
    }

    @Test
    void pathsAreCheckedToo() {
        RequestChecks checks =
                parameter("path", "id", "\"schema\": {\"type\": \"string\", \"maxLength\": 3}");
        assertEquals("", text(checks.head(Map.of("id", "abc"), "", _ -> List.of())));
        assertEquals(
                "path.id: must have at most 3 characters",
                text(checks.head(Map.of("id", "abcd"), "", _ -> List.of())));
    }

    @Test
    void anEmptyValueMayBeAllowed() {
        RequestChecks checks =
                parameter(
                        "query",
                        "f",
                        "\"allowEmptyValue\": true, \"schema\": {\"type\": \"integer\"}");
        assertEquals("", query(checks, "f"));
        assertEquals("", query(checks, "f="));
        assertEquals("query.f: must be integer", query(checks, "f=a"));
    }

    @Test
    void whatIsBadlyEncodedIsSaidSoOnlyWhereItMatters() {
        RequestChecks checks = parameter("query", "a", "\"required\": true");
        assertEquals("query: is not well encoded", query(checks, "a=%zz"));
        assertEquals("", query(checks, "b=%zz&%zz=1&a=1"));
    }

    @Test
    void anOperationsParameterStandsForThatOfItsPath() {
        RequestChecks checks =
                Documents.only(
                                Documents.with(
                                        """
                                        "paths": {"/a": {
                                          "parameters": [
                                            {"in": "query", "name": "a", "required": true},
                                            {"$ref": "#/components/parameters/b"}],
                                          "get": {"parameters": [{"in": "query", "name": "a"}]}}},
                                        "components": {"parameters": {"b":
                                          {"in": "query", "name": "b", "required": true}}}
                                        """))
                        .checks();
        assertEquals("query.b: is required", query(checks, ""));
        assertEquals("", query(checks, "b"));
    }

    @Test
    void whatNoParameterCanBeIsRefused() {
        String at = "/paths/~1orders~1{id}/post/parameters/0";
        refused(at + "/in", "must be path", "{\"in\": \"body\", \"name\": \"a\"}");
        refused(at, "must have in", "{\"name\": \"a\"}");
        refused(at + "/name", "is no parameter of", "{\"in\": \"path\", \"name\": \"x\"}");
        refused(
                at + "/style",
                "must be",
                "{\"in\":\"query\",\"name\":\"a\",\"style\":\"deepObject\"}");
        refused(
                at + "/content",
                "is not known",
                "{\"in\":\"query\",\"name\":\"a\",\"content\":{}}");
        refused(
                at + "/schema",
                "cannot be an object",
                "{\"in\": \"query\", \"name\": \"a\", \"schema\": {\"type\": \"object\"}}");
        refused(
                at + "/x-runnel-a",
                "is not known",
                "{\"in\": \"query\", \"name\": \"a\", \"x-runnel-a\": 1}");
        assertFlaw(
                "/paths/~1orders~1{id}/post/parameters/1",
                "is there twice",
                Documents.of(
                        "post",
                        "/orders/{id}",
                        """
                        {"parameters": [{"in": "header", "name": "a"}, {"in": "header", "name": "A"}]}
                        """));
        assertEquals("", query(parameter("cookie", "a", "\"required\": true"), ""));
        assertEquals("", query(parameter("header", "Authorization", "\"required\": true"), ""));
    }

    private static void refused(String pointer, String words, String parameter) {
        assertFlaw(
                pointer,
                words,
                Documents.of(
                        "post", "/orders/{id}", "{\"parameters\": [%s]}".formatted(parameter)));
    }

    @Test
    void aBodyIsCheckedAgainstItsSchema() {
        RequestChecks checks =
                body(
                        """
                        {"type": "object", "required": ["items"], "additionalProperties": false,
                         "properties": {"items": {"type": "array", "items": {"type": "object",
                           "properties": {"price": {"type": "number", "minimum": 0},
                                          "sku": {"pattern": "^[A-Z]{3}$"},
                                          "at": {"format": "date-time"}}}}}}
                        """);
        assertTrue(checks.wantsBody());
        assertEquals("", body(checks, "{\"items\": [{\"price\": 1, \"sku\": \"ABC\"}]}"));
        assertEquals(
                "body/items/0/price: must be at least 0",
                body(checks, "{\"items\": [{\"price\": -1}]}"));
        assertEquals("body: must have items", body(checks, "{}"));
        assertEquals("body: must be object", body(checks, "[]"));
        assertEquals("body: must not have x?", body(checks, "{\"items\": [], \"x\\n\": 1}"));
        assertEquals(
                "body/items/0/sku: must match ^[A-Z]{3}$",
                body(checks, "{\"items\": [{\"sku\": \"abc\"}]}"));
        assertEquals(
                "body/items/0/at: must be of the format date-time",
                body(checks, "{\"items\": [{\"at\": \"2026-02-30T00:00:00Z\"}]}"));
        assertEquals(
                "body/items/0/price: must be at least 0; body/items/1/price: must be number",
                body(checks, "{\"items\": [{\"price\": -1}, {\"price\": \"1\"}]}"));
    }

    @Test
    void tenFlawsAreToldAtMost() {
        RequestChecks checks = body("{\"items\": {\"type\": \"string\"}}");
        String flaws = body(checks, "[" + "1,".repeat(1_000) + "1]");
        assertEquals(10, flaws.split(";", -1).length);
        assertTrue(flaws.endsWith("body/9: must be string"), flaws);
    }

    /** What costs nothing more to tell is told, though all of it would be too much to check. */
    @Test
    void whatHasTenFlawsIsCheckedNoFurther() {
        String names =
                IntStream.range(0, 1_000).mapToObj("\"a%d\""::formatted).collect(joining(","));
        RequestChecks checks =
                body(
                        """
                        {"prefixItems": [{"items": {"type": "string"}}],
                         "items": {"required": [%s]}}
                        """
                                .formatted(names));
        String rest = ",1".repeat(1_000);
        assertEquals("body: is too much to check", body(checks, "[[]%s]".formatted(rest)));
        String flaws = body(checks, "[[%s]%s]".formatted("1,".repeat(9) + "1", rest));
        assertTrue(flaws.endsWith("body/0/9: must be string"), flaws);
    }

    @Test
    void flawsOfABranchThatIsNotTakenAreNone() {
        RequestChecks checks =
                body(
                        """
                        {"properties": {
                          "a": {"anyOf": [{"items": {"type": "string"}},
                                          {"items": {"type": "integer"}}]},
                          "b": {"type": "string"}}}
                        """);
        String many = "[" + "1,".repeat(20) + "1]";
        assertEquals("", body(checks, "{\"a\": %s, \"b\": \"x\"}".formatted(many)));
        assertEquals(
                "body/b: must be string", body(checks, "{\"a\": %s, \"b\": 1}".formatted(many)));
    }

    @Test
    void onlyStrictJsonInUtf8IsABody() {
        RequestChecks checks = body("{}");
        for (String bad : List.of("{", "{} {}", "{\"a\": 1, \"a\": 2}", "1e999", "\ufeff{}", " ")) {
            assertEquals("body: must be JSON, with no field twice", body(checks, bad), bad);
        }
        String deep = "[".repeat(64) + "]".repeat(64);
        assertEquals("", body(checks, deep));
        assertTrue(body(checks, "[" + deep + "]").contains("more than 64 deep"));
        assertTrue(body(checks, "1".repeat(65)).contains("too long"));
        for (byte[] bad :
                List.of(new byte[] {(byte) 0xff}, "{}".getBytes(StandardCharsets.UTF_16BE))) {
            assertFalse(checks.body(JSON, bad).isEmpty());
        }
        byte[] large =
                " "
                        .repeat(RequestChecks.MOST_BODY - 1)
                        .concat("1")
                        .getBytes(StandardCharsets.UTF_8);
        assertEquals("", text(checks.body(JSON, large)));
        byte[] larger =
                " ".repeat(RequestChecks.MOST_BODY).concat("1").getBytes(StandardCharsets.UTF_8);
        assertEquals("body: must be at most 262144 bytes", text(checks.body(JSON, larger)));
    }

    @Test
    void aRequiredBodyIsThere() {
        RequestChecks required =
                checks(
                        "{\"requestBody\": {\"required\": true, \"content\": {\"text/plain\":"
                                + " {}}}}");
        assertFalse(required.wantsBody());
        assertEquals("body: is required", header(required, Map.of("content-length", List.of("0"))));
        assertEquals("", header(required, Map.of("content-length", List.of("1"))));
        Optional<String> plain = Optional.of("text/plain");
        assertEquals("body: is required", text(required.body(plain, new byte[0])));
        assertEquals("", text(required.body(plain, new byte[1])));
        RequestChecks optional = body("{\"type\": \"object\"}");
        assertEquals("", text(optional.body(Optional.empty(), new byte[0])));
    }

    @Test
    void aBodyIsOfATypeThatIsTaken() {
        RequestChecks checks =
                checks(
                        """
                        {"requestBody": {"content": {
                          "image/*": {}, "application/json": {"schema": {"type": "object"}},
                          "application/vnd.a+json; v=1": {"schema": {"type": "array"}}}}}
                        """);
        for (String right :
                List.of(
                        "image/png",
                        "Application/JSON ; charset=utf-8",
                        "application/vnd.a+json")) {
            assertEquals("", header(checks, Map.of("content-type", List.of(right))), right);
        }
        for (String wrong : List.of("text/plain", "application/xml", "json", "", "image/", "*/*")) {
            RequestFlaw flaw =
                    checks.head(
                                    Map.of(),
                                    "",
                                    name ->
                                            name.equals("content-type")
                                                    ? List.of(wrong)
                                                    : List.of())
                            .orElseThrow();
            assertEquals(RequestFlaw.Kind.UNSUPPORTED_MEDIA_TYPE, flaw.kind());
            assertEquals(Optional.of(flaw), checks.body(Optional.of(wrong), new byte[1]), wrong);
        }
        assertEquals(
                RequestFlaw.Kind.UNSUPPORTED_MEDIA_TYPE,
                checks.body(Optional.empty(), new byte[1]).orElseThrow().kind());
        assertTrue(checks.wantsBody(Optional.of("application/json;charset=utf-8")));
        assertFalse(checks.wantsBody(Optional.of("image/png")));
        assertFalse(checks.wantsBody(Optional.empty()));
        assertEquals(
                "",
                text(
                        checks.body(
                                Optional.of("application/vnd.a+json"),
                                "[]".getBytes(StandardCharsets.UTF_8))));
        assertEquals(
                "body: must be array",
                text(
                        checks.body(
                                Optional.of("application/vnd.a+json"),
                                "{}".getBytes(StandardCharsets.UTF_8))));
        assertEquals("", text(checks.body(Optional.of("image/png"), new byte[] {1})));
    }

    @Test
    void theMostSpecificTypeIsABodysWhereverItStands() {
        RequestChecks checks =
                checks(
                        """
                        {"requestBody": {"content": {
                          "*/*": {"schema": {"type": "string"}},
                          "application/*": {"schema": {"type": "array"}},
                          "application/json": {"schema": {"type": "object"}}}}}
                        """);
        assertEquals("body: must be object", body(checks, "1"));
        for (String type : List.of("application/a+json", "text/a+json")) {
            String flaw = type.startsWith("text") ? "body: must be string" : "body: must be array";
            byte[] one = "1".getBytes(StandardCharsets.UTF_8);
            assertEquals(flaw, text(checks.body(Optional.of(type), one)));
        }
    }

    @Test
    void aRangeTakesJsonByItsSchemaAndOthersAsTheyAre() {
        RequestChecks checks =
                checks(
                        """
                        {"requestBody": {"content": {
                          "*/*": {"schema": {"type": "object"}}, "text/*": {}}}}
                        """);
        assertEquals("body: must be object", body(checks, "1"));
        assertEquals(
                "",
                text(checks.body(Optional.of("text/plain"), "1".getBytes(StandardCharsets.UTF_8))));
        assertEquals(
                "", text(checks.body(Optional.of("a/b"), "1".getBytes(StandardCharsets.UTF_8))));
    }
}
