package io.runnel.exec.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What all may know of secrets. */
class SecretBundleTest {
    private static final String ID = "0123456789abcdef0123456789abcdef";

    @Test
    void aKeyIsReadAsItIsWritten() {
        SecretBundle.Key key = new SecretBundle.Key(TaskRef.of("acme", "pay"), ID);
        assertEquals("acme:pay:" + ID, key.toString());
        assertEquals(Optional.of(key), SecretBundle.Key.parse(key.toString()));
    }

    @Test
    void whatIsNoKeyIsNotRead() {
        for (String wrong :
                List.of(
                        "",
                        ID,
                        "acme:pay",
                        "acme:" + ID,
                        "acme:pay:" + ID.substring(1),
                        "acme:pay:" + ID.toUpperCase(Locale.ROOT),
                        "acme:pay:" + ID + ":",
                        "acme:pay:x:" + ID,
                        ":pay:" + ID,
                        "acme::" + ID,
                        "ACME:pay:" + ID,
                        "acme:../pay:" + ID)) {
            assertEquals(Optional.empty(), SecretBundle.Key.parse(wrong), wrong);
        }
    }

    @Test
    void aBundleNamesSomeVariablesButNotTooMany() {
        Set<String> most =
                IntStream.range(0, SecretBundle.MOST)
                        .mapToObj("A%d"::formatted)
                        .collect(Collectors.toSet());
        assertEquals(most, new SecretBundle(ID, most).names());
        assertThrows(IllegalArgumentException.class, () -> new SecretBundle(ID, Set.of()));
        Set<String> more =
                IntStream.rangeClosed(0, SecretBundle.MOST)
                        .mapToObj("A%d"::formatted)
                        .collect(Collectors.toSet());
        assertThrows(IllegalArgumentException.class, () -> new SecretBundle(ID, more));
        assertThrows(IllegalArgumentException.class, () -> new SecretBundle("1", most));
    }
}
