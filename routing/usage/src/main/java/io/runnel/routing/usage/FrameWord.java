package io.runnel.routing.usage;

/**
 * The word that each frame of a segment begins with: how long its body is, and how far its writer
 * has come. Behind it stand the CRC-32C of the body, the body, and zeros to a multiple of 8.
 */
final class FrameWord {
    /** Nothing was claimed here, nor anything behind it. */
    static final int NOTHING = 0;

    /** The segment ends here; the next one goes on. */
    static final int END = 3 << 28;

    /** Of the word and the checksum. */
    static final int HEAD = 2 * Integer.BYTES;

    private static final int CLAIMED = 1 << 28;
    private static final int WHOLE = 2 << 28;
    private static final int LENGTH = (1 << 28) - 1;
    private static final int UNIT = 8;

    private FrameWord() {}

    /** Somebody writes a body of this length, or died of it. */
    static int claimed(int length) {
        return CLAIMED | length;
    }

    /** A body of this length stands there. */
    static int whole(int length) {
        return WHOLE | length;
    }

    static boolean isClaimed(int word) {
        return (word & ~LENGTH) == CLAIMED;
    }

    /** Whether a frame begins with it, whole or not. */
    static boolean isFrame(int word) {
        int state = word & ~LENGTH;
        int length = length(word);
        return (state == CLAIMED || state == WHOLE)
                && length > 0
                && length <= UsageCodec.MOST_BYTES;
    }

    static int length(int word) {
        return word & LENGTH;
    }

    /** Of a whole frame with a body of this length. */
    static int frameBytes(int length) {
        return (HEAD + length + UNIT - 1) & -UNIT;
    }
}
