package io.runnel.exec.microvm.guest;

import static java.nio.charset.StandardCharsets.UTF_8;

/** What the agent takes of texts, and what there can be of credit. */
final class Bounds {
    private Bounds() {}

    /**
     * Checks a text for a header or a variable.
     *
     * @param most bytes of UTF-8
     * @throws IllegalArgumentException if it is too long or has a control character
     */
    static void text(String name, String text, int most) {
        if (text.getBytes(UTF_8).length > most) {
            throw new IllegalArgumentException("%s has more than %d bytes".formatted(name, most));
        }
        if (text.chars().anyMatch(c -> c < ' ' || c == 0x7f)) {
            throw new IllegalArgumentException(name + " has a control character");
        }
    }

    /**
     * Checks a number of bytes that one end may send.
     *
     * @throws IllegalArgumentException if there is never so much
     */
    static void credit(String name, long credit) {
        if (credit < 0 || credit > GuestFrame.START_CREDIT) {
            throw new IllegalArgumentException(
                    "%s must be from 0 to %d: %d".formatted(name, GuestFrame.START_CREDIT, credit));
        }
    }

    static byte[] payload(FrameType type, byte[] bytes) {
        if (bytes.length > GuestFrame.MOST_PAYLOAD) {
            throw new IllegalArgumentException(
                    "%s takes %d bytes as JSON; at most %d fit"
                            .formatted(type, bytes.length, GuestFrame.MOST_PAYLOAD));
        }
        return bytes;
    }
}
