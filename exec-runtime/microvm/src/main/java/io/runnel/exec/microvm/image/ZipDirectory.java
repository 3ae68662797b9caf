package io.runnel.exec.microvm.image;

import io.runnel.exec.isolate.CodeRejectedException;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Reads the directory at the end of a ZIP archive (APPNOTE.TXT of PKWARE, 4.3.7, 4.3.12 to 4.3.16,
 * 4.5.3) and what stands before each entry. Readers differ in which of the two they believe; here
 * both must say the same, and no byte may belong to two entries (D. Fifield, A better zip bomb,
 * 2019). Neither the JDK's readers nor those of libraries tell where entries lie, and the JDK's
 * tell no modes.
 */
final class ZipDirectory {
    static final int END = 0x06054b50;
    static final int END_BYTES = 22;
    private static final int MOST_COMMENT_BYTES = 0xFFFF;
    static final int LOCATOR = 0x07064b50;
    static final int LOCATOR_BYTES = 20;
    static final int WIDE_END = 0x06064b50;
    static final int WIDE_END_BYTES = 56;
    static final int ENTRY = 0x02014b50;
    private static final int ENTRY_BYTES = 46;
    static final int LOCAL = 0x04034b50;
    private static final int LOCAL_BYTES = 30;
    private static final int WIDE_EXTRA = 1;
    private static final int ENCRYPTED = 1 | 1 << 6 | 1 << 13;
    private static final int UNIX = 3;
    private static final int MACOS = 19;
    private static final int U16 = 0xFFFF;
    private static final long U32 = 0xFFFFFFFFL;

    private final ByteBuffer zip;
    private final List<ZipMember> members = new ArrayList<>();
    private final List<Long> places = new ArrayList<>();
    private long count;
    private long begin;
    private long end;

