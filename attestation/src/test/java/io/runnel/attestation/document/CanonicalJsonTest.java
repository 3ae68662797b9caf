package io.runnel.attestation.document;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;

import io.runnel.attestation.Verdicts;
import io.runnel.attestation.identity.Reason;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** RFC 8785, and what is no JSON for us. */
class CanonicalJsonTest {
    private static List<Reason> reasons(String text) {
        return reasons(text.getBytes(StandardCharsets.UTF_8));
    }

    private static List<Reason> reasons(byte[] text) {
        return Verdicts.reasons(CanonicalJson.read(text));
    }

    @Test
    void whatIsCanonicalIsReadAndWrittenAlike() {
        for (String text :
                List.of(
                        "{}",
                        "[]",
                        "null",
                        "{\"a\":[1,-2,0,true,false,null],\"b\":{\"\":\"\"}}",
                        "9007199254740991",
                        "-9007199254740991",
                        "\"\\b\\t\\n\\f\\r\\u000f\\\"\\\\/\u20ac\ud83d\ude02\u0080\"",
                        // Of section 3.2.3: by UTF-16 units, not by code points.
                        "{\"\\r\":1,\"1\":2,\"\u0080\":3,\"\u00f6\":4,\"\u20ac\":5,"
                                + "\"\ud83d\ude00\":6,\"\ufb33\":7}")) {
            JsonNode tree =
                    Verdicts.facts(CanonicalJson.read(text.getBytes(StandardCharsets.UTF_8)));
            assertArrayEquals(
                    text.getBytes(StandardCharsets.UTF_8), CanonicalJson.write(tree), text);
        }
    }

    @Test
    void whatIsNotSaysWhy() {
        Map<String, Reason> wrong =
                Map.ofEntries(
                        Map.entry("{\"b\":1,\"a\":2}", Reason.NOT_CANONICAL),
                        Map.entry("{ }", Reason.NOT_CANONICAL),
                        Map.entry("{}\n", Reason.NOT_CANONICAL),
                        Map.entry("\"\\u0041\"", Reason.NOT_CANONICAL),
                        Map.entry("\"\\/\"", Reason.NOT_CANONICAL),
                        Map.entry("\"\\ud800\"", Reason.NOT_CANONICAL),
                        Map.entry("-0", Reason.NOT_CANONICAL),
                        Map.entry("{\"a\":1,\"a\":1}", Reason.DUPLICATE_KEY),
                        Map.entry("{\"a\":{\"b\":1,\"\\u0062\":1}}", Reason.DUPLICATE_KEY),
                        Map.entry("1.5", Reason.NUMBER_OUT_OF_RANGE),
                        Map.entry("1e3", Reason.NUMBER_OUT_OF_RANGE),
                        Map.entry("9007199254740992", Reason.NUMBER_OUT_OF_RANGE),
                        Map.entry("1".repeat(400), Reason.NUMBER_OUT_OF_RANGE),
                        Map.entry("[".repeat(9) + "]".repeat(9), Reason.TOO_DEEP),
                        Map.entry("[".repeat(8000), Reason.TOO_DEEP),
                        Map.entry("{}{}", Reason.TRAILING_DATA),
                        Map.entry("{} x", Reason.MALFORMED),
                        Map.entry("", Reason.MALFORMED),
                        Map.entry("{", Reason.MALFORMED),
                        Map.entry("{a:1}", Reason.MALFORMED),
                        Map.entry("NaN", Reason.MALFORMED),
                        Map.entry("\ufeff{}", Reason.NOT_CANONICAL),
                        Map.entry("\"" + "x".repeat(17 << 10) + "\"", Reason.TOO_LARGE));
        wrong.forEach(
                (text, reason) ->
                        assertEquals(
                                List.of(reason),
                                reasons(text),
                                text.substring(0, Math.min(40, text.length()))));
        assertEquals(List.of(Reason.MALFORMED), reasons(new byte[] {'"', (byte) 0xff, '"'}));
        assertEquals(List.of(Reason.TOO_LARGE), reasons(new byte[10 << 20]));
    }

    @Test
    void numbersThatNotAllReadAlikeAreNotWritten() {
        assertThrows(
                IllegalArgumentException.class,
                () -> CanonicalJson.write(JsonNodeFactory.instance.numberNode(1L << 53)));
        assertThrows(
                IllegalArgumentException.class,
                () -> CanonicalJson.write(JsonNodeFactory.instance.arrayNode().add(0.5)));
    }
}
