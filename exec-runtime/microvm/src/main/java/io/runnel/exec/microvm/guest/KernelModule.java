package io.runnel.exec.microvm.guest;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A kernel's module: which others it needs is written in its ELF section {@code .modinfo} (a
 * package that has not been installed has no {@code modules.dep}).
 *
 * @param name without its ending, with underscores
 * @param file where it is
 * @param needs names of modules that are to be loaded before it
 */
record KernelModule(String name, Path file, List<String> needs) {
    private static final String ENDING = ".ko";
    private static final long MOST_BYTES = 16L * 1024 * 1024;
    private static final int ELF = 0x464c457f;
    private static final int SECTION_BYTES = 64;

    /** Copies. */
    KernelModule {
        needs = List.copyOf(needs);
    }

    /**
     * Reads one.
     *
     * @throws IOException if it cannot be read or is no 64-bit ELF file with such a section
     */
    static KernelModule read(Path file) throws IOException {
        if (Files.size(file) > MOST_BYTES) {
            throw new IOException(file + " is too large for a module");
        }
        ByteBuffer elf = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        try {
            return new KernelModule(nameOf(file), file, needs(elf));
        } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
            throw new IOException(file + " is no kernel module: it is cut off or damaged", e);
        }
    }

    /** How a module is named that lies in a file of this name. */
    static String nameOf(Path file) {
        String name = file.getFileName().toString();
        return name.substring(0, name.length() - ENDING.length()).replace('-', '_');
    }

    static boolean isModule(Path file) {
        return file.getFileName().toString().endsWith(ENDING);
    }

    private static List<String> needs(ByteBuffer elf) {
        if (elf.getInt(0) != ELF || elf.get(4) != 2) {
            throw new IllegalArgumentException("no 64-bit ELF");
        }
        long sections = elf.getLong(40);
        int count = Short.toUnsignedInt(elf.getShort(60));
        int names = Short.toUnsignedInt(elf.getShort(62));
        ByteBuffer nameTable = content(elf, at(sections, names));
        for (int i = 0; i < count; i++) {
            int section = at(sections, i);
            if (text(nameTable, elf.getInt(section)).equals(".modinfo")) {
                return needsIn(content(elf, section));
            }
        }
        throw new IllegalArgumentException("no .modinfo");
    }

    private static int at(long sections, int number) {
        return Math.toIntExact(Math.addExact(sections, (long) number * SECTION_BYTES));
    }

    private static ByteBuffer content(ByteBuffer elf, int section) {
        return elf.slice(
                Math.toIntExact(elf.getLong(section + 24)),
                Math.toIntExact(elf.getLong(section + 32)));
    }

    private static String text(ByteBuffer table, int from) {
        int to = from;
        while (table.get(to) != 0) {
            to++;
        }
        byte[] bytes = new byte[to - from];
        table.get(from, bytes);
        return new String(bytes, US_ASCII);
    }

    private static List<String> needsIn(ByteBuffer info) {
        List<String> found = new ArrayList<>();
        int at = 0;
        while (at < info.limit()) {
            String entry = text(info, at);
            at += entry.length() + 1;
            if (entry.startsWith("depends=")) {
                Arrays.stream(entry.substring("depends=".length()).split(",", -1))
                        .filter(name -> !name.isEmpty())
                        .map(name -> name.replace('-', '_'))
                        .forEach(found::add);
            }
        }
        return found;
    }
}
