package io.runnel.exec.wasi;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.runnel.exec.isolate.OutputSink;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A guest's side of the file functions: paths and answers lie in its memory. */
final class GuestSide {
    static final int ROOT = 3;
    static final int CREATE = 1;
    static final int FOLDER = 2;
    static final int EXCLUSIVE = 4;
    static final int TRUNCATE = 8;
    static final long FILE_RIGHTS = Rights.OF_FILES;
    static final long READ_RIGHTS = Rights.FD_READ | Rights.FD_SEEK | Rights.FD_FILESTAT_GET;

    static final int SIZE = 1 << 20;
    private static final int PATH_AT = 0;
    private static final int OTHER_AT = 8192;
    private static final int PARTS_AT = 16384;
    private static final int RESULT_AT = 20000;
    static final int BUFFER_AT = 65536;

    final ArrayMemory memory;
    private final GuestFiles files;
    private final HostDevices devices;
    private final GuestTerms terms;
    final ByteArrayOutputStream log = new ByteArrayOutputStream();
    Instant now = Instant.ofEpochSecond(1_700_000_000, 123_456_789);

    GuestSide(GuestFiles files) {
        this(files, 1L << 30);
    }

    GuestSide(GuestFiles files, long reservableBytes) {
        this(files, reservableBytes, HostDevices.NONE, GuestTerms.NONE);
    }

    GuestSide(GuestFiles files, long reservableBytes, HostDevices devices, GuestTerms terms) {
        this.files = files;
        this.devices = devices;
        this.terms = terms;
        this.memory = new ArrayMemory(SIZE, reservableBytes);
        begin();
    }

    static GuestSide ofTask(FileLimits limits) {
        return new GuestSide(GuestFiles.ofTask(Assets.EMPTY, limits));
    }

    /** A new call. */
    GuestCall begin() {
        var host = new HostSources(() -> now, System::nanoTime, new SecureRandom());
        var streams =
                new StandardStreams(InputStream.nullInputStream(), OutputSink.NOWHERE, log::write);
        var call =
                new GuestCall(
                        List.of("a"),
                        Map.of(),
                        streams,
                        host.withFiles(files).withDevices(devices),
                        terms);
        memory.begin(call);
        return call;
    }

    /** Calls a function that is to succeed. */
    void ok(WasiFunction function, long... numbers) {
        assertEquals(Errno.SUCCESS, function.call(memory, numbers), function.importName());
    }

    Errno tryOpen(int folder, String path, int follow, int mode, long rights, int flags) {
        int length = memory.put(PATH_AT, path);
        return WasiFunction.PATH_OPEN.call(
                memory,
                folder,
                follow,
                PATH_AT,
                length,
                mode,
                rights,
                Rights.ALL,
                flags,
                RESULT_AT);
    }

    Errno tryOpen(String path, int mode) {
        return tryOpen(ROOT, path, 0, mode, READ_RIGHTS, 0);
    }

    private int opened(String path, Errno errno) {
        assertEquals(Errno.SUCCESS, errno, path);
        return memory.readInt(RESULT_AT);
    }

    int open(String path, int mode) {
        return opened(path, tryOpen(ROOT, path, 0, mode, FILE_RIGHTS, 0));
    }

    int openToRead(String path) {
        return opened(path, tryOpen(path, 0));
    }

    int openAppending(String path) {
        return opened(path, tryOpen(ROOT, path, 0, CREATE, FILE_RIGHTS, Descriptor.FLAG_APPEND));
    }

    int openFolder(String path) {
        return opened(path, tryOpen(ROOT, path, 0, FOLDER, Rights.OF_FOLDERS, 0));
    }

    /** A function that takes a folder and a path, and nothing else. */
    Errno path(WasiFunction function, int folder, String path) {
        return function.call(memory, folder, PATH_AT, memory.put(PATH_AT, path));
    }

    Errno path(WasiFunction function, String path) {
        return path(function, ROOT, path);
    }

    Errno makeFolder(String path) {
        return path(WasiFunction.PATH_CREATE_DIRECTORY, path);
    }

    Errno unlink(String path) {
        return path(WasiFunction.PATH_UNLINK_FILE, path);
    }

    Errno removeFolder(String path) {
        return path(WasiFunction.PATH_REMOVE_DIRECTORY, path);
    }

    Errno rename(String from, String to) {
        return rename(ROOT, from, ROOT, to);
    }

    Errno rename(int fromFolder, String from, int toFolder, String to) {
        int length = memory.put(PATH_AT, from);
        int other = memory.put(OTHER_AT, to);
        return WasiFunction.PATH_RENAME.call(
                memory, fromFolder, PATH_AT, length, toFolder, OTHER_AT, other);
    }

    Errno link(String from, String to) {
        int length = memory.put(PATH_AT, from);
        int other = memory.put(OTHER_AT, to);
        return WasiFunction.PATH_LINK.call(memory, ROOT, 0, PATH_AT, length, ROOT, OTHER_AT, other);
    }

    Errno symlink(String target, String at) {
        int length = memory.put(PATH_AT, target);
        int other = memory.put(OTHER_AT, at);
        return WasiFunction.PATH_SYMLINK.call(memory, PATH_AT, length, ROOT, OTHER_AT, other);
    }

