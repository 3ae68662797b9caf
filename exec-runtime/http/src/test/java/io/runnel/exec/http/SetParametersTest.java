package io.runnel.exec.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.Map;

final class SetParametersTest {
    private static final SetParameters SET =
            SetParameters.of(Map.of("currency", "EUR", "note", "a&b=c d/\u00e9"));
    private static final String IN_QUERY = "currency=EUR&note=a%26b%3Dc+d%2F%C3%A9";

    @Test
    void aQueryHasThemWhateverItSaysItself() {
        assertEquals(IN_QUERY, SET.inQuery(""));
        assertEquals("amount=7&" + IN_QUERY, SET.inQuery("currency=USD&amount=7&currency"));
        assertEquals("a=%zz&" + IN_QUERY, SET.inQuery("a=%zz&&c%75rrency=USD"), "however written");
        assertEquals("Currency=USD&" + IN_QUERY, SET.inQuery("Currency=USD"), "another name");
        assertEquals("%zz=1&" + IN_QUERY, SET.inQuery("%zz=1"));
        assertEquals("a=1&&b", SetParameters.NONE.inQuery("a=1&&b"), "as it came");
    }

    @Test
    void aPayloadHasThemWhateverItSaysItself() throws IOException {
        assertEquals("{\"currency\":\"EUR\"}", payload(""));
        assertEquals("{\"currency\":\"EUR\"}", payload(" {} "));
        assertEquals(
                "{\"amount\":1.10000000000000000000000001,\"in\":{\"currency\":[null]},"
                        + "\"currency\":\"EUR\"}",
                payload(
                        "{\"currency\":{\"a\":[1]},\"amount\":1.10000000000000000000000001,"
                                + "\"c\\u0075rrency\":1,\"in\":{\"currency\":[null]}}"));
    }

    @Test
    void whatIsNoObjectHasNoFields() {
        for (String bad :
                new String[] {
                    "[]", "7", "{", "{\"a\":1}x", "{\"a\":1}{}", "{a:1}", "null", "\u0001"
                }) {
            assertThrows(IOException.class, () -> payload(bad), bad);
        }
        String deep = "{\"a\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}";
        assertThrows(IOException.class, () -> payload(deep));
    }

    @Test
    void noneAreNothing() {
        assertTrue(SetParameters.of(Map.of()).areNone());
        assertEquals("EUR", SET.values().get("currency"));
    }

    private static String payload(String text) throws IOException {
        byte[] made = SetParameters.of(Map.of("currency", "EUR")).inPayload(text.getBytes(UTF_8));
        return new String(made, UTF_8);
    }
}
