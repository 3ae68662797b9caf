package io.runnel.routing.usage;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.runnel.exec.task.NodeName;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * A {@link UsageBatch} as nodes send it: four letters and the version of the form; the node's name
 * after its length, the boot; from, to and the count; for each entry its place, its length and the
 * record; the CRC-32C of all that. Big-endian. Pure; for any thread.
 */
public final class UsageBatchCodec {
    /** Of the bytes, in HTTP. */
    public static final String MEDIA_TYPE = "application/vnd.runnel.usage";

    /** The most that a batch takes. */
    public static final int MOST_BYTES = 1 << 20;

    /** The most that a batch takes besides its entries. */
    static final int MOST_FRAME = 128;

    /** What an entry takes besides its record. */
    static final int ENTRY_FRAME = Long.BYTES + Short.BYTES;

    private static final int MAGIC = 0x524E4C55;
    private static final byte FORM = 1;
    private static final int BOOT = 16;
    private static final int NUMBERS = 2 * Long.BYTES + Integer.BYTES;

    private UsageBatchCodec() {}

    /**
     * Writes a batch.
     *
     * @throws IllegalArgumentException if it takes more than {@link #MOST_BYTES}
     */
    public static byte[] encode(UsageBatch batch) {
        ByteBuffer out = ByteBuffer.allocate(size(batch));
        byte[] node = batch.spool().node().value().getBytes(US_ASCII);
        out.putInt(MAGIC).put(FORM).put((byte) node.length).put(node);
        out.put(batch.spool().boot().getBytes(US_ASCII));
        out.putLong(batch.from()).putLong(batch.to()).putInt(batch.entries().size());
        for (UsageBatch.Entry entry : batch.entries()) {
            out.putLong(entry.place()).putShort((short) UsageCodec.size(entry.record()));
            out.position(UsageCodec.encode(entry.record(), out.array(), out.position()));
        }
        out.putInt(checksum(out.array(), out.position()));
        return out.array();
    }

    private static int size(UsageBatch batch) {
        int names = 1 + batch.spool().node().value().length() + BOOT;
        long size = (long) Integer.BYTES + 1 + names + NUMBERS + Integer.BYTES;
        for (UsageBatch.Entry entry : batch.entries()) {
            size += ENTRY_FRAME + UsageCodec.size(entry.record());
        }
        if (size > MOST_BYTES) {
            throw new IllegalArgumentException(
                    "batch must have at most %d bytes: %d".formatted(MOST_BYTES, size));
        }
        return (int) size;
    }

    /**
     * Reads a batch, whoever sent it.
     *
     * @throws UsageFormatException if it is none
     */
    public static UsageBatch decode(byte[] bytes) {
        int end = bytes.length - Integer.BYTES;
        if (end < 0 || bytes.length > MOST_BYTES) {
            throw new UsageFormatException("batch has too many bytes, or too few");
        }
        ByteBuffer in = ByteBuffer.wrap(bytes);
        if (in.getInt(end) != checksum(bytes, end)) {
            throw new UsageFormatException("batch was damaged");
        }
        try {
            return read(in.limit(end));
        } catch (BufferUnderflowException e) {
            throw new UsageFormatException("batch is too short", e);
        } catch (IllegalArgumentException e) {
            throw new UsageFormatException("batch has a value that none has", e);
        }
    }

    private static UsageBatch read(ByteBuffer in) {
        if (in.getInt() != MAGIC || in.get() != FORM) {
            throw new UsageFormatException("no such form of batch");
        }
        var node = new NodeName(UsageCodec.ascii(in, Byte.toUnsignedInt(in.get())));
        var spool = new UsageBatch.Spool(node, UsageCodec.ascii(in, BOOT));
        long from = in.getLong();
        long to = in.getLong();
        List<UsageBatch.Entry> entries = entries(in, in.getInt());
        if (in.hasRemaining()) {
            throw new UsageFormatException("batch is too long");
        }
        return new UsageBatch(spool, from, to, entries);
    }

    private static List<UsageBatch.Entry> entries(ByteBuffer in, int count) {
        if (count < 0 || count > UsageBatch.MOST_ENTRIES) {
            throw new UsageFormatException("batch has too many entries");
        }
        List<UsageBatch.Entry> entries = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            long place = in.getLong();
            int length = Short.toUnsignedInt(in.getShort());
            if (length > in.remaining()) {
                throw new UsageFormatException("entry is longer than the batch");
            }
            ByteBuffer record = in.slice(in.position(), length);
            entries.add(new UsageBatch.Entry(place, UsageCodec.decode(record)));
            in.position(in.position() + length);
        }
        return entries;
    }

    private static int checksum(byte[] bytes, int length) {
        var crc = new CRC32C();
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }
}
