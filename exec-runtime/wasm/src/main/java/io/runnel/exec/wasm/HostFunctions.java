package io.runnel.exec.wasm;

import io.runnel.exec.wasi.GuestFunction;
import io.runnel.exec.wasi.WasiFunction;

import run.endive.runtime.HostFunction;
import run.endive.runtime.ImportFunction;
import run.endive.runtime.Instance;

import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

/** The host functions as Endive links them: made once, shared by all instances of all programs. */
final class HostFunctions {
    private static final Map<GuestFunction, ImportFunction> ALL = all();
    private static final Map<GuestFunction, ImportFunction> PREVIEW_0 = preview0();

    private HostFunctions() {}

    private static Map<GuestFunction, ImportFunction> all() {
        Map<GuestFunction, ImportFunction> all = new HashMap<>();
        for (GuestFunction function : GuestFunction.all()) {
            all.put(function, linked(function.importModule(), function));
        }
        return all;
    }

    private static Map<GuestFunction, ImportFunction> preview0() {
        Map<GuestFunction, ImportFunction> all = new HashMap<>();
        for (WasiFunction function : WasiFunction.values()) {
            all.put(function, linked(ForeignModules.PREVIEW_0, function));
        }
        return all;
    }

    private static ImportFunction linked(String module, GuestFunction function) {
        return new HostFunction(
                module,
                function.importName(),
                new Signature(function.signature()).type(),
                (instance, numbers) -> call(function, instance, numbers));
    }

    private static long[] call(GuestFunction function, Instance instance, long[] numbers) {
        GuestMemory memory = (GuestMemory) instance.memory();
        return new long[] {function.apply(memory, numbers)};
    }

    /** The function by each name that modules may import it by. */
    static Stream<ImportFunction> of(GuestFunction function) {
        return Stream.of(ALL, PREVIEW_0)
                .filter(all -> all.containsKey(function))
                .map(all -> all.get(function));
    }
}
