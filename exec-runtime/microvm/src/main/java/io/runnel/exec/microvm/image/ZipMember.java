package io.runnel.exec.microvm.image;

/**
 * One entry of a ZIP archive, as the directory at its end tells; nothing of it is believed yet but
 * that its bytes lie within the archive, apart from all others.
 *
 * @param name as it is written, a folder's with {@code /} behind
 * @param unixMode kind and permissions ({@code st_mode}); 0 if the archive has none
 * @param method 0 stored, 8 deflated
 * @param crc the CRC-32 that its content should have
 * @param from where its packed bytes begin
 * @param packedBytes how many these are
 * @param bytes how many it should have when unpacked
 */
record ZipMember(
        String name, int unixMode, int method, int crc, int from, int packedBytes, long bytes) {
    static final int STORED = 0;
    static final int DEFLATED = 8;

    private static final int KIND = 0xF000;
    private static final int FILE = 0x8000;
    private static final int FOLDER = 0x4000;
    private static final int LINK = 0xA000;
    private static final int RUN = 0111;
    private static final int SPECIAL = 07000;

    /** What it is in a file system. */
    enum Kind {
        FILE,
        FOLDER,
        /** A symbolic link; its content is where it leads. */
        LINK,
        /** A device, a pipe, a socket: nothing that code has. */
        OTHER
    }

    Kind kind() {
        int kind = unixMode & KIND;
        if (kind == LINK) {
            return Kind.LINK;
        }
        if (kind != 0 && kind != FILE && kind != FOLDER) {
            return Kind.OTHER;
        }
        return kind == FOLDER || name.endsWith("/") ? Kind.FOLDER : Kind.FILE;
    }

    boolean hasUnixMode() {
        return unixMode != 0;
    }

    /** Whether anybody may run it. */
    boolean isRunnable() {
        return (unixMode & RUN) != 0;
    }

    /** Whether it is setuid, setgid or sticky. */
    boolean isSpecial() {
        return (unixMode & SPECIAL) != 0;
    }
}
