package io.runnel.exec.wasm;

import io.runnel.exec.isolate.CodeRejectedException;
import io.runnel.exec.isolate.CodeRejectedException.Code;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * A first look at a hostile module, before any library sees it: walks the binary format once, in
 * time and memory bounded by its size, and refuses what would make the parser, the compiler or a
 * running instance take more of the host than the limits say. Afterwards the parser allocates no
 * more than in proportion to the module, and nothing is left in it but the features of WebAssembly
 * 1.0 with sign extension, saturating conversion, bulk memory, several values, references to
 * functions and tail calls.
 *
 * <p>What it does not do is to validate: types, order of sections and stack heights are the
 * parser's work.
 */
final class ModuleScan {
    private static final int MOST_TYPES = 4096;
    private static final int MOST_PARAMETERS = 250;
    private static final int MOST_RESULTS = 16;
    private static final int MOST_IMPORTS = 1000;
    private static final int MOST_FUNCTIONS = 40_000;
    private static final int MOST_TABLES = 16;
    private static final int MOST_TABLE_ENTRIES = GuestTables.MOST_ENTRIES;
    private static final int MOST_GLOBALS = 10_000;
    private static final int MOST_EXPORTS = 10_000;
    private static final int MOST_SEGMENTS = 10_000;

    private final ModuleReader module;
    private final List<String> types = new ArrayList<>();
    private final List<WasiFunction> imports = new ArrayList<>();
    private final List<Integer> functionTypes = new ArrayList<>();
    private OptionalInt start = OptionalInt.empty();
    private final CodeScan code = new CodeScan();
    private long tableEntries;
    private OptionalInt initialPages = OptionalInt.empty();
    private boolean memoryExported;

    private ModuleScan(byte[] module) {
        this.module = new ModuleReader(module);
    }

    /**
     * Looks through the module.
     *
     * @throws CodeRejectedException if it is broken, or needs what no task gets
     */
    static ModuleShape scan(byte[] module) throws CodeRejectedException {
        return new ModuleScan(module).scan();
    }

    private ModuleShape scan() throws CodeRejectedException {
        header();
        while (module.hasMore()) {
            int id = module.u8();
            section(id, module.part(module.u32()));
        }
        return new ModuleShape(
                imports,
                functionTypes.size(),
                code.bytes(),
                code.instructions(),
                checkedStart(),
                initialPages.orElseThrow(() -> noEntry("no memory")),
                memoryExported,
                code.resettable());
    }

    private void header() throws CodeRejectedException {
        if (module.left() < 8
                || module.u8() != 0
                || module.u8() != 'a'
                || module.u8() != 's'
                || module.u8() != 'm') {
            throw module.malformed("no magic number");
        }
        int version = module.u8() | module.u8() << 8;
        int layer = module.u8() | module.u8() << 8;
        if (layer != 0) {
            throw unsupported("a component; compile to a module (wasm32-wasi, preview 1)");
        }
        if (version != 1) {
            throw module.malformed("version " + version);
        }
    }

    private int checkedStart() throws CodeRejectedException {
        int index = start.orElseThrow(() -> noEntry("no function _start")) - imports.size();
        boolean known = index >= 0 && index < functionTypes.size();
        int type = known ? functionTypes.get(index) : -1;
        if (type < 0 || type >= types.size() || !types.get(type).equals(":")) {
            throw noEntry("a _start that takes or gives values");
        }
        return index + imports.size();
    }

    private void section(int id, ModuleReader section) throws CodeRejectedException {
        switch (id) {
            case 0, 8, 12 -> section.skip(section.left());
            case 1 -> types(section);
            case 2 -> imports(section);
            case 3 -> functions(section);
            case 4 -> tables(section);
            case 5 -> memories(section);
            case 6 -> globals(section);
            case 7 -> exports(section);
            case 9 -> elements(section);
            case 10 -> code.scan(section, functionTypes.size());
            case 11 -> data(section);
            case 13 -> throw unsupported("exceptions");
            default -> throw section.malformed("section " + id);
        }
    }

    private void types(ModuleReader in) throws CodeRejectedException {
        int count = in.count("types", MOST_TYPES);
        for (int i = 0; i < count; i++) {
            if (in.u8() != 0x60) {
                throw unsupported("types other than functions'");
            }
            StringBuilder text = new StringBuilder();
            values(in, in.count("parameters of a function", MOST_PARAMETERS), text);
            text.append(':');
            values(in, in.count("results of a function", MOST_RESULTS), text);
            types.add(text.toString());
        }
    }

    private static void values(ModuleReader in, int count, StringBuilder text)
            throws CodeRejectedException {
        for (int i = 0; i < count; i++) {
            text.append(ValueTypes.letter(in));
        }
    }

    private void imports(ModuleReader in) throws CodeRejectedException {
        int count = in.count("imports", MOST_IMPORTS);
        for (int i = 0; i < count; i++) {
            String from = in.name();
            String name = in.name();
            if (in.u8() != 0) {
                throw unknownImport(from, name, "is not a function");
            }
            imports.add(wasi(from, name, in.u32()));
        }
    }

