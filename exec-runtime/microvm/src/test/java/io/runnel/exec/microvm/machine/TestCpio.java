package io.runnel.exec.microvm.machine;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** An initramfs in cpio's "newc" format (Linux, {@code buffer-format.rst}). */
final class TestCpio {
    private static final int FOLDER = 0040755;
    private static final int PROGRAM = 0100755;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private int inodes;

    TestCpio folder(String name) {
        return entry(name, FOLDER, new byte[0]);
    }

    TestCpio program(String name, byte[] content) {
        return entry(name, PROGRAM, content);
    }

    byte[] toBytes() {
        entry("TRAILER!!!", 0, new byte[0]);
        return out.toByteArray();
    }

    private TestCpio entry(String name, int mode, byte[] content) {
        byte[] path = (name + "\0").getBytes(StandardCharsets.UTF_8);
        int[] fields = {++inodes, mode, 0, 0, 1, 0, content.length, 0, 0, 0, 0, path.length, 0};
        StringBuilder header = new StringBuilder("070701");
        for (int field : fields) {
            header.append("%08X".formatted(field));
        }
        write(header.toString().getBytes(StandardCharsets.UTF_8));
        write(path);
        pad();
        write(content);
        pad();
        return this;
    }

    private void write(byte[] bytes) {
        out.write(bytes, 0, bytes.length);
    }

    private void pad() {
        write(new byte[(4 - out.size() % 4) % 4]);
    }
}
