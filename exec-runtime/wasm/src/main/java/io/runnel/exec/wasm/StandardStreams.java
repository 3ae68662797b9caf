package io.runnel.exec.wasm;

import io.runnel.exec.isolate.OutputSink;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;

/**
 * The only files of a guest: standard input, output and error. Bytes go between the guest's memory
 * and the streams directly; nothing is allocated by a length that the guest chose. One thread.
 */
final class StandardStreams {
    private static final int MOST_PARTS = 1024;
    private static final int MOST_READ_BYTES = 64 * 1024;
    private static final int PART_BYTES = 8;
    private static final int STDIN = 0;
    private static final int STDOUT = 1;
    private static final int STDERR = 2;

    private static final long RIGHT_READ = 1 << 1;
    private static final long RIGHT_WRITE = 1 << 6;
    private static final long RIGHT_POLL = 1 << 27;

    private final InputStream body;
    private final OutputSink out;
    private final OutputSink log;
    private final boolean[] open = {true, true, true};

    StandardStreams(InputStream body, OutputSink out, OutputSink log) {
        this.body = body;
        this.out = out;
        this.log = log;
    }

    boolean isOpen(int file) {
        return file >= STDIN && file <= STDERR && open[file];
    }

    Errno close(int file) {
        if (!isOpen(file)) {
            return Errno.BADF;
        }
        open[file] = false;
        return Errno.SUCCESS;
    }

    Errno write(GuestMemory memory, int file, int partsAt, int parts, int countAt) {
        if (!isOpen(file) || file == STDIN) {
            return Errno.BADF;
        }
        Errno wrong = check(memory, partsAt, parts, countAt);
        if (wrong != Errno.SUCCESS) {
            return wrong;
        }
        OutputSink sink = file == STDOUT ? out : log;
        StackRoom.require();
        long written = 0;
        for (int i = 0; i < parts && written <= Integer.MAX_VALUE; i++) {
            int at = memory.readInt(partsAt + i * PART_BYTES);
            int length = memory.readInt(partsAt + i * PART_BYTES + 4);
            GuestInterrupted.check();
            if (length > 0) {
                sink.write(memory.forReading(), at, length);
                written += length;
            }
        }
        memory.writeI32(countAt, (int) written);
        return Errno.SUCCESS;
    }

    /** Reads once, as much as comes, into the first part that has room. */
    Errno read(GuestMemory memory, int file, int partsAt, int parts, int countAt) {
        if (!isOpen(file) || file != STDIN) {
            return Errno.BADF;
        }
        Errno wrong = check(memory, partsAt, parts, countAt);
        if (wrong != Errno.SUCCESS) {
            return wrong;
        }
        int count = 0;
        for (int i = 0; i < parts; i++) {
            int at = memory.readInt(partsAt + i * PART_BYTES);
            int length = memory.readInt(partsAt + i * PART_BYTES + 4);
            if (length > 0) {
                count = readBody(memory, at, Math.min(length, MOST_READ_BYTES));
                break;
            }
        }
        if (count < 0) {
            return Errno.IO;
        }
        memory.writeI32(countAt, count);
        return Errno.SUCCESS;
    }

    /** How many bytes came: 0 at the end, -1 if the body broke off. */
    private int readBody(GuestMemory memory, int at, int length) {
        StackRoom.require();
        GuestInterrupted.check();
        try {
            return Math.max(body.read(memory.forWriting(at, length), at, length), 0);
        } catch (InterruptedIOException e) {
            throw new GuestInterrupted();
        } catch (IOException e) {
            GuestInterrupted.check();
            return -1;
        }
    }

    private static Errno check(GuestMemory memory, int partsAt, int parts, int countAt) {
        if (parts < 0 || parts > MOST_PARTS) {
            return Errno.INVAL;
        }
        if (!memory.contains(partsAt, parts * PART_BYTES) || !memory.contains(countAt, 4)) {
            return Errno.FAULT;
        }
        for (int i = 0; i < parts; i++) {
            int at = memory.readInt(partsAt + i * PART_BYTES);
            if (!memory.contains(at, memory.readInt(partsAt + i * PART_BYTES + 4))) {
                return Errno.FAULT;
            }
        }
        return Errno.SUCCESS;
    }

    /** 24 bytes: kind, flags, rights. The kind is unknown, as of a pipe: no terminal. */
    Errno writeStatus(GuestMemory memory, int file, int at) {
        if (!isOpen(file)) {
            return Errno.BADF;
        }
        if (!memory.contains(at, 24)) {
            return Errno.FAULT;
        }
        memory.writeLong(at, 0);
        memory.writeLong(at + 8, RIGHT_POLL | (file == STDIN ? RIGHT_READ : RIGHT_WRITE));
        memory.writeLong(at + 16, 0);
        return Errno.SUCCESS;
    }

    /** 64 bytes, all of them unknown. */
    Errno writeFileStatus(GuestMemory memory, int file, int at) {
        if (!isOpen(file)) {
            return Errno.BADF;
        }
        if (!memory.contains(at, 64)) {
            return Errno.FAULT;
        }
        memory.fill((byte) 0, at, at + 64);
        return Errno.SUCCESS;
    }
}
