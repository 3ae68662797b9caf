package io.runnel.exec.wasm;

import io.runnel.exec.wasi.GuestFunction;
import io.runnel.exec.wasi.GuestInterrupted;
import io.runnel.exec.wasi.WasiWarmUp;

import run.endive.runtime.OpcodeImpl;
import run.endive.runtime.TrapException;
import run.endive.runtime.WasmInterruptedException;
import run.endive.runtime.WasmRuntimeException;
import run.endive.wasm.types.Table;
import run.endive.wasm.types.TableLimits;
import run.endive.wasm.types.ValType;

import java.util.ArrayList;
import java.util.List;

/**
 * Uses once, where there is stack enough, what a guest can make the host use where there is little:
 * a class whose first use fails for lack of stack can never be used again in this process. What
 * guests can make the host do beyond that, host functions first make sure of stack for.
 */
final class HostWarmUp {
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
        for (GuestFunction function : GuestFunction.all()) {
            memory.begin(WasiWarmUp.call(), 1 << 20);
            WasiWarmUp.use(function, memory);
            memory.end();
        }
        memory.begin(WasiWarmUp.call(), 1 << 20);
        WasiWarmUp.useFiles(memory);
        memory.end();
        memory.begin(WasiWarmUp.call(), 1 << 20);
        WasiWarmUp.useRunnel(memory);
        memory.end();
        memory.grow(1);
        return GuestFunction.all().size();
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