    private WasiFunction wasi(String from, String name, long type) throws CodeRejectedException {
        if (!from.equals(WasiFunction.MODULE)) {
            throw unknownImport(from, name, "is not of " + WasiFunction.MODULE);
        }
        WasiFunction function =
                WasiFunction.named(name)
                        .orElseThrow(() -> unknownImport(from, name, "does not exist"));
        if (type >= types.size() || !function.signature().text().equals(types.get((int) type))) {
            throw unknownImport(from, name, "has another type there");
        }
        return function;
    }

    private void functions(ModuleReader in) throws CodeRejectedException {
        int count = in.count("functions", MOST_FUNCTIONS);
        for (int i = 0; i < count; i++) {
            functionTypes.add((int) Math.min(in.u32(), Integer.MAX_VALUE));
        }
    }

    private void tables(ModuleReader in) throws CodeRejectedException {
        int count = in.count("tables", MOST_TABLES);
        for (int i = 0; i < count; i++) {
            ValueTypes.requireReference(in);
            int flags = in.u8();
            if (flags > 1) {
                throw unsupported("tables with flags " + flags);
            }
            tableEntries += in.u32();
            if (flags == 1) {
                in.u32();
            }
            requireTableEntries();
        }
    }

    private void requireTableEntries() throws CodeRejectedException {
        if (tableEntries > MOST_TABLE_ENTRIES) {
            throw new CodeRejectedException(
                    Code.MEMORY,
                    "tables may have at most %d entries together: %d"
                            .formatted(MOST_TABLE_ENTRIES, tableEntries));
        }
    }

    private void memories(ModuleReader in) throws CodeRejectedException {
        if (in.u32() != 1) {
            throw unsupported("more or fewer than one memory");
        }
        int flags = in.u8();
        if (flags > 1) {
            throw unsupported("shared or 64-bit memory");
        }
        long pages = in.u32();
        if (pages > GuestMemory.MOST_PAGES) {
            throw new CodeRejectedException(
                    Code.MEMORY, "memory of %d pages of 64 KiB at the start".formatted(pages));
        }
        initialPages = OptionalInt.of((int) pages);
        if (flags == 1) {
            in.u32();
        }
    }

    private void globals(ModuleReader in) throws CodeRejectedException {
        int count = in.count("globals", MOST_GLOBALS);
        for (int i = 0; i < count; i++) {
            ValueTypes.letter(in);
            in.u8();
            code.constant(in);
        }
    }

    private void exports(ModuleReader in) throws CodeRejectedException {
        int count = in.count("exports", MOST_EXPORTS);
        for (int i = 0; i < count; i++) {
            String name = in.name();
            int kind = in.u8();
            long index = in.u32();
            if (kind == 0 && name.equals("_start")) {
                start = OptionalInt.of((int) Math.min(index, Integer.MAX_VALUE));
            }
            memoryExported |= kind == 2 && name.equals("memory");
        }
    }

    /** Eight forms: bit 0 not active, bit 1 explicit table or declared, bit 2 expressions. */
    private void elements(ModuleReader in) throws CodeRejectedException {
        int count = in.count("element segments", MOST_SEGMENTS);
        for (int i = 0; i < count; i++) {
            long flags = in.u32();
            if (flags > 7) {
                throw in.malformed("element segment of form " + flags);
            }
            boolean active = (flags & 1) == 0;
            boolean expressions = (flags & 4) != 0;
            if (active) {
                if ((flags & 2) != 0) {
                    in.u32();
                }
                code.constant(in);
            }
            if ((flags & 3) != 0) {
                elementKind(in, expressions);
            }
            entries(in, expressions);
        }
    }

    private static void elementKind(ModuleReader in, boolean expressions)
            throws CodeRejectedException {
        if (expressions) {
            ValueTypes.requireReference(in);
        } else if (in.u8() != 0) {
            throw in.malformed("an element kind");
        }
    }

    private void entries(ModuleReader in, boolean expressions) throws CodeRejectedException {
        int count = in.count("elements of a segment", MOST_TABLE_ENTRIES);
        for (int i = 0; i < count; i++) {
            if (expressions) {
                code.constant(in);
            } else {
                in.u32();
            }
        }
        tableEntries += count;
        requireTableEntries();
    }

    private void data(ModuleReader in) throws CodeRejectedException {
        int count = in.count("data segments", MOST_SEGMENTS);
        for (int i = 0; i < count; i++) {
            long mode = in.u32();
            if (mode > 1) {
                throw unsupported("several memories");
            }
            if (mode == 0) {
                code.constant(in);
            }
            in.skip(in.u32());
        }
    }

    static CodeRejectedException unsupported(String what) {
        return new CodeRejectedException(
                Code.UNSUPPORTED, "the module uses what tasks cannot: " + what);
    }

    private static CodeRejectedException unknownImport(String from, String name, String why) {
        return new CodeRejectedException(
                Code.UNKNOWN_IMPORT, "import %s.%s %s".formatted(from, name, why));
    }

    static CodeRejectedException noEntry(String what) {
        return new CodeRejectedException(
                Code.NO_ENTRY, "the module is no WASI command: it has " + what);
    }
}
