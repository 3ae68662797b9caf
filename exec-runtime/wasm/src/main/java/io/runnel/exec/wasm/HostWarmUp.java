package io.runnel.exec.wasm;

import io.runnel.exec.isolate.OutputSink;

import run.endive.runtime.OpcodeImpl;
import run.endive.runtime.TrapException;
import run.endive.runtime.WasmInterruptedException;
import run.endive.runtime.WasmRuntimeException;
import run.endive.wasm.types.Table;
import run.endive.wasm.types.TableLimits;
import run.endive.wasm.types.ValType;

import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Uses once, where there is stack enough, what a guest can make the host use where there is little:
 * a class whose first use fails for lack of stack can never be used again in this process. What
 * guests can make the host do beyond that stands behind {@link StackRoom}.
 */
final class HostWarmUp {
    private static final int MOST_NUMBERS = 9;

    /** Used, so that its initializer runs: once, whoever comes first; the others wait. */
    private static final class Done {
        private static final int FUNCTIONS;

        static {
            FUNCTIONS = useFunctions();
            useTraps();
        }

        private Done() {}
    }

    private HostWarmUp() {}

    /** Returns when all is used. Cheap after the first time. */
    static void ensure() {
        if (Done.FUNCTIONS == 0) {
            throw new IllegalStateException("there are no functions");
        }
    }

    private static int useFunctions() {
        GuestMemory memory = new GuestMemory(1, 1);
        for (WasiFunction function : WasiFunction.values()) {
            memory.begin(call(), 1 << 16);
            // One part of no bytes, one clock that is due: zeros mean something everywhere.
            useFunction(function, memory, new int[MOST_NUMBERS]);
            useFunction(function, memory, new int[] {1, 0, 1, 8, 0, 0, 0, 0, 0});
            useFunction(function, memory, new int[] {0, 512, 1, 1024, 0, 0, 0, 0, 0});
            memory.end();
        }
        memory.grow(1);
        return WasiFunction.values().length;
    }

    private static void useFunction(WasiFunction function, GuestMemory memory, int[] numbers) {
        try {
            function.call(memory, numbers);
        } catch (GuestExit e) {
            // One of the functions does that.
        }
    }

    private static GuestCall call() {
        return new GuestCall(
                List.of("argument"),
                Map.of("NAME", "value"),
                new StandardStreams(
                        InputStream.nullInputStream(), OutputSink.NOWHERE, OutputSink.NOWHERE),
                HostSources.ofSystem());
    }

    private static void useTraps() {
        List<RuntimeException> traps = new ArrayList<>();
        traps.add(new TrapException("trap"));
        traps.add(new WasmRuntimeException("trap"));
        traps.add(new WasmInterruptedException("trap"));
        traps.add(new GuestInterrupted());
        traps.add(new GuestStackExceeded());
        useTrap(() -> OpcodeImpl.I32_DIV_S(1, 0), traps);
        useTrap(() -> OpcodeImpl.I32_TRUNC_F64_S(Double.NaN), traps);
        Table table = new Table(ValType.FuncRef, new TableLimits(1));
        useTrap(() -> GuestTable.create(table, -1).requiredRef(0), traps);
        useTrap(() -> GuestTable.create(table, -1).requiredRef(1), traps);
    }

    private static void useTrap(Runnable use, List<RuntimeException> traps) {
        try {
            use.run();
        } catch (RuntimeException e) {
            traps.add(e);
        }
    }
}