    String readLink(String path) {
        int length = memory.put(PATH_AT, path);
        ok(WasiFunction.PATH_READLINK, ROOT, PATH_AT, length, BUFFER_AT, 5000, RESULT_AT);
        return memory.text(BUFFER_AT, memory.readInt(RESULT_AT));
    }

    Errno tryWrite(int file, byte[] bytes) {
        memory.write(BUFFER_AT, bytes, 0, bytes.length);
        part(0, BUFFER_AT, bytes.length);
        return WasiFunction.FD_WRITE.call(memory, file, PARTS_AT, 1, RESULT_AT);
    }

    /** Writes; how much of it was taken. */
    int write(int file, String text) {
        assertEquals(Errno.SUCCESS, tryWrite(file, text.getBytes(StandardCharsets.UTF_8)));
        return memory.readInt(RESULT_AT);
    }

    int lastCount() {
        return memory.readInt(RESULT_AT);
    }

    long lastLong() {
        return memory.readLong(RESULT_AT);
    }

    void part(int index, int address, int length) {
        memory.writeI32(PARTS_AT + index * 8, address);
        memory.writeI32(PARTS_AT + index * 8 + 4, length);
    }

    String read(int file, int most) {
        part(0, BUFFER_AT, most);
        ok(WasiFunction.FD_READ, file, PARTS_AT, 1, RESULT_AT);
        return memory.text(BUFFER_AT, memory.readInt(RESULT_AT));
    }

    Errno parts(WasiFunction function, int file, int count) {
        return function.call(memory, file, PARTS_AT, count, RESULT_AT);
    }

    Errno partsAt(WasiFunction function, int file, int count, long offset) {
        return function.call(memory, file, PARTS_AT, count, offset, RESULT_AT);
    }

    Errno trySeek(int file, long delta, int whence) {
        return WasiFunction.FD_SEEK.call(memory, file, delta, whence, RESULT_AT);
    }

    long seek(int file, long delta, int whence) {
        assertEquals(Errno.SUCCESS, trySeek(file, delta, whence));
        return memory.readLong(RESULT_AT);
    }

    void close(int file) {
        ok(WasiFunction.FD_CLOSE, file);
    }

    /** Makes a file with this in it. */
    void make(String path, String text) {
        int file = open(path, CREATE | EXCLUSIVE);
        assertEquals(text.length(), write(file, text));
        close(file);
    }

    /** What a file has in it, at most what fits into the buffer. */
    String text(String path) {
        int file = openToRead(path);
        String text = read(file, SIZE - BUFFER_AT);
        close(file);
        return text;
    }

    FileStatus status(int file) {
        ok(WasiFunction.FD_FILESTAT_GET, file, RESULT_AT);
        return status();
    }

    Errno tryStatus(String path, int follow) {
        int length = memory.put(PATH_AT, path);
        return WasiFunction.PATH_FILESTAT_GET.call(
                memory, ROOT, follow, PATH_AT, length, RESULT_AT);
    }

    FileStatus status(String path) {
        assertEquals(Errno.SUCCESS, tryStatus(path, 0), path);
        return status();
    }

    private FileStatus status() {
        FileKind kind = FileKind.UNKNOWN;
        for (FileKind one : FileKind.values()) {
            kind = one.value() == memory.read(RESULT_AT + 16) ? one : kind;
        }
        return new FileStatus(
                memory.readLong(RESULT_AT),
                memory.readLong(RESULT_AT + 8),
                kind,
                memory.readLong(RESULT_AT + 24),
                memory.readLong(RESULT_AT + 32),
                memory.readLong(RESULT_AT + 40),
                memory.readLong(RESULT_AT + 48),
                memory.readLong(RESULT_AT + 56));
    }

    Errno setTimes(String path, long accessedNs, long modifiedNs, int flags) {
        int length = memory.put(PATH_AT, path);
        return WasiFunction.PATH_FILESTAT_SET_TIMES.call(
                memory, ROOT, 0, PATH_AT, length, accessedNs, modifiedNs, flags);
    }

    /** One entry of a listing. */
    record Listed(long next, long inode, int kind, String name) {}

    /** The whole entries that one call lists. */
    List<Listed> list(int folder, int bufferBytes, long cookie) {
        ok(WasiFunction.FD_READDIR, folder, BUFFER_AT, bufferBytes, cookie, RESULT_AT);
        int used = memory.readInt(RESULT_AT);
        List<Listed> entries = new ArrayList<>();
        int at = BUFFER_AT;
        while (at + 24 <= BUFFER_AT + used) {
            int length = memory.readInt(at + 16);
            if (at + 24 + length > BUFFER_AT + used) {
                break;
            }
            entries.add(
                    new Listed(
                            memory.readLong(at),
                            memory.readLong(at + 8),
                            memory.read(at + 20),
                            memory.text(at + 24, length)));
            at += 24 + length;
        }
        return entries;
    }

    List<String> names(String path) {
        int folder = openFolder(path);
        List<String> names = list(folder, 100_000, 0).stream().map(Listed::name).toList();
        close(folder);
        return names;
    }
}
