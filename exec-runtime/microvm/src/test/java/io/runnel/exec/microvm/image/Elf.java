package io.runnel.exec.microvm.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The header of a program, and nothing behind it. */
record Elf(int width, int order, int machine, int type, long entry, Optional<String> loader) {
    static final Elf STATIC = new Elf(2, 1, 62, 2, 0x401000, Optional.empty());

    Elf machine(int other) {
        return new Elf(width, order, other, type, entry, loader);
    }

    Elf width(int other) {
        return new Elf(other, order, machine, type, entry, loader);
    }

    Elf type(int other) {
        return new Elf(width, order, machine, other, entry, loader);
    }

    Elf entry(long other) {
        return new Elf(width, order, machine, type, other, loader);
    }

    Elf loader(String path) {
        return new Elf(width, order, machine, type, entry, Optional.of(path));
    }

    byte[] bytes() {
        byte[] path = (loader.orElse("") + "\0").getBytes(StandardCharsets.UTF_8);
        byte[] bytes = new byte[64 + 2 * 56 + path.length];
        ByteBuffer elf = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        elf.putInt(0, 0x464c457f);
        elf.put(4, (byte) width).put(5, (byte) order).put(6, (byte) 1);
        elf.putShort(16, (short) type).putShort(18, (short) machine).putInt(20, 1);
        elf.putLong(24, entry).putLong(32, 64);
        elf.putShort(52, (short) 64).putShort(54, (short) 56).putShort(56, (short) 2);
        elf.putInt(64, 1);
        elf.putInt(64 + 56, loader.isPresent() ? 3 : 1);
        elf.putLong(64 + 56 + 8, 64 + 2 * 56).putLong(64 + 56 + 32, path.length);
        elf.put(64 + 2 * 56, path);
        return bytes;
    }
}
