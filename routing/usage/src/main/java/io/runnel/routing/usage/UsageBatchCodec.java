package io.runnel.routing.usage;

import io.runnel.exec.task.NodeName;
import io.runnel.exec.task.RequestId;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32C;

/**
 * A {@link UsageBatch} as nodes send it and regions keep it: four letters and the version of the
 * form; the node's name after its length, the boot; from, to and the count, big-endian; the
 * entries; the CRC-32C of all that.
 *
 * <p>An entry begins with the number of its {@link UsageKind}, which is said where it comes first.
 * Then come how far its place and its end are from those before it, its id, the numbers that each
 * run has for itself ({@link CompactBytes}), and its digest. Of each form a batch has one way to be
 * written. Forms 1 and 2 are only read: in form 2 there were neither digests nor how runs were
 * called, and in form 1 an entry was a place, a length and a record ({@link UsageCodec}). Pure; for
 * any thread.
 */
public final class UsageBatchCodec {
    /** Of the bytes, in HTTP. */
    public static final String MEDIA_TYPE = "application/vnd.runnel.usage";

    /** The most that a batch takes. */
    public static final int MOST_BYTES = 1 << 20;

    /** The most that a batch takes besides its entries. */
    static final int MOST_FRAME = 128;

    /** The most that an entry takes more than its record does by {@link UsageCodec}. */
    static final int ENTRY_FRAME = 32;

    private static final int MAGIC = 0x524E4C55;
    private static final byte FIRST_FORM = 1;
    private static final byte SECOND_FORM = 2;

    /** More than one bit from those before. */
    private static final byte FORM = 4;

    private static final int BOOT = 16;
    private static final int USUAL_ENTRY = 64;

    private UsageBatchCodec() {}

    /**
     * Writes a batch.
     *
     * @throws IllegalArgumentException if it takes more than {@link #MOST_BYTES}
     */
    public static byte[] encode(UsageBatch batch) {
        var out = new CompactBytes(2 * MOST_FRAME + USUAL_ENTRY * batch.entries().size());
        out.putInt(MAGIC);
        out.putByte(FORM);
        out.putName(batch.spool().node().value());
        out.putAscii(batch.spool().boot());
        out.putLong(batch.from());
        out.putLong(batch.to());
        out.putInt(batch.entries().size());
        write(batch, out);
        out.putInt(out.checksum());
        requireFits(out.length());
        return out.toArray();
    }

    private static void requireFits(int size) {
        if (size > MOST_BYTES) {
            throw new IllegalArgumentException(
                    "batch must have at most %d bytes: %d".formatted(MOST_BYTES, size));
        }
    }

    private static void write(UsageBatch batch, CompactBytes out) {
        Map<UsageKind, Integer> kinds = new HashMap<>();
        UsageKind kind = null;
        int number = 0;
        long place = batch.from();
        long ended = 0;
        for (UsageBatch.Entry entry : batch.entries()) {
            UsageRecord record = entry.record();
            boolean isFirst = false;
            if (kind == null || !kind.isOf(record)) {
                kind = UsageKind.of(record);
                int next = kinds.size();
                number = kinds.computeIfAbsent(kind, none -> next);
                isFirst = kinds.size() > next;
            }
            out.putNumber(number);
            if (isFirst) {
                kind.write(out);
            }
            out.putNumber(entry.place() - place);
            out.putSigned(record.endedMillis() - ended);
            place = entry.place();
            ended = record.endedMillis();
            out.putAscii(record.id().value());
            out.putNumber(record.startNanos());
            out.putNumber(record.runNanos());
            out.putNumber(record.cpuNanos());
            out.putNumber(record.bytesIn());
            out.putNumber(record.bytesOut());
            out.putLong(record.digest().high());
            out.putLong(record.digest().low());
        }
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
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new UsageFormatException("batch has a value that none has", e);
        }
    }

    private static UsageBatch read(ByteBuffer in) {
        boolean isMagic = in.getInt() == MAGIC;
        byte form = in.get();
        if (!isMagic || (form != FORM && form != SECOND_FORM && form != FIRST_FORM)) {
            throw new UsageFormatException("no such form of batch");
        }
        var node = new NodeName(UsageCodec.ascii(in, Byte.toUnsignedInt(in.get())));
        var spool = new UsageBatch.Spool(node, UsageCodec.ascii(in, BOOT));
        long from = in.getLong();
        long to = in.getLong();
        int count = in.getInt();
        if (count < 0 || count > UsageBatch.MOST_ENTRIES) {
            throw new UsageFormatException("batch has too many entries");
        }
        var entries =
                form == FIRST_FORM ? oldEntries(in, count) : entries(in, from, count, form == FORM);
        if (in.hasRemaining()) {
            throw new UsageFormatException("batch is too long");
        }
        return new UsageBatch(spool, from, to, entries);
    }

    private static List<UsageBatch.Entry> entries(
            ByteBuffer in, long from, int count, boolean isWhole) {
        List<UsageKind> kinds = new ArrayList<>();
        Set<UsageKind> known = new HashSet<>();
        List<UsageBatch.Entry> entries = new ArrayList<>();
        long place = from;
        long ended = 0;
        for (int i = 0; i < count; i++) {
            long number = CompactBytes.count(in);
            if (number == kinds.size()) {
                UsageKind next = UsageKind.read(in, isWhole);
                if (!known.add(next)) {
                    throw new UsageFormatException("kind is said twice");
                }
                kinds.add(next);
            } else if (number > kinds.size()) {
                throw new UsageFormatException("kind comes before those that precede it");
            }
            place = Math.addExact(place, CompactBytes.count(in));
            ended = Math.addExact(ended, CompactBytes.signed(in));
            UsageKind kind = kinds.get((int) number);
            entries.add(new UsageBatch.Entry(place, record(kind, ended, in, isWhole)));
        }
        return entries;
    }

    private static UsageRecord record(
            UsageKind kind, long endedMillis, ByteBuffer in, boolean isWhole) {
        return new UsageRecord(
                new RequestId(UsageCodec.ascii(in, UsageCodec.ID)),
                endedMillis,
                kind.payer(),
                kind.key(),
                kind.task(),
                kind.version(),
                kind.home(),
                kind.start(),
                kind.outcome(),
                CompactBytes.count(in),
                CompactBytes.count(in),
                CompactBytes.count(in),
                kind.memoryBytes(),
                CompactBytes.count(in),
                CompactBytes.count(in),
                kind.by(),
                isWhole ? UsageCodec.digest(in) : RequestDigest.NONE);
    }

    private static List<UsageBatch.Entry> oldEntries(ByteBuffer in, int count) {
        List<UsageBatch.Entry> entries = new ArrayList<>();
        var decoder = new UsageDecoder();
        for (int i = 0; i < count; i++) {
            long place = in.getLong();
            int length = Short.toUnsignedInt(in.getShort());
            if (length > in.remaining()) {
                throw new UsageFormatException("entry is longer than the batch");
            }
            byte[] record = new byte[length];
            in.get(record);
            entries.add(new UsageBatch.Entry(place, decoder.decode(record)));
        }
        return entries;
    }

    static int checksum(byte[] bytes, int length) {
        var crc = new CRC32C();
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }
}
