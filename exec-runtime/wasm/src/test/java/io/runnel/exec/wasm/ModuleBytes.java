package io.runnel.exec.wasm;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Builds modules byte by byte, right ones and wrong ones. */
final class ModuleBytes {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private ModuleBytes() {}

    /** Only the header. */
    static ModuleBytes module() {
        return new ModuleBytes().raw(0, 'a', 's', 'm', 1, 0, 0, 0);
    }

    /** A command with one page of memory that does nothing; its code section comes last. */
    static ModuleBytes command() {
        return module().section(1, bytes().raw(1, 0x60, 0, 0))
                .section(3, bytes().raw(1, 0))
                .section(5, bytes().raw(1, 0, 1))
                .section(7, bytes().raw(2).name("memory").raw(2, 0).name("_start").raw(0, 0));
    }

    /** A sequence of bytes, for a section. */
    static ModuleBytes bytes() {
        return new ModuleBytes();
    }

    ModuleBytes raw(int... values) {
        for (int value : values) {
            out.write(value);
        }
        return this;
    }

    ModuleBytes u32(long value) {
        long left = value;
        while (left >= 0x80) {
            out.write((int) ((left & 0x7F) | 0x80));
            left >>>= 7;
        }
        out.write((int) left);
        return this;
    }

    /** A signed number, in five bytes whatever it is. */
    ModuleBytes signed(int value) {
        for (int i = 0; i < 4; i++) {
            out.write(((value >> (7 * i)) & 0x7F) | 0x80);
        }
        out.write((value >> 28) & 0x7F);
        return this;
    }

    ModuleBytes name(String name) {
        byte[] text = name.getBytes(StandardCharsets.UTF_8);
        u32(text.length);
        out.writeBytes(text);
        return this;
    }

    ModuleBytes add(ModuleBytes other) {
        out.writeBytes(other.toBytes());
        return this;
    }

    ModuleBytes repeat(int times, int... values) {
        for (int i = 0; i < times; i++) {
            raw(values);
        }
        return this;
    }

    ModuleBytes section(int id, ModuleBytes content) {
        out.write(id);
        u32(content.out.size());
        return add(content);
    }

    /** A code section with one function of this body, its local variables first. */
    ModuleBytes code(ModuleBytes body) {
        return section(10, bytes().u32(1).u32(body.out.size()).add(body));
    }

    byte[] toBytes() {
        return out.toByteArray();
    }
}