    private ZipDirectory(byte[] zip) {
        this.zip = ByteBuffer.wrap(zip).order(ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * All entries, in the directory's order.
     *
     * @throws CodeRejectedException if the archive is broken, or has more than so many entries
     */
    static List<ZipMember> read(byte[] zip, int mostEntries) throws CodeRejectedException {
        ZipDirectory directory = new ZipDirectory(zip);
        directory.findDirectory();
        if (directory.count > mostEntries) {
            throw Rejections.tooMany(mostEntries);
        }
        directory.readEntries();
        directory.requireApart();
        return directory.members;
    }

    private void findDirectory() throws CodeRejectedException {
        int at = findEnd();
        count = u16(at + 10);
        long size = u32(at + 12);
        begin = u32(at + 16);
        end = at;
        boolean oneDisk = u16(at + 4) == 0 && u16(at + 6) == 0 && u16(at + 8) == count;
        int locator = at - LOCATOR_BYTES;
        if (locator >= 0 && zip.getInt(locator) == LOCATOR) {
            long wide = zip.getLong(locator + 8);
            if (wide < 0 || wide > locator - WIDE_END_BYTES || zip.getInt((int) wide) != WIDE_END) {
                throw Rejections.malformed("its directory is broken");
            }
            int from = (int) wide;
            end = from;
            count = zip.getLong(from + 32);
            size = zip.getLong(from + 40);
            begin = zip.getLong(from + 48);
            oneDisk = zip.getLong(from + 24) == count && zip.getInt(from + 16) == 0;
            if (zip.getLong(from + 4) != locator - from - 12) {
                throw Rejections.malformed("its directory is broken");
            }
        }
        if (!oneDisk) {
            throw Rejections.malformed("it is one of several parts");
        }
        if (count < 0 || begin < 0 || size < 0 || begin > end || size != end - begin) {
            throw Rejections.malformed("its directory is not where it should be");
        }
    }

    private int findEnd() throws CodeRejectedException {
        int length = zip.limit();
        int least = Math.max(length - END_BYTES - MOST_COMMENT_BYTES, 0);
        for (int at = length - END_BYTES; at >= least; at--) {
            if (zip.getInt(at) == END && at + END_BYTES + u16(at + 20) == length) {
                return at;
            }
        }
        throw Rejections.malformed(
                length >= 4 && zip.getInt(0) == LOCAL
                        ? "its end is missing"
                        : "it does not look like one");
    }

    private void readEntries() throws CodeRejectedException {
        long at = begin;
        for (long i = 0; i < count; i++) {
            at = readEntry(at);
        }
        if (at != end) {
            throw Rejections.malformed("its directory has another number of entries than it says");
        }
    }

    private long readEntry(long place) throws CodeRejectedException {
        if (place > end - ENTRY_BYTES || zip.getInt((int) place) != ENTRY) {
            throw Rejections.malformed("its directory is broken");
        }
        int at = (int) place;
        int nameBytes = u16(at + 28);
        int extraBytes = u16(at + 30);
        long next = place + ENTRY_BYTES + nameBytes + extraBytes + u16(at + 32);
        if (next > end) {
            throw Rejections.malformed("its directory is broken");
        }
        String name = name(at + ENTRY_BYTES, nameBytes);
        long[] wide = {u32(at + 24), u32(at + 20), u32(at + 42)};
        widen(name, wide, at + ENTRY_BYTES + nameBytes, extraBytes);
        int madeOn = zip.get(at + 5);
        int mode = madeOn == UNIX || madeOn == MACOS ? u16(at + 40) : 0;
        requirePlain(name, u16(at + 8), u16(at + 10));
        int from = content(name, wide[2], wide[1], nameBytes, at);
        members.add(
                new ZipMember(
                        name,
                        mode,
                        u16(at + 10),
                        zip.getInt(at + 16),
                        from,
                        (int) wide[1],
                        wide[0]));
        places.add(wide[2] << 32 | from + wide[1]);
        return next;
    }

    private String name(int from, int bytes) throws CodeRejectedException {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(zip.slice(from, bytes)).toString();
        } catch (CharacterCodingException e) {
            String seen = StandardCharsets.ISO_8859_1.decode(zip.slice(from, bytes)).toString();
            throw Rejections.refused(seen, "has a name that is not UTF-8");
        }
    }

    /**
     * Sizes and places that do not fit into 32 bits stand elsewhere (4.5.3), also if they would.
     */
    private void widen(String name, long[] values, int from, int bytes)
            throws CodeRejectedException {
        int at = from;
        int left = bytes;
        while (left >= 4) {
            int size = u16(at + 2);
            if (size > left - 4) {
                return;
            }
            if (u16(at) == WIDE_EXTRA) {
                widen(name, values, zip.slice(at + 4, size).order(ByteOrder.LITTLE_ENDIAN));
                return;
            }
            at += 4 + size;
            left -= 4 + size;
        }
    }

    private static void widen(String name, long[] values, ByteBuffer extra)
            throws CodeRejectedException {
        for (int i = 0; i < values.length; i++) {
            if (values[i] == U32) {
                if (extra.remaining() < Long.BYTES) {
                    throw Rejections.damaged(name, "has no size");
                }
                values[i] = extra.getLong();
            }
        }
    }

    private static void requirePlain(String name, int flags, int method)
            throws CodeRejectedException {
        if ((flags & ENCRYPTED) != 0) {
            throw Rejections.refused(name, "is encrypted: pack it without a password");
        }
        if (method != ZipMember.STORED && method != ZipMember.DEFLATED) {
            throw Rejections.refused(
                    name,
                    "is packed by method %d%s: pack it with deflate (8), as zip does"
                            .formatted(method, methodName(method)));
        }
    }

    private static String methodName(int method) {
        return switch (method) {
            case 9 -> " (deflate64)";
            case 12 -> " (bzip2)";
            case 14 -> " (lzma)";
            case 20, 93 -> " (zstd)";
            case 95 -> " (xz)";
            case 99 -> " (encrypted)";
            default -> "";
        };
    }

    /** Where its content begins, behind a header that says the same of it. */
    private int content(String name, long place, long packed, int nameBytes, int entry)
            throws CodeRejectedException {
        if (place < 0 || packed < 0 || place > begin - LOCAL_BYTES) {
            throw Rejections.damaged(name, "is not where it should be");
        }
        int at = (int) place;
        long from = place + LOCAL_BYTES + u16(at + 26) + u16(at + 28);
        if (zip.getInt(at) != LOCAL || from > begin || packed > begin - from) {
            throw Rejections.damaged(name, "is not where it should be");
        }
        boolean sameName =
                u16(at + 26) == nameBytes
                        && zip.slice(at + LOCAL_BYTES, nameBytes)
                                .equals(zip.slice(entry + ENTRY_BYTES, nameBytes));
        if (!sameName || u16(at + 8) != u16(entry + 10)) {
            throw Rejections.damaged(name, "is something else where it lies than in the directory");
        }
        return (int) from;
    }

    private void requireApart() throws CodeRejectedException {
        Integer[] order = new Integer[members.size()];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, Comparator.comparing(places::get));
        long used = 0;
        for (int i : order) {
            if (places.get(i) >>> 32 < used) {
                throw Rejections.damaged(
                        members.get(i).name(), "shares bytes with another entry: a bomb");
            }
            used = places.get(i) & U32;
        }
    }

    private int u16(int at) {
        return zip.getShort(at) & U16;
    }

    private long u32(int at) {
        return zip.getInt(at) & U32;
    }
}
