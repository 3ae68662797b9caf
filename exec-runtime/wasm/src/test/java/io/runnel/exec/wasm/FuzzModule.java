package io.runnel.exec.wasm;

import io.runnel.exec.isolate.CodeRejectedException;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;

/**
 * A module that binaryen made of random bytes, changed so that it is a command and needs nothing:
 * the functions that it imports become its own, which count what they are given in a global; all
 * globals that change are exported.
 */
final class FuzzModule {
    /** A function that may be called from outside; letters are types of values. */
    record Function(String name, int index, String parameters, String results) {}

    private static final String RESET = "hangLimitInitializer";

    private final List<String> types = new ArrayList<>();
    private final List<Integer> functions = new ArrayList<>();
    private final List<Character> globals = new ArrayList<>();
    private final List<Function> exports = new ArrayList<>();
    private final TreeMap<Integer, byte[]> sections = new TreeMap<>();
    private int imports;

    private FuzzModule() {}

    static FuzzModule of(byte[] made) throws CodeRejectedException {
        FuzzModule module = new FuzzModule();
        ModuleReader in = new ModuleReader(made, 8, made.length);
        while (in.hasMore()) {
            int id = in.u8();
            long size = in.u32();
            int from = in.position();
            module.sections.put(place(id), Arrays.copyOfRange(made, from, from + (int) size));
            in.skip(size);
        }
        module.change();
        return module;
    }

    /** The section that counts data segments stands before the code. */
    private static int place(int id) {
        return id == 12 ? 95 : id * 10;
    }

    private ModuleReader section(int id) {
        byte[] body = sections.getOrDefault(place(id), new byte[] {0});
        return new ModuleReader(body, 0, body.length);
    }

    /** All that may be called. */
    List<Function> calls() {
        return exports;
    }

    /** What resets the count of steps after which functions end by themselves. */
    Function reset() {
        return exports.stream().filter(f -> f.name().equals(RESET)).findFirst().orElseThrow();
    }

    /** The types of the globals that change, in order. */
    String mutableGlobals() {
        StringBuilder all = new StringBuilder();
        globals.stream().filter(g -> g != '-').forEach(all::append);
        return all.toString();
    }

    private void change() throws CodeRejectedException {
        readTypes(section(1));
        readImports(section(2));
        sections.remove(place(2));
        ModuleReader own = section(3);
        prepend(3, own, i -> ModuleBytes.bytes().u32(functions.get(i)));
        readFunctions(section(3));
        readGlobals(section(6));
        prepend(10, section(10), this::log);
        append(6, section(6), 1, ModuleBytes.bytes().raw(0x7F, 1, 0x41, 0, 0x0B));
        globals.add('i');
        readExports(section(7));
        exportMore();
    }

    private interface Entry {
        ModuleBytes of(int index);
    }

    private void prepend(int id, ModuleReader in, Entry entry) throws CodeRejectedException {
        long count = in.u32();
        ModuleBytes all = ModuleBytes.bytes().u32((int) count + imports);
        for (int i = 0; i < imports; i++) {
            all.add(entry.of(i));
        }
        sections.put(place(id), rest(all, in));
    }

    private void append(int id, ModuleReader in, int more, ModuleBytes entries)
            throws CodeRejectedException {
        long count = in.u32();
        ModuleBytes all = ModuleBytes.bytes().u32((int) count + more);
        byte[] known = rest(all, in);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(known);
        out.writeBytes(entries.toBytes());
        sections.put(place(id), out.toByteArray());
    }

    private static byte[] rest(ModuleBytes begin, ModuleReader in) throws CodeRejectedException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(begin.toBytes());
        while (in.hasMore()) {
            out.write(in.u8());
        }
        return out.toByteArray();
    }

    /** The body of what was imported: the sum of all that it was given. */
    private ModuleBytes log(int function) {
        int sum = globals.size();
        ModuleBytes body = ModuleBytes.bytes().raw(0, 0x23).u32(sum).raw(0x41, 31, 0x6C, 0x20, 0);
        switch (types.get(functions.get(function)).charAt(0)) {
            case 'I' -> body.raw(0xA7);
            case 'f' -> body.raw(0xBC);
            case 'F' -> body.raw(0xBD, 0xA7);
            default -> {
                // A number of 32 bits is added as it is.
            }
        }
        body.raw(0x6A, 0x24).u32(sum).raw(0x0B);
        return ModuleBytes.bytes().u32(body.toBytes().length).add(body);
    }

    private void readTypes(ModuleReader in) throws CodeRejectedException {
        for (long left = in.u32(); left > 0; left--) {
            in.u8();
            StringBuilder type = new StringBuilder();
            for (long n = in.u32(); n > 0; n--) {
                type.append(ValueTypes.letter(in));
            }
            type.append(':');
            for (long n = in.u32(); n > 0; n--) {
                type.append(ValueTypes.letter(in));
            }
            types.add(type.toString());
        }
    }

    private void readImports(ModuleReader in) throws CodeRejectedException {
        for (long left = in.u32(); left > 0; left--) {
            in.name();
            in.name();
            if (in.u8() != 0) {
                throw in.malformed("an import that is no function");
            }
            functions.add((int) in.u32());
        }
        imports = functions.size();
    }

    private void readFunctions(ModuleReader in) throws CodeRejectedException {
        functions.clear();
        for (long left = in.u32(); left > 0; left--) {
            functions.add((int) in.u32());
        }
    }

    private void readGlobals(ModuleReader in) throws CodeRejectedException {
        for (long left = in.u32(); left > 0; left--) {
            char type = ValueTypes.letter(in);
            globals.add(in.u8() == 1 ? type : '-');
            new CodeScan().constant(in);
        }
    }

    private void readExports(ModuleReader in) throws CodeRejectedException {
        for (long left = in.u32(); left > 0; left--) {
            String name = in.name();
            int kind = in.u8();
            int index = (int) in.u32();
            if (kind == 0) {
                String type = types.get(functions.get(index));
                exports.add(
                        new Function(
                                name,
                                index,
                                ModuleTypes.parameters(type),
                                ModuleTypes.results(type)));
            }
        }
    }

    private void exportMore() throws CodeRejectedException {
        ModuleBytes entries = ModuleBytes.bytes().name("_start").raw(0).u32(reset().index());
        int more = 1;
        for (int i = 0; i < globals.size(); i++) {
            if (globals.get(i) != '-') {
                entries.name("global_%c_%d".formatted(globals.get(i), i)).raw(3).u32(i);
                more++;
            }
        }
        append(7, section(7), more, entries);
    }

    byte[] toBytes() {
        ModuleBytes out = ModuleBytes.module();
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(out.toBytes());
        for (var section : sections.entrySet()) {
            int id = section.getKey() == 95 ? 12 : section.getKey() / 10;
            if (id != 0) {
                all.write(id);
                all.writeBytes(ModuleBytes.bytes().u32(section.getValue().length).toBytes());
                all.writeBytes(section.getValue());
            }
        }
        return all.toByteArray();
    }
}
