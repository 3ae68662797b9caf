package io.runnel.exec.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Optional;

final class QualifierTest {
    @Test
    void numbersAreVersionsAndOtherNamesAliases() {
        assertEquals(Optional.of(new Qualifier(3, "")), Qualifier.parse("3"));
        assertEquals(Optional.of(new Qualifier(999_999_999, "")), Qualifier.parse("999999999"));
        assertEquals(Optional.of(new Qualifier(0, "stable")), Qualifier.parse("stable"));
        for (String alias : List.of("3a", "V_2-x", "a".repeat(63), "_", "a-")) {
            assertEquals(Optional.of(Qualifier.of(alias)), Qualifier.parse(alias));
        }
        for (String none :
                List.of(
                        "",
                        "0",
                        "03",
                        "1000000000",
                        "-3",
                        "-",
                        "a".repeat(64),
                        "a b",
                        "é",
                        "a/b",
                        "$LATEST")) {
            assertEquals(Optional.empty(), Qualifier.parse(none), none);
        }
    }

    @Test
    void itStandsBehindAName() {
        assertEquals("@3", Qualifier.of(3).toString());
        assertEquals("@stable", Qualifier.of("stable").toString());
        assertEquals("", Qualifier.NONE.toString());
        assertEquals(Qualifier.NONE, Qualifier.of(0));
        assertThrows(IllegalArgumentException.class, () -> Qualifier.of(-1));
        assertThrows(IllegalArgumentException.class, () -> Qualifier.of("7"));
        assertThrows(IllegalArgumentException.class, () -> new Qualifier(1, "stable"));
    }
}
