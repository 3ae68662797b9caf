package io.runnel.exec.wasm;

import io.runnel.exec.isolate.CodeRejectedException;
import io.runnel.exec.isolate.CodeRejectedException.Code;
import io.runnel.exec.wasi.GuestFunction;
import io.runnel.exec.wasi.RunnelFunction;
import io.runnel.exec.wasi.WasiFunction;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

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
    private static final int MOST_IMPORTS = 256;
    private static final int MOST_FUNCTIONS = 40_000;
    static final int MOST_FUNCTIONS_IN_ALL = MOST_IMPORTS + MOST_FUNCTIONS;
    private static final int MOST_TABLES = 16;
    private static final int MOST_TABLE_ENTRIES = GuestTable.MOST_ENTRIES;
    private static final int MOST_GLOBALS = 10_000;
    private static final int MOST_EXPORTS = 10_000;
    private static final int MOST_ELEMENT_SEGMENTS = 10_000;
    private static final int MOST_DATA_SEGMENTS = 100_000;
    private static final List<String> INITIALIZATIONS = List.of("runnel_init", "wizer.initialize");

    private final ModuleReader module;
    private final List<String> types = new ArrayList<>();
    private final List<GuestFunction> imports = new ArrayList<>();
    private final List<Integer> importTypes = new ArrayList<>();
    private final List<Integer> functionTypes = new ArrayList<>();
    private final Map<String, Integer> exportedFunctions = new HashMap<>();
    private final Set<String> exportNames = new HashSet<>();
    private OptionalInt startSection = OptionalInt.empty();
    private final StringBuilder globalTypes = new StringBuilder();
    private final BitSet mutableGlobals = new BitSet();
    private final StringBuilder tableTypes = new StringBuilder();
    private final StringBuilder elementTypes = new StringBuilder();
    private int dataSegments;
    private boolean dataCounted;
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
        ModuleShape.Entries entries = entries();
        int pages = initialPages.orElseThrow(() -> noEntry("no memory"));
        requireBodies();
        return new ModuleShape(
                imports,
                types(),
                code.bytes(),
                code.instructions(),
                entries,
                pages,
                memoryExported,
                code.dropsElements());
    }

    private void requireBodies() throws CodeRejectedException {
        if (code.bodyStarts().length != functionTypes.size()) {
            throw module.malformed("no bodies for %d functions".formatted(functionTypes.size()));
        }
    }

    private ModuleTypes types() throws CodeRejectedException {
        int[] all = new int[importTypes.size() + functionTypes.size()];
        for (int i = 0; i < all.length; i++) {
            int own = i - importTypes.size();
            all[i] = own < 0 ? importTypes.get(i) : functionTypes.get(own);
            if (all[i] >= types.size()) {
                throw module.malformed("function %d of type %d".formatted(i, all[i]));
            }
        }
        BitSet referable = code.referable();
        exportedFunctions.values().forEach(referable::set);
        return new ModuleTypes(
                List.copyOf(types),
                all,
                importTypes.size(),
                globalTypes.toString(),
                mutableGlobals,
                tableTypes.toString(),
                elementTypes.toString(),
                dataSegments,
                dataCounted,
                referable,
                code.bodyStarts(),
                code.bodyEnds());
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
            throw unsupported(ForeignModules.COMPONENT);
        }
        if (version != 1) {
            throw module.malformed("version " + version);
        }
    }

    private ModuleShape.Entries entries() throws CodeRejectedException {
        Integer command = exportedFunctions.get("_start");
        if (command == null) {
            throw noEntry("no function _start" + whatElse());
        }
        // Wizer's own: the command without what was done before.
        if (exportedFunctions.containsKey("wizer.initialize")) {
            command = exportedFunctions.getOrDefault("wizer.resume", command);
        }
        Integer initialization = null;
        for (String name : INITIALIZATIONS) {
            if (initialization == null) {
                initialization = exportedFunctions.get(name);
            }
        }
        return new ModuleShape.Entries(
                entry("_start", command),
                checkedStart(),
                initialization == null
                        ? OptionalInt.empty()
                        : OptionalInt.of(entry("initialization", initialization)));
    }

    private OptionalInt checkedStart() throws CodeRejectedException {
        if (startSection.isPresent()) {
            entry("to start with", startSection.getAsInt());
        }
        return startSection;
    }

    /** What is exported by modules that are made for something else. */
    private String whatElse() {
        if (exportNames.contains("_initialize")) {
            return ", only _initialize: it is a reactor (a library); link it as a command";
        }
        return "";
    }

    private int entry(String name, int function) throws CodeRejectedException {
        int index = function - imports.size();
        boolean known = index >= 0 && index < functionTypes.size();
        int type = known ? functionTypes.get(index) : -1;
        if (type < 0 || type >= types.size() || !types.get(type).equals(":")) {
            throw noEntry("a function %s that takes or gives values".formatted(name));
        }
        return function;
    }

    private void section(int id, ModuleReader section) throws CodeRejectedException {
        switch (id) {
            case 0 -> section.skip(section.left());
            case 8 -> startSection = OptionalInt.of(index(section));
            case 12 -> dataCount(section);
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

    private static int index(ModuleReader in) throws CodeRejectedException {
        return (int) Math.min(in.u32(), Integer.MAX_VALUE);
    }

    private void dataCount(ModuleReader in) throws CodeRejectedException {
        // Its value is compared with the segments by whoever parses them.
        in.u32();
        dataCounted = true;
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
                throw unknownImport(
                        from, name, "is not a function" + ForeignModules.adviceFor(from));
            }
            long type = in.u32();
            imports.add(hostFunction(from, name, type));
            importTypes.add((int) type);
        }
    }

    private GuestFunction hostFunction(String from, String name, long type)
            throws CodeRejectedException {
        boolean isPreview0 = ForeignModules.isSameInPreview0(from, name);
        if (!isPreview0
                && !from.equals(WasiFunction.MODULE)
                && !from.equals(RunnelFunction.MODULE)) {
            throw unknownImport(
                    from,
                    name,
                    "is not of "
                            + WasiFunction.MODULE
                            + " or "
                            + RunnelFunction.MODULE
                            + ForeignModules.adviceFor(from));
        }
        GuestFunction function =
                GuestFunction.named(isPreview0 ? WasiFunction.MODULE : from, name)
                        .orElseThrow(() -> unknownImport(from, name, "does not exist"));
        if (type >= types.size() || !function.signature().equals(types.get((int) type))) {
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
            tableTypes.append(ValueTypes.reference(in));
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
            globalTypes.append(ValueTypes.letter(in));
            int mutable = in.u8();
            if (mutable > 1) {
                throw in.malformed("a global that is neither constant nor variable");
            }
            mutableGlobals.set(i, mutable == 1);
            code.constant(in);
        }
    }

    private void exports(ModuleReader in) throws CodeRejectedException {
        int count = in.count("exports", MOST_EXPORTS);
        for (int i = 0; i < count; i++) {
            String name = in.name();
            int kind = in.u8();
            long index = in.u32();
            if (!exportNames.add(name)) {
                throw in.malformed("two exports have the name '%s'".formatted(name));
            }
            if (kind == 0) {
                exportedFunctions.put(name, (int) Math.min(index, Integer.MAX_VALUE));
            }
            memoryExported |= kind == 2 && name.equals("memory");
        }
    }

    /** Eight forms: bit 0 not active, bit 1 explicit table or declared, bit 2 expressions. */
    private void elements(ModuleReader in) throws CodeRejectedException {
        int count = in.count("element segments", MOST_ELEMENT_SEGMENTS);
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
            elementTypes.append((flags & 3) == 0 ? 'r' : elementKind(in, expressions));
            entries(in, expressions);
        }
    }

    private static char elementKind(ModuleReader in, boolean expressions)
            throws CodeRejectedException {
        if (expressions) {
            return ValueTypes.reference(in);
        }
        if (in.u8() != 0) {
            throw in.malformed("an element kind");
        }
        return 'r';
    }

    private void entries(ModuleReader in, boolean expressions) throws CodeRejectedException {
        int count = in.count("elements of a segment", MOST_TABLE_ENTRIES);
        for (int i = 0; i < count; i++) {
            if (expressions) {
                code.constant(in);
            } else {
                code.refers(in.u32());
            }
        }
        tableEntries += count;
        requireTableEntries();
    }

    private void data(ModuleReader in) throws CodeRejectedException {
        int count = in.count("data segments", MOST_DATA_SEGMENTS);
        dataSegments = count;
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
