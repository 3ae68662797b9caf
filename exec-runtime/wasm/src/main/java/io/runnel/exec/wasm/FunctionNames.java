package io.runnel.exec.wasm;

import io.runnel.exec.isolate.CodeRejectedException;

import java.util.HashMap;
import java.util.Map;

/**
 * Names of functions, from a module's name section if it has one. The names are the module's: any
 * text.
 */
final class FunctionNames {
    private static final int CUSTOM = 0;
    private static final int FUNCTIONS = 1;
    private static final int MOST = 100_000;

    private final Map<Integer, String> names;

    private FunctionNames(Map<Integer, String> names) {
        this.names = Map.copyOf(names);
    }

    /** The names in a module that was scanned; none where the section is broken. */
    static FunctionNames of(byte[] module) {
        Map<Integer, String> names = new HashMap<>();
        try {
            ModuleReader in = new ModuleReader(module, 8, module.length);
            while (in.hasMore()) {
                int section = in.u8();
                ModuleReader content = in.part(in.u32());
                if (section == CUSTOM && content.name().equals("name")) {
                    read(content, names);
                }
            }
        } catch (CodeRejectedException e) {
            // A section for people: what could be read of it will do.
            return new FunctionNames(names);
        }
        return new FunctionNames(names);
    }

    private static void read(ModuleReader in, Map<Integer, String> names)
            throws CodeRejectedException {
        while (in.hasMore()) {
            int kind = in.u8();
            ModuleReader content = in.part(in.u32());
            if (kind == FUNCTIONS) {
                int count = content.count("names", MOST);
                for (int i = 0; i < count; i++) {
                    int function = (int) content.u32();
                    names.put(function, content.name());
                }
            }
        }
    }

    /** What to call this function: by index, and by name if it has one. */
    String of(int function) {
        String name = names.get(function);
        return name == null
                ? "function %d".formatted(function)
                : "function %d (%s)".formatted(function, name.replaceAll("\\p{Cntrl}+", " "));
    }
}
