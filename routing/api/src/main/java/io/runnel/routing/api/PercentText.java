package io.runnel.routing.api;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Percent-encoding (RFC 3986, UTF-8), read strictly. Pure. */
final class PercentText {
    private PercentText() {}

    /** Whether decoding would change nothing. */
    static boolean isPlain(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '%' || c > 0x7e) {
                return false;
            }
        }
        return true;
    }

    /**
     * Decodes once.
     *
     * @param plusIsBlank as in a query
     * @return empty if it is not well encoded, or what it encodes is not UTF-8
     */
    static Optional<String> decode(String text, boolean plusIsBlank) {
        ByteBuffer bytes = ByteBuffer.allocate(3 * text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '%') {
                int value = i + 2 < text.length() ? hex(text, i + 1) : -1;
                if (value < 0) {
                    return Optional.empty();
                }
                bytes.put((byte) value);
                i += 2;
            } else if (c == '+' && plusIsBlank) {
                bytes.put((byte) ' ');
            } else if (c < 0x80) {
                bytes.put((byte) c);
            } else {
                // Bytes that nobody encoded: the request line is what says which they are.
                return Optional.empty();
            }
        }
        return utf8(bytes.flip());
    }

    /** The text; empty if it is no UTF-8. */
    static Optional<String> utf8(ByteBuffer bytes) {
        try {
            return Optional.of(StandardCharsets.UTF_8.newDecoder().decode(bytes).toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }

    private static int hex(String text, int at) {
        int high = Character.digit(text.charAt(at), 16);
        int low = Character.digit(text.charAt(at + 1), 16);
        // Digits of other scripts are no hexadecimal ones.
        boolean ascii = text.charAt(at) < 0x80 && text.charAt(at + 1) < 0x80;
        return ascii && high >= 0 && low >= 0 ? high << 4 | low : -1;
    }
}
