package io.runnel.exec.network.wire;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a SYN says of its sender. Others (timestamps, selective acknowledgments) are passed over: an
 * end that does not answer them does without.
 *
 * @param mss the most bytes of a segment to it
 * @param windowScale how far its windows are shifted, if it can do that
 */
public record TcpOptions(int mss, OptionalInt windowScale) {
    /** One that says nothing. */
    static final TcpOptions NONE = new TcpOptions(536, OptionalInt.empty());

    private static final int END = 0;
    private static final int NOTHING = 1;
    private static final int MSS = 2;
    private static final int WINDOW_SCALE = 3;
    private static final int MOST_SCALE = 14;
    private static final int LEAST_MSS = 88;

    /**
     * Reads them.
     *
     * @return empty if they are not well formed
     */
    static Optional<TcpOptions> parse(ByteBuffer segment, int from, int to) {
        int mss = NONE.mss;
        OptionalInt scale = OptionalInt.empty();
        int at = from;
        while (at < to && segment.get(at) != END) {
            int kind = segment.get(at);
            int length = kind == NOTHING ? 1 : at + 1 < to ? segment.get(at + 1) & 0xff : 0;
            if (length < (kind == NOTHING ? 1 : 2) || at + length > to) {
                return Optional.empty();
            }
            if (kind == MSS && length == 4) {
                mss = Math.max(LEAST_MSS, segment.getShort(at + 2) & 0xffff);
            } else if (kind == WINDOW_SCALE && length == 3) {
                scale = OptionalInt.of(Math.min(MOST_SCALE, segment.get(at + 2) & 0xff));
            }
            at += length;
        }
        return Optional.of(new TcpOptions(mss, scale));
    }

    /** As they stand in a SYN. */
    static byte[] bytes(int mss) {
        return new byte[] {MSS, 4, (byte) (mss >>> 8), (byte) mss};
    }

    /** As they stand in a SYN, with padding. */
    static byte[] bytes(int mss, int windowScale) {
        return new byte[] {
            MSS, 4, (byte) (mss >>> 8), (byte) mss, NOTHING, WINDOW_SCALE, 3, (byte) windowScale
        };
    }
}
