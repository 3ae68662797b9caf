package io.runnel.exec.microvm.image;

import io.runnel.exec.isolate.CodeRejectedException;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * What the header of a program in the format ELF says ({@code elf(5)}; System V ABI, chapter 4):
 * whether this network's processors run it, and which loader it asks for.
 */
final class ElfProgram {
    private static final int MAGIC = 0x464c457f;
    private static final int HEADER_BYTES = 64;
    private static final int SEGMENT_BYTES = 56;
    private static final int MOST_SEGMENTS = 1024;
    private static final int MOST_LOADER_BYTES = 4096;
    private static final int CLASS_64 = 2;
    private static final int LITTLE = 1;
    private static final int TYPE_EXEC = 2;
    private static final int TYPE_SHARED = 3;
    private static final int X86_64 = 62;
    private static final int LOADER_SEGMENT = 3;
    private static final int U16 = 0xFFFF;

    /** Reads bytes of the program. */
    interface Source {
        /** At most so many bytes from there on. */
        byte[] part(long from, int most) throws CodeRejectedException, InterruptedException;
    }

    private final String name;
    private final Source source;

    private ElfProgram(String name, Source source) {
        this.name = name;
        this.source = source;
    }

    static boolean isElf(byte[] head) {
        return head.length >= 4 && buffer(head).getInt(0) == MAGIC;
    }

    /**
     * The path of its loader; empty if it needs none.
     *
     * @param name as its owner knows it
     * @throws CodeRejectedException if it does not run here
     */
    static Optional<String> loader(String name, Source source)
            throws CodeRejectedException, InterruptedException {
        return new ElfProgram(name, source).loader();
    }

    private static ByteBuffer buffer(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private Optional<String> loader() throws CodeRejectedException, InterruptedException {
        byte[] head = source.part(0, HEADER_BYTES);
        if (head.length < 20) {
            throw broken("its header is cut short");
        }
        requireMachine(head);
        if (head.length < HEADER_BYTES) {
            throw broken("its header is cut short");
        }
        ByteBuffer header = buffer(head);
        requireProgram(header.getShort(16) & U16, header.getLong(24));
        int segments = header.getShort(56) & U16;
        if (segments == 0 || segments > MOST_SEGMENTS || header.getShort(54) != SEGMENT_BYTES) {
            throw broken("it has no segments that could be loaded");
        }
        return loader(header.getLong(32), segments);
    }

    private void requireMachine(byte[] head) throws CodeRejectedException {
        ByteOrder order = head[5] == LITTLE ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
        int machine = ByteBuffer.wrap(head).order(order).getShort(18) & U16;
        boolean wide = head[4] == CLASS_64;
        if (machine != X86_64 || order != ByteOrder.LITTLE_ENDIAN || !wide) {
            throw Rejections.unsupported(
                    "%s is for %s, this network runs x86-64"
                            .formatted(name, machine(machine, wide)));
        }
        int system = head[7];
        if (system != 0 && system != 3) {
            throw Rejections.unsupported("%s is not for Linux".formatted(name));
        }
    }

    private static String machine(int machine, boolean wide) {
        return switch (machine) {
            case 3 -> "32-bit x86";
            case 8 -> "MIPS";
            case 20, 21 -> "PowerPC";
            case 22 -> "IBM Z";
            case 40 -> "32-bit ARM";
            case X86_64 -> wide ? "x86-64 in another byte order" : "x32";
            case 183 -> "ARM aarch64";
            case 243 -> "RISC-V";
            case 258 -> "LoongArch";
            default -> "another processor (ELF machine %d)".formatted(machine);
        };
    }

    private void requireProgram(int type, long entry) throws CodeRejectedException {
        if (type != TYPE_EXEC && type != TYPE_SHARED) {
            throw Rejections.unsupported(
                    "%s is no program: it is an object file or a core dump".formatted(name));
        }
        if (entry == 0) {
            throw Rejections.unsupported(
                    "%s is no program: it is a library, without an entry".formatted(name));
        }
    }

    private Optional<String> loader(long from, int count)
            throws CodeRejectedException, InterruptedException {
        int bytes = count * SEGMENT_BYTES;
        byte[] read = from < 0 ? new byte[0] : source.part(from, bytes);
        if (read.length < bytes) {
            throw broken("it is cut short");
        }
        ByteBuffer segments = buffer(read);
        for (int at = 0; at < bytes; at += SEGMENT_BYTES) {
            if (segments.getInt(at) == LOADER_SEGMENT) {
                return Optional.of(loaderName(segments.getLong(at + 8), segments.getLong(at + 32)));
            }
        }
        return Optional.empty();
    }

    private String loaderName(long from, long bytes)
            throws CodeRejectedException, InterruptedException {
        if (from < 0 || bytes < 2 || bytes > MOST_LOADER_BYTES) {
            throw broken("it names no loader that there could be");
        }
        byte[] text = source.part(from, (int) bytes);
        if (text.length < bytes || text[text.length - 1] != 0 || text[0] != '/') {
            throw broken("it names no loader that there could be");
        }
        return new String(text, 0, text.length - 1, StandardCharsets.UTF_8);
    }

    private CodeRejectedException broken(String why) {
        return Rejections.malformed("%s is no program that Linux runs: %s".formatted(name, why));
    }
}
