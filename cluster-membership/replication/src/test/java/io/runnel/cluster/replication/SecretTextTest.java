package io.runnel.cluster.replication;

import static org.junit.jupiter.api.Assertions.assertEquals;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.runnel.exec.task.SecretBundle;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Values of secrets on their way. */
class SecretTextTest {
    private static Optional<Map<String, String>> read(String text) {
        return SecretText.read(text.getBytes(UTF_8));
    }

    @Test
    void valuesComeBackAsTheyWere() {
        Map<String, String> values =
                Map.of(
                        "A",
                        "",
                        "B",
                        "two\nlines\t\"quoted\" \\ \u0001",
                        "C",
                        "\u00e4\u20ac\ud83d\ude00");
        assertEquals(Optional.of(values), SecretText.read(SecretText.write(values)));
    }

    @Test
    void theLongestThatMayBeIsRead() {
        Map<String, String> values = Map.of("A", "\u0001".repeat(32 * 1024));
        assertEquals(Optional.of(values), SecretText.read(SecretText.write(values)));
    }

    @Test
    void whatIsNoneIsNotRead() {
        String tooMany =
                IntStream.rangeClosed(0, SecretBundle.MOST)
                        .mapToObj("\"A%d\":\"b\""::formatted)
                        .collect(Collectors.joining(",", "{", "}"));
        String tooLong = "{\"A\":\"" + "b".repeat(SecretText.MOST_BYTES) + "\"}";
        for (String wrong :
                List.of(
                        "",
                        "{",
                        "[]",
                        "{}",
                        "null",
                        "{\"A\":1}",
                        "{\"A\":null}",
                        "{\"A\":{}}",
                        "{\"A\":\"b\"} {",
                        tooMany,
                        tooLong)) {
            assertEquals(
                    Optional.empty(),
                    read(wrong),
                    () -> wrong.substring(0, Math.min(wrong.length(), 40)));
        }
    }
}
