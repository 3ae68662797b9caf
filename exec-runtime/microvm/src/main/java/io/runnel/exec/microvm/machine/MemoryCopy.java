package io.runnel.exec.microvm.machine;

import io.runnel.exec.task.CodeDigest;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A guest's memory as a file, in chunks. Chunks, and pages within them, of zeros are holes.
 *
 * <p>It is copied and not moved: whoever has taken over a QEMU still has the first file open for
 * writing, and what is made of the copy must not change any more.
 */
final class MemoryCopy {
    static final int CHUNK_BYTES = 1 << 20;

    private static final int PAGE_BYTES = 4096;
    private static final byte[] ZEROS = new byte[PAGE_BYTES];

    private MemoryCopy() {}

    /**
     * Copies.
     *
     * @param to is not there yet
     * @param bytes whole chunks
     * @return the digests of the chunks
     * @throws IOException if the first is shorter, or the disk is full
     */
    static List<CodeDigest> copy(Path from, Path to, long bytes) throws IOException {
        List<CodeDigest> digests = new ArrayList<>();
        try (FileChannel in = FileChannel.open(from, StandardOpenOption.READ);
                FileChannel out =
                        FileChannel.open(
                                to,
                                StandardOpenOption.CREATE_NEW,
                                StandardOpenOption.SPARSE,
                                StandardOpenOption.WRITE)) {
            byte[] chunk = new byte[CHUNK_BYTES];
            for (long at = 0; at < bytes; at += CHUNK_BYTES) {
                readChunk(in, at, chunk);
                digests.add(CodeDigest.of(chunk));
                writePages(out, at, chunk);
            }
            if (out.size() < bytes) {
                out.write(ByteBuffer.wrap(new byte[1]), bytes - 1);
            }
        }
        return digests;
    }

    /** Writes runs of pages that are not zero. */
    private static void writePages(FileChannel out, long at, byte[] chunk) throws IOException {
        int from = 0;
        while (from < CHUNK_BYTES) {
            int to = from;
            while (to < CHUNK_BYTES && !isZero(chunk, to)) {
                to += PAGE_BYTES;
            }
            ByteBuffer run = ByteBuffer.wrap(chunk, from, to - from);
            long place = at + from;
            while (run.hasRemaining()) {
                place += out.write(run, place);
            }
            from = to + PAGE_BYTES;
        }
    }

    private static boolean isZero(byte[] chunk, int at) {
        return Arrays.equals(chunk, at, at + PAGE_BYTES, ZEROS, 0, PAGE_BYTES);
    }

    private static void readChunk(FileChannel in, long at, byte[] chunk) throws IOException {
        ByteBuffer left = ByteBuffer.wrap(chunk);
        while (left.hasRemaining()) {
            if (in.read(left, at + left.position()) < 0) {
                throw new MachineException("memory ends at %d bytes".formatted(at));
            }
        }
    }

    /**
     * Compares.
     *
     * @return whether the file has these chunks and nothing else
     */
    static boolean matches(Path file, List<CodeDigest> digests) throws IOException {
        try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ)) {
            if (in.size() != (long) digests.size() * CHUNK_BYTES) {
                return false;
            }
            byte[] chunk = new byte[CHUNK_BYTES];
            for (int i = 0; i < digests.size(); i++) {
                readChunk(in, (long) i * CHUNK_BYTES, chunk);
                if (!CodeDigest.of(chunk).equals(digests.get(i))) {
                    return false;
                }
            }
            return true;
        }
    }
}
