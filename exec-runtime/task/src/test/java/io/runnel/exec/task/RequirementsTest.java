package io.runnel.exec.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What may be asked for. */
final class RequirementsTest {
    @Test
    void theyHaveTheirBounds() {
        List<String> many = Collections.nCopies(Requirements.MOST_VALUES + 1, "x");
        Map<String, List<String>> wide =
                IntStream.rangeClosed(0, Requirements.MOST_FACTS)
                        .boxed()
                        .collect(Collectors.toMap(i -> "f" + i, i -> List.of("x")));
        for (Map<String, List<String>> facts :
                List.of(
                        wide,
                        Map.of("a", many),
                        Map.of("a", List.<String>of()),
                        Map.of("a", List.of("")),
                        Map.of("a", List.of("x".repeat(257))),
                        Map.of("a", List.of("\u00e9")),
                        Map.of("a", List.of("say \"x\"")),
                        Map.of("", List.of("x")),
                        Map.of("a.", List.of("x")),
                        Map.of("a.b.c.d.e", List.of("x")))) {
            assertThrows(
                    IllegalArgumentException.class, () -> new Requirements(facts), facts::toString);
        }
    }

    @Test
    void theyAreInOrderAndSayWhetherThereAreAny() {
        Requirements two = new Requirements(Map.of("b.c", List.of("2", "1"), "a", List.of("x")));
        assertEquals(List.of("a", "b.c"), List.copyOf(two.facts().keySet()));
        assertEquals(List.of("2", "1"), two.facts().get("b.c"));
        assertFalse(two.areNone());
        assertTrue(Requirements.NONE.areNone());
    }
}
