package io.runnel.routing.usage;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * How a segment's file begins.
 *
 * @param segmentBytes of each segment of the boot, by which places are counted
 * @param sequence greater than that of each earlier boot in the folder
 * @param index of the segment
 */
record SpoolHeader(long segmentBytes, long sequence, int index) {
    static final int BYTES = 32;

    private static final long MAGIC = 0x524E4C5553453031L;
    private static final int CHECKED = BYTES - Integer.BYTES;

    ByteBuffer encode() {
        ByteBuffer out = ByteBuffer.allocate(BYTES);
        out.putLong(MAGIC).putLong(segmentBytes).putLong(sequence).putInt(index);
        return out.putInt(checksum(out)).flip();
    }

    /** What stands there, if it is one. */
    static Optional<SpoolHeader> decode(ByteBuffer in) {
        boolean sound =
                in.remaining() == BYTES
                        && in.getLong(0) == MAGIC
                        && in.getInt(CHECKED) == checksum(in)
                        && SpoolLimits.isSegment(in.getLong(8));
        return sound
                ? Optional.of(new SpoolHeader(in.getLong(8), in.getLong(16), in.getInt(24)))
                : Optional.empty();
    }

    private static int checksum(ByteBuffer header) {
        var crc = new CRC32C();
        crc.update(header.slice(0, CHECKED));
        return (int) crc.getValue();
    }

    /** Whether both are of one boot. */
    boolean isSameBoot(SpoolHeader other) {
        return segmentBytes == other.segmentBytes && sequence == other.sequence;
    }
}
