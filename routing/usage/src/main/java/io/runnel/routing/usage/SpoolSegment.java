package io.runnel.routing.usage;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.nio.channels.FileChannel.MapMode.READ_ONLY;
import static java.nio.channels.FileChannel.MapMode.READ_WRITE;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * One file of a spool in memory.
 *
 * <p>Space is claimed in the file itself: the word at the tail goes from {@link FrameWord#NOTHING}
 * to "claimed, so long" in one compare-and-set. So there is no moment in which a writer has space
 * that the file does not tell of, and whoever reads after a kill can step over what was not
 * finished. The tail that is kept beside is only where to look first; who finds it taken moves it
 * on. Then the body is copied, and the word says "whole" last, with release.
 *
 * <p>For any thread. An {@link IllegalStateException} of any method says that the file is not
 * mapped any more.
 */
final class SpoolSegment {
    private static final ByteBuffer ZEROS = ByteBuffer.allocateDirect(1 << 16).asReadOnlyBuffer();
    private static final int PAGE = 4096;
    private static final ValueLayout.OfInt INT =
            ValueLayout.JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle WORD = INT.varHandle();
    private static final VarHandle TAIL;

    static {
        try {
            TAIL = MethodHandles.lookup().findVarHandle(SpoolSegment.class, "tail", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Path file;
    private final int index;
    private final Arena arena;
    private final MemorySegment memory;
    private final int limit;
    private volatile int tail = SpoolHeader.BYTES;

    private SpoolSegment(Path file, int index, Arena arena, MemorySegment memory) {
        this.file = file;
        this.index = index;
        this.arena = arena;
        this.memory = memory;
        this.limit = (int) memory.byteSize();
    }

    /**
     * A new one, from the spare file if there is one. Its blocks are on the disk and its pages in
     * memory before anybody writes to it; it gets its name last.
     *
     * @throws IOException if there is no space for it
     */
    static SpoolSegment create(Path folder, SpoolHeader header) throws IOException {
        Path unfinished = folder.resolve(SpoolFiles.unfinishedName(header.index()));
        Path file = folder.resolve(SpoolFiles.segmentName(header.index()));
        SpoolFiles.takeSpare(folder, unfinished);
        Arena arena = Arena.ofShared();
        try (var channel = FileChannel.open(unfinished, CREATE, READ, WRITE)) {
            fill(channel, header);
            var memory = channel.map(READ_WRITE, 0, header.segmentBytes(), arena);
            for (long at = SpoolHeader.BYTES; at < memory.byteSize(); at += PAGE) {
                memory.set(JAVA_BYTE, at, (byte) 0);
            }
            Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
            return new SpoolSegment(file, header.index(), arena, memory);
        } catch (IOException e) {
            arena.close();
            Files.deleteIfExists(unfinished);
            throw e;
        }
    }

    private static void fill(FileChannel channel, SpoolHeader header) throws IOException {
        write(channel, header.encode());
        for (long left = header.segmentBytes() - SpoolHeader.BYTES; left > 0; ) {
            int length = (int) Math.min(ZEROS.capacity(), left);
            write(channel, ZEROS.slice(0, length));
            left -= length;
        }
    }

    private static void write(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            int unused = channel.write(bytes);
        }
    }

    /** One that an earlier process left, to read. It may be shorter than it was. */
    static SpoolSegment found(Path file, SpoolHeader header) throws IOException {
        Arena arena = Arena.ofShared();
        try (var channel = FileChannel.open(file, READ)) {
            long size = Math.min(channel.size(), header.segmentBytes());
            return new SpoolSegment(
                    file, header.index(), arena, channel.map(READ_ONLY, 0, size, arena));
        } catch (IOException e) {
            arena.close();
            throw e;
        }
    }

    int index() {
        return index;
    }

    Path file() {
        return file;
    }

    /** Where it ends. */
    int limit() {
        return limit;
    }

    /** Behind what has been claimed, at least nearly. */
    int tail() {
        return tail;
    }

    /** Whether so little is left that the next one should be at hand. */
    boolean isNearlyFull() {
        return tail > limit - limit / 4;
    }

    /** Space that is the caller's alone; negative if there is none. */
    int claim(int length) {
        int bytes = FrameWord.frameBytes(length);
        while (true) {
            int at = tail;
            if (at == limit) {
                return -1;
            }
            boolean fits = bytes <= limit - at;
            int word = fits ? FrameWord.claimed(length) : FrameWord.END;
            if (WORD.compareAndSet(memory, (long) at, FrameWord.NOTHING, word)) {
                moveTail(at, word);
                if (fits) {
                    return at;
                }
            } else {
                moveTail(at, (int) WORD.getAcquire(memory, (long) at));
            }
        }
    }

    /** Writes a body where its space was claimed, and lets readers see it. */
    void put(int at, byte[] body) {
        memory.set(INT, at + Integer.BYTES, checksum(body));
        MemorySegment.copy(body, 0, memory, JAVA_BYTE, at + FrameWord.HEAD, body.length);
        WORD.setRelease(memory, (long) at, FrameWord.whole(body.length));
    }

    private void moveTail(int at, int word) {
        int next =
                word == FrameWord.END ? limit : at + FrameWord.frameBytes(FrameWord.length(word));
        TAIL.compareAndSet(this, at, next);
    }

    /** Whether there are only zeros from there on. */
    boolean isEmptyFrom(int at) {
        for (int next = at; next < limit; next++) {
            if (memory.get(JAVA_BYTE, next) != 0) {
                return false;
            }
        }
        return true;
    }

    /** What stands at the beginning of a frame. */
    int word(int at) {
        return (int) WORD.getAcquire(memory, (long) at);
    }

    /** Whether a frame that begins with this word has room there. */
    boolean hasRoom(int at, int word) {
        return FrameWord.frameBytes(FrameWord.length(word)) <= limit - at;
    }

    /** The body of the whole frame there, unless it was damaged. */
    Optional<byte[]> body(int at) {
        int length = FrameWord.length(word(at));
        byte[] body = memory.asSlice(at + FrameWord.HEAD, length).toArray(JAVA_BYTE);
        boolean sound = memory.get(INT, at + Integer.BYTES) == checksum(body);
        return sound ? Optional.of(body) : Optional.empty();
    }

    private static int checksum(byte[] body) {
        var crc = new CRC32C();
        crc.update(body, 0, body.length);
        return (int) crc.getValue();
    }

    /** Has the system write what it has not written. */
    void force() {
        memory.force();
    }

    /** Takes it out of memory. */
    void unmap() {
        arena.close();
    }
}
