package io.runnel.exec.wasm;

import io.runnel.exec.wasi.WasiFunction;

import run.endive.runtime.HostFunction;
import run.endive.runtime.ImportFunction;
import run.endive.runtime.Instance;

import java.util.EnumMap;
import java.util.Map;
import java.util.stream.Stream;

/** The host functions as Endive links them: made once, shared by all instances of all programs. */
final class HostFunctions {
    private static final Map<WasiFunction, ImportFunction> ALL = all(WasiFunction.MODULE);
    private static final Map<WasiFunction, ImportFunction> PREVIEW_0 =
            all(ForeignModules.PREVIEW_0);

    private HostFunctions() {}

    private static Map<WasiFunction, ImportFunction> all(String module) {
        Map<WasiFunction, ImportFunction> all = new EnumMap<>(WasiFunction.class);
        for (WasiFunction function : WasiFunction.values()) {
            all.put(
                    function,
                    new HostFunction(
                            module,
                            function.importName(),
                            new Signature(function.signature()).type(),
                            (instance, numbers) -> call(function, instance, numbers)));
        }
        return all;
    }

    private static long[] call(WasiFunction function, Instance instance, long[] numbers) {
        GuestMemory memory = (GuestMemory) instance.memory();
        return new long[] {function.call(memory, numbers).value()};
    }

    /** The function by each name that modules may import it by. */
    static Stream<ImportFunction> of(WasiFunction function) {
        return Stream.of(ALL.get(function), PREVIEW_0.get(function));
    }
}
