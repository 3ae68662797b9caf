package io.runnel.exec.microvm.image;

import io.runnel.exec.isolate.CodeRejectedException;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Unpacks entries of one archive, in pieces, and counts: an entry that becomes longer than it says
 * is broken, and ends there. Not thread-safe.
 */
final class ZipContent implements AutoCloseable {
    private static final int CHUNK_BYTES = 1 << 16;

    /** Takes what is unpacked. */
    interface Taker {
        /** Whether it wants more. */
        boolean take(byte[] chunk, int count) throws IOException, CodeRejectedException;
    }

    private final byte[] zip;
    private final Inflater inflater = new Inflater(true);
    private final byte[] chunk = new byte[CHUNK_BYTES];

    ZipContent(byte[] zip) {
        this.zip = zip;
    }

    /**
     * Unpacks all of it.
     *
     * @throws CodeRejectedException if it is not what the archive says: its size, its sum
     * @throws InterruptedException if the thread was interrupted
     */
    void copy(ZipMember member, Taker taker)
            throws CodeRejectedException, IOException, InterruptedException {
        CRC32 sum = new CRC32();
        long[] count = {0};
        boolean whole =
                unpack(
                        member,
                        (bytes, length) -> {
                            count[0] += length;
                            if (count[0] > member.bytes()) {
                                throw Rejections.damaged(
                                        member.name(), "is longer than the archive says");
                            }
                            sum.update(bytes, 0, length);
                            return taker.take(bytes, length);
                        });
        if (whole && (count[0] != member.bytes() || (int) sum.getValue() != member.crc())) {
            throw Rejections.damaged(member.name(), "is damaged");
        }
    }

    void copy(ZipMember member, OutputStream out)
            throws CodeRejectedException, IOException, InterruptedException {
        copy(
                member,
                (bytes, length) -> {
                    out.write(bytes, 0, length);
                    return true;
                });
    }

    /** At most so many bytes from there on; fewer if it ends before. */
    byte[] part(ZipMember member, long from, int most)
            throws CodeRejectedException, InterruptedException {
        ByteArrayOutputStream part = new ByteArrayOutputStream();
        long[] at = {0};
        try {
            copy(
                    member,
                    (bytes, length) -> {
                        long begin = Math.clamp(from - at[0], 0, length);
                        long end = Math.clamp(from + most - at[0], begin, length);
                        part.write(bytes, (int) begin, (int) (end - begin));
                        at[0] += length;
                        return part.size() < most;
                    });
        } catch (IOException e) {
            throw new IllegalStateException("arrays take all", e);
        }
        return part.toByteArray();
    }

    /** Whether it was wanted to its end. */
    private boolean unpack(ZipMember member, Taker taker)
            throws CodeRejectedException, IOException, InterruptedException {
        return member.method() == ZipMember.STORED
                ? unpackStored(member, taker)
                : inflate(member, taker);
    }

    private boolean unpackStored(ZipMember member, Taker taker)
            throws CodeRejectedException, IOException, InterruptedException {
        int at = member.from();
        int end = at + member.packedBytes();
        while (at < end) {
            int count = Math.min(CHUNK_BYTES, end - at);
            System.arraycopy(zip, at, chunk, 0, count);
            at += count;
            if (!take(taker, count)) {
                return false;
            }
        }
        return true;
    }

    private boolean inflate(ZipMember member, Taker taker)
            throws CodeRejectedException, IOException, InterruptedException {
        inflater.reset();
        inflater.setInput(zip, member.from(), member.packedBytes());
        while (!inflater.finished()) {
            int count = inflateChunk(member);
            if (count > 0 && !take(taker, count)) {
                return false;
            }
            if (count == 0 && !inflater.finished()) {
                throw Rejections.damaged(member.name(), "is damaged: its packed bytes end early");
            }
        }
        if (inflater.getRemaining() != 0) {
            throw Rejections.damaged(member.name(), "is damaged: something follows its end");
        }
        return true;
    }

    private int inflateChunk(ZipMember member) throws CodeRejectedException {
        try {
            return inflater.inflate(chunk);
        } catch (DataFormatException e) {
            throw Rejections.damaged(member.name(), "is damaged: it cannot be unpacked");
        }
    }

    private boolean take(Taker taker, int count)
            throws CodeRejectedException, IOException, InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException("reading an archive was interrupted");
        }
        return taker.take(chunk, count);
    }

    @Override
    public void close() {
        inflater.close();
    }
}
