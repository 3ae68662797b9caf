package io.runnel.exec.microvm.image;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/**
 * Writes a ZIP archive with UNIX modes, which the JDK's writers leave out (APPNOTE.TXT of PKWARE,
 * 4.3 and 4.5.3): without times, so that the same entries give the same bytes, as long as the JDK's
 * deflater is the same. Needs no more memory than twice the archive. Not thread-safe.
 */
final class ZipWriter implements AutoCloseable {
    private static final int UNIX = 3 << 8;
    private static final int VERSION = 20;
    private static final int UTF8_NAMES = 1 << 11;
    private static final int FIRST_DAY = 1 << 5 | 1;
    private static final int MOST_SHORT_COUNT = 0xFFFF;
    private static final int SUMS = 14;
    private static final int CHUNK_BYTES = 1 << 16;

    /** Bytes that can still be changed. */
    private static final class Body extends ByteArrayOutputStream {
        private static final int SMALL = 8 << 20;

        private final int most;

        private Body(int most) {
            super(CHUNK_BYTES);
            this.most = most;
        }

        @Override
        public synchronized void write(byte[] bytes, int from, int length) {
            // Doubling a large one would take more than all of it ever will.
            if (count + length > SMALL && buf.length < most) {
                buf = Arrays.copyOf(buf, Math.max(most, count + length));
            }
            super.write(bytes, from, length);
        }

        private synchronized void putInts(int at, int... values) {
            ByteBuffer bytes = ByteBuffer.wrap(buf).order(ByteOrder.LITTLE_ENDIAN);
            for (int i = 0; i < values.length; i++) {
                bytes.putInt(at + i * Integer.BYTES, values[i]);
            }
        }
    }

    private final Body body;
    private final ByteArrayOutputStream directory = new ByteArrayOutputStream();
    private final Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
    private final byte[] read = new byte[CHUNK_BYTES];
    private final byte[] packed = new byte[CHUNK_BYTES];
    private final int most;
    private int count;

    /**
     * An empty one.
     *
     * @param most how many bytes it may have
     */
    ZipWriter(int most) {
        this.most = most;
        this.body = new Body(most);
    }

    /** Whether it has more bytes than it may: then it is of no use. */
    boolean isTooLarge() {
        return body.size() + (long) directory.size() > most;
    }

    /**
     * Adds an entry; gives up in the middle when the archive becomes too large.
     *
     * @param unixMode kind and permissions
     */
    void add(String name, int unixMode, InputStream content) throws IOException {
        byte[] path = name.getBytes(StandardCharsets.UTF_8);
        int at = body.size();
        byte[] common =
                buffer(26)
                        .putShort((short) VERSION)
                        .putShort((short) UTF8_NAMES)
                        .putShort((short) ZipMember.DEFLATED)
                        .putShort((short) 0)
                        .putShort((short) FIRST_DAY)
                        .putInt(22, path.length)
                        .array();
        body.writeBytes(buffer(4).putInt(ZipDirectory.LOCAL).array());
        body.writeBytes(common);
        body.writeBytes(path);
        int from = body.size();
        CRC32 sum = new CRC32();
        int bytes = pack(content, sum);
        int sums = (int) sum.getValue();
        body.putInts(at + SUMS, sums, body.size() - from, bytes);
        ByteBuffer.wrap(common)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(SUMS - 4, sums)
                .putInt(SUMS, body.size() - from)
                .putInt(SUMS + 4, bytes);
        directory.writeBytes(
                buffer(6).putInt(ZipDirectory.ENTRY).putShort((short) (UNIX | VERSION)).array());
        directory.writeBytes(common);
        directory.writeBytes(buffer(14).putInt(6, unixMode << 16).putInt(10, at).array());
        directory.writeBytes(path);
        count++;
    }

    /** How many bytes there were before. */
    private int pack(InputStream content, CRC32 sum) throws IOException {
        deflater.reset();
        int total = 0;
        int length = content.read(read);
        while (length >= 0 && !isTooLarge()) {
            total += length;
            sum.update(read, 0, length);
            deflater.setInput(read, 0, length);
            while (!deflater.needsInput()) {
                body.write(packed, 0, deflater.deflate(packed));
            }
            length = content.read(read);
        }
        deflater.finish();
        while (!deflater.finished()) {
            body.write(packed, 0, deflater.deflate(packed));
        }
        return total;
    }

    /** The archive. */
    byte[] finish() {
        int begin = body.size();
        int size = directory.size();
        body.writeBytes(directory.toByteArray());
        if (count > MOST_SHORT_COUNT) {
            wideEnd(begin, size);
        }
        int shown = Math.min(count, MOST_SHORT_COUNT);
        body.writeBytes(
                buffer(ZipDirectory.END_BYTES)
                        .putInt(ZipDirectory.END)
                        .putInt(0)
                        .putShort((short) shown)
                        .putShort((short) shown)
                        .putInt(size)
                        .putInt(begin)
                        .array());
        return body.toByteArray();
    }

    private void wideEnd(long begin, long size) {
        body.writeBytes(
                buffer(ZipDirectory.WIDE_END_BYTES)
                        .putInt(ZipDirectory.WIDE_END)
                        .putLong(ZipDirectory.WIDE_END_BYTES - 12L)
                        .putShort((short) (UNIX | 45))
                        .putShort((short) 45)
                        .putLong(0)
                        .putLong(count)
                        .putLong(count)
                        .putLong(size)
                        .putLong(begin)
                        .array());
        body.writeBytes(
                buffer(ZipDirectory.LOCATOR_BYTES)
                        .putInt(ZipDirectory.LOCATOR)
                        .putInt(0)
                        .putLong(begin + size)
                        .putInt(1)
                        .array());
    }

    private static ByteBuffer buffer(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    @Override
    public void close() {
        deflater.close();
    }
}
