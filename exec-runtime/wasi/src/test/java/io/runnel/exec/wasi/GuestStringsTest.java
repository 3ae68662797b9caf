package io.runnel.exec.wasi;

import static org.junit.jupiter.api.Assertions.assertEquals;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

class GuestStringsTest {
    private static final int COUNT_AT = 0;
    private static final int LENGTH_AT = 4;
    private static final int POINTERS_AT = 64;
    private static final int TEXT_AT = 1024;

    /** What a guest reads of them. */
    private static List<String> read(GuestStrings strings) {
        ArrayMemory memory = new ArrayMemory(1 << 16, 0);
        assertEquals(Errno.SUCCESS, strings.writeSizes(memory, COUNT_AT, LENGTH_AT));
        assertEquals(Errno.SUCCESS, strings.write(memory, POINTERS_AT, TEXT_AT));
        int total = memory.readInt(LENGTH_AT);
        List<String> read = new ArrayList<>();
        int end = TEXT_AT;
        for (int i = 0; i < memory.readInt(COUNT_AT); i++) {
            int begin = memory.readInt(POINTERS_AT + 4 * i);
            assertEquals(end, begin, "string " + i + " does not follow the one before");
            end = begin;
            while (memory.array()[end] != 0) {
                end++;
            }
            read.add(new String(memory.array(), begin, end - begin, UTF_8));
            end++;
        }
        assertEquals(TEXT_AT + total, end);
        return read;
    }

    @Test
    void variablesAreInOrder() {
        Map<String, String> variables = new LinkedHashMap<>();
        variables.put("B", "1");
        variables.put("A", "");
        variables.put("C", "=2");
        assertEquals(List.of("B=1", "A=", "C==2"), read(GuestStrings.ofVariables(variables)));
    }

    @Test
    void whatIsNotAsciiTakesMoreBytes() {
        assertEquals(
                List.of("NAME=Zo\u00eb", "\u20ac=5", "SMILE=\ud83d\ude00", "LAST=a"),
                read(
                        GuestStrings.ofVariables(
                                ordered(
                                        "NAME=Zo\u00eb",
                                        "\u20ac=5",
                                        "SMILE=\ud83d\ude00",
                                        "LAST=a"))));
        assertEquals(
                List.of("\u00fc", "b"), read(GuestStrings.ofArguments(List.of("\u00fc", "b"))));
    }

    @Test
    void whatHasAZeroInsideIsLeftOut() {
        assertEquals(
                List.of("A=1", "D=4"),
                read(GuestStrings.ofVariables(ordered("A=1", "B\0=2", "C=3\0", "D=4"))));
        assertEquals(List.of("b"), read(GuestStrings.ofArguments(List.of("a\0", "b"))));
    }

    @Test
    void thereMayBeNone() {
        assertEquals(List.of(), read(GuestStrings.ofVariables(Map.of())));
    }

    @Test
    void longOnesFit() {
        String value = "x".repeat(5000);
        assertEquals(List.of("A=" + value), read(GuestStrings.ofVariables(Map.of("A", value))));
    }

    private static Map<String, String> ordered(String... variables) {
        Map<String, String> map = new LinkedHashMap<>();
        for (String variable : variables) {
            String[] parts = variable.split("=", 2);
            map.put(parts[0], parts[1]);
        }
        return map;
    }
}
