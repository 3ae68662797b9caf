package io.runnel.exec.wasi;

import io.runnel.exec.wasi.AssetsRejectedException.Code;

/**
 * The directory at the end of a zip archive (APPNOTE.TXT of PKWARE, 4.3.12 and 4.3.16), looked
 * through for what the JDK's reader of streams passes over: entries that are links or devices, and
 * how many entries there ought to be.
 */
final class ZipDirectory {
    private static final int END_SIGNATURE = 0x06054b50;
    private static final int END_BYTES = 22;
    private static final int MOST_COMMENT_BYTES = 0xFFFF;
    private static final int ENTRY_SIGNATURE = 0x02014b50;
    private static final int ENTRY_BYTES = 46;
    private static final int UNIX = 3;
    private static final int MACOS = 19;
    private static final int KIND_MASK = 0xF000;
    private static final int KIND_FOLDER = 0x4000;
    private static final int KIND_FILE = 0x8000;

    private ZipDirectory() {}

    /**
     * How many entries the archive names.
     *
     * @throws AssetsRejectedException if one of them is neither a file nor a folder, if there are
     *     too many, or if there is no directory
     */
    static int check(byte[] archive, int mostEntries) throws AssetsRejectedException {
        int end = end(archive);
        int count = LittleEndian.u16(archive, end + 10);
        int begin = LittleEndian.i32(archive, end + 16);
        if (LittleEndian.i32(archive, end + 4) != 0
                || LittleEndian.u16(archive, end + 8) != count
                || begin < 0
                || begin > end) {
            throw malformed("it is in several parts, or in the format zip64");
        }
        if (count > mostEntries) {
            throw tooMany(mostEntries);
        }
        int at = begin;
        for (int i = 0; i < count; i++) {
            at = checkEntry(archive, at, end);
        }
        if (at != end) {
            throw malformed("its directory has another size than it says");
        }
        return count;
    }

    private static int end(byte[] archive) throws AssetsRejectedException {
        int least = Math.max(archive.length - END_BYTES - MOST_COMMENT_BYTES, 0);
        for (int at = archive.length - END_BYTES; at >= least; at--) {
            if (LittleEndian.i32(archive, at) == END_SIGNATURE
                    && at + END_BYTES + LittleEndian.u16(archive, at + 20) == archive.length) {
                return at;
            }
        }
        throw malformed("it has no directory at its end");
    }

    private static int checkEntry(byte[] archive, int at, int end) throws AssetsRejectedException {
        if (at > end - ENTRY_BYTES || LittleEndian.i32(archive, at) != ENTRY_SIGNATURE) {
            throw malformed("its directory is broken");
        }
        int madeOn = archive[at + 5];
        int kind = LittleEndian.u16(archive, at + 40) & KIND_MASK;
        boolean tellsKind = (madeOn == UNIX || madeOn == MACOS) && kind != 0;
        if (tellsKind && kind != KIND_FILE && kind != KIND_FOLDER) {
            throw new AssetsRejectedException(
                    Code.NOT_A_FILE, "the archive has a link or a device in it; files only");
        }
        return at
                + ENTRY_BYTES
                + LittleEndian.u16(archive, at + 28)
                + LittleEndian.u16(archive, at + 30)
                + LittleEndian.u16(archive, at + 32);
    }

    static AssetsRejectedException tooMany(int most) {
        return new AssetsRejectedException(
                Code.TOO_MANY, "assets may be at most %d files and folders".formatted(most));
    }

    private static AssetsRejectedException malformed(String why) {
        return new AssetsRejectedException(
                Code.MALFORMED, "not a zip archive that can be read: " + why);
    }
}
