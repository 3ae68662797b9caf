package io.runnel.region.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.util.List;

final class YamlTextTest {
    private static String read(String text) {
        return YamlText.read(text).toString();
    }

    private static String flaw(String text) {
        return assertThrows(IllegalArgumentException.class, () -> YamlText.read(text), text)
                .getMessage();
    }

    @Test
    void plainWordsMeanWhatYaml12Says() {
        String[][] all = {
            {"no", "\"no\""},
            {"on", "\"on\""},
            {"Yes", "\"Yes\""},
            {"true", "true"},
            {"False", "false"},
            {"null", "null"},
            {"~", "null"},
            {"'null'", "\"null\""},
            {"\"7\"", "\"7\""},
            {"7", "7"},
            {"-12", "-12"},
            {"+3", "3"},
            {"0o17", "15"},
            {"0x1F", "31"},
            {"017", "17"},
            {"1_000", "\"1_000\""},
            {"12:30:45", "\"12:30:45\""},
            {"2026-11-30", "\"2026-11-30\""},
            {"3.1.0", "\"3.1.0\""},
            {"1.10", "1.10"},
            {".5", "0.5"},
            {"123456789012345678901234567890", "123456789012345678901234567890"},
            {"0.1234567890123456789012345", "0.1234567890123456789012345"},
            {"0x", "\"0x\""},
            {"-", "[null]"},
            {"e3", "\"e3\""},
            {"|\n  a\n  b\n", "\"a\\nb\\n\""},
        };
        for (String[] one : all) {
            assertEquals(one[1], read(one[0]), one[0]);
        }
        assertEquals("1E+3", read("1e3"));
        assertEquals(
                "{\"a\":[1,{\"b\":\"c\"}],\"200\":{\"description\":\"é\"},\"true\":null}",
                read("a:\n  - 1\n  - b: c\n200: {description: é}\ntrue:\n"));
    }

    @Test
    void anAnchorsValueStandsWhereItsAliasDoes() {
        assertEquals(
                "{\"a\":{\"x\":1},\"b\":[{\"x\":1},{\"x\":1}]}",
                read("a: &one {x: 1}\nb: [*one, *one]\n"));
        assertEquals("[1,2,2]", read("[&a 1, &a 2, *a]"), "the last one");
        assertTrue(flaw("a: &a [*a]").contains("line 1, column 8: there is no anchor &a"));
        assertTrue(flaw("a: *b").contains("there is no anchor &b"));
    }

    @Test
    void bombsAreRefused() {
        StringBuilder laughs = new StringBuilder("a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n");
        for (int i = 1; i < 12; i++) {
            String before = "*a" + (i - 1);
            laughs.append("a%d: &a%d [%s]\n".formatted(i, i, (before + ",").repeat(10)));
        }
        assertTrue(flaw(laughs.toString()).contains("says more than 100,000 values"));
        String long1 = "a: &a " + "x".repeat(100_000) + "\nb: [" + "*a,".repeat(30) + "]\n";
        assertTrue(flaw(long1).contains("2,097,152 characters"));
        String keys = "a: &a {" + "k".repeat(1_000) + ": 1}\nb: [" + "*a,".repeat(3_000) + "]\n";
        assertTrue(flaw(keys).contains("2,097,152 characters"));
        assertTrue(flaw("[".repeat(70) + "]".repeat(70)).contains("is deeper than 64"));
        StringBuilder deep = new StringBuilder("a0: &a0 [[[[[[[[[[1]]]]]]]]]]\n");
        for (int i = 1; i < 8; i++) {
            deep.append("a%d: &a%d [[[[[[[[[[*a%d]]]]]]]]]]\n".formatted(i, i, i - 1));
        }
        assertTrue(flaw(deep.toString()).contains("is deeper than 64"));
        assertEquals("[1]", read("[".repeat(1) + "1" + "]"));
        assertTrue(flaw("9".repeat(401)).contains("at most 400 digits"));
        assertTrue(flaw("- " + "- ".repeat(2_000) + "1").contains("deeper than 64"));
    }

    @Test
    void whatJsonCannotSayIsRefusedWithItsPlace() {
        assertEquals("line 2, column 1: there is a key 'a' already", flaw("a: 1\na: 2\n"));
        assertTrue(flaw("a: .nan").contains("line 1, column 4: JSON has no number .nan"));
        assertTrue(flaw("[-.inf]").contains("JSON has no number -.inf"));
        assertTrue(flaw("? [a]\n: b\n").contains("a key must be a single word"));
        assertTrue(flaw("? *x\n: b\n").contains("a key must be a single word"));
        assertTrue(flaw("a: !!java.net.URL x").contains("there must be no tag"));
        assertTrue(flaw("!!binary aGk=").contains("there must be no tag"));
        assertTrue(flaw("a: &a {x: 1}\nb:\n  <<: *a\n").contains("merge keys"));
        assertTrue(flaw("a: 1\n---\nb: 2\n").contains("there must be one document only"));
        assertTrue(flaw("").contains("there is nothing in it"));
        assertTrue(flaw("a: [1").contains("is not YAML"));
        assertTrue(flaw("a: \u0000").contains("is not YAML"));
        for (String bad : List.of("a: b: c", "\tx: 1", "%TAG x", "@a", "a: &")) {
            assertTrue(flaw(bad).contains("is not YAML"), bad);
        }
    }
}
