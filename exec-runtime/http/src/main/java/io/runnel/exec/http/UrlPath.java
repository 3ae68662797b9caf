package io.runnel.exec.http;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** What may stand in a URL's path (RFC 3986), and what it means. */
final class UrlPath {
    private UrlPath() {}

    /**
     * Whether these are characters that may stand in a path, each '%' before two hexadecimal
     * digits. Space, control characters, backslash and what is not ASCII may not.
     */
    static boolean isClean(String path) {
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            if (c <= ' ' || c >= 0x7f || isForbidden(c)) {
                return false;
            }
            if (c == '%' && octet(path, i) < 0) {
                return false;
            }
        }
        return true;
    }

    /** What browsers send though RFC 3986 would have it encoded, such as '|' and '[', may pass. */
    private static boolean isForbidden(char c) {
        return c == '\\' || c == '"' || c == '<' || c == '>' || c == '#' || c == '?';
    }

    /**
     * The path's meaning; empty if it has none that is certain: a broken escape, a hidden slash
     * (RFC 3875 section 4.1.5), a control character, or bytes that are not UTF-8.
     */
    static Optional<String> decode(String path) {
        if (path.indexOf('%') < 0) {
            return isClean(path) ? Optional.of(path) : Optional.empty();
        }
        byte[] out = new byte[path.length()];
        int length = 0;
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            int octet = c == '%' ? octet(path, i) : c;
            boolean hidden = c == '%' && octet == '/';
            if (octet < ' ' || octet == 0x7f || hidden || (c != '%' && c >= 0x7f)) {
                return Optional.empty();
            }
            out[length++] = (byte) octet;
            i += c == '%' ? 2 : 0;
        }
        return utf8(out, length);
    }

    private static Optional<String> utf8(byte[] bytes, int length) {
        try {
            return Optional.of(
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .onMalformedInput(CodingErrorAction.REPORT)
                            .onUnmappableCharacter(CodingErrorAction.REPORT)
                            .decode(ByteBuffer.wrap(bytes, 0, length))
                            .toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }

    /** The byte that the escape at {@code at} stands for, or -1 if it is none. */
    private static int octet(String path, int at) {
        if (at + 2 >= path.length()) {
            return -1;
        }
        int high = Character.digit(path.charAt(at + 1), 16);
        int low = Character.digit(path.charAt(at + 2), 16);
        return high < 0 || low < 0 || path.charAt(at + 1) > 'f' || path.charAt(at + 2) > 'f'
                ? -1
                : high << 4 | low;
    }
}
