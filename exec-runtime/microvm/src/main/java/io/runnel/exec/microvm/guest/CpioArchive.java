package io.runnel.exec.microvm.guest;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;

/**
 * A cpio archive in the form "newc", which the kernel unpacks as its first file system (Linux,
 * {@code Documentation/driver-api/early-userspace/buffer-format.rst}). The same entries in the same
 * order give the same bytes: owner is 0, times are 0, inodes are counted.
 */
final class CpioArchive {
    private static final int FOLDER = 0040000;
    private static final int FILE = 0100000;
    private static final int CHARACTER_DEVICE = 0020000;
    private static final int ALIGNMENT = 4;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private int inode;

    /** Adds a folder; before what is in it. */
    CpioArchive folder(String name, int mode) {
        entry(name, FOLDER | mode, 2, new byte[0], 0, 0);
        return this;
    }

    CpioArchive file(String name, int mode, byte[] content) {
        entry(name, FILE | mode, 1, content, 0, 0);
        return this;
    }

    CpioArchive characterDevice(String name, int mode, int major, int minor) {
        entry(name, CHARACTER_DEVICE | mode, 1, new byte[0], major, minor);
        return this;
    }

    /** Ends it. */
    byte[] bytes() {
        inode = -1;
        entry("TRAILER!!!", 0, 1, new byte[0], 0, 0);
        return out.toByteArray();
    }

    private void entry(String name, int mode, int links, byte[] content, int major, int minor) {
        inode++;
        byte[] nameBytes = name.getBytes(US_ASCII);
        StringBuilder head = new StringBuilder("070701");
        int[] fields = {
            inode, mode, 0, 0, links, 0, content.length, 0, 0, major, minor, nameBytes.length + 1, 0
        };
        for (int field : fields) {
            head.append("%08x".formatted(field));
        }
        out.writeBytes(head.toString().getBytes(US_ASCII));
        out.writeBytes(nameBytes);
        out.write(0);
        align();
        out.writeBytes(content);
        align();
    }

    private void align() {
        while (out.size() % ALIGNMENT != 0) {
            out.write(0);
        }
    }
}
