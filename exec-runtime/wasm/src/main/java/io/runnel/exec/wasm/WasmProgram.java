package io.runnel.exec.wasm;

import io.runnel.exec.isolate.Isolate;
import io.runnel.exec.isolate.Program;

import run.endive.runtime.ImportFunction;
import run.endive.runtime.ImportValues;
import run.endive.runtime.Instance;
import run.endive.runtime.Machine;
import run.endive.wasm.WasmModule;
import run.endive.wasm.types.MemoryLimits;

import java.util.function.Function;

/** A compiled module. */
final class WasmProgram implements Program {
    /** Classes (4, as measured), and machine code made of what is hot. */
    private static final long FOOTPRINT_PER_CODE_BYTE = 8;

    private static final long LEAST_FOOTPRINT_BYTES = 64 * 1024;

    private final WasmModule module;
    private final ModuleShape shape;
    private final Function<Instance, Machine> machines;
    private final HostSources host;
    private final ImportValues imports;
    private final long footprintBytes;
    private volatile boolean closed;

    /**
     * A program of this module.
     *
     * @param module without its code
     * @param moduleBytes the size of the whole module
     */
    WasmProgram(
            WasmModule module,
            ModuleShape shape,
            Function<Instance, Machine> machines,
            HostSources host,
            int moduleBytes) {
        this.module = module;
        this.shape = shape;
        this.machines = machines;
        this.host = host;
        this.imports =
                ImportValues.builder()
                        .addFunction(
                                shape.imports().stream()
                                        .distinct()
                                        .map(WasiFunction::function)
                                        .toArray(ImportFunction[]::new))
                        .build();
        this.footprintBytes =
                LEAST_FOOTPRINT_BYTES + moduleBytes + shape.codeBytes() * FOOTPRINT_PER_CODE_BYTE;
    }

    ModuleShape shape() {
        return shape;
    }

    HostSources host() {
        return host;
    }

    @Override
    public Isolate newIsolate() {
        if (closed) {
            throw new IllegalStateException("the program is closed");
        }
        return new WasmIsolate(this);
    }

    /** A fresh instance with fresh memory. Nothing of the guest's code has run in it. */
    GuestInstance instantiate() {
        GuestMemory[] made = new GuestMemory[1];
        Instance instance =
                Instance.builder(module)
                        .withMachineFactory(machines)
                        .withMemoryFactory(limits -> made[0] = memory(limits))
                        .withTableFactory(GuestTables::create)
                        .withImportValues(imports)
                        .withInitialize(false)
                        .withStart(false)
                        .build();
        return new GuestInstance(instance, made[0]);
    }

    private static GuestMemory memory(MemoryLimits limits) {
        return new GuestMemory(limits.initialPages(), limits.maximumPages());
    }

    @Override
    public long footprintBytes() {
        return footprintBytes;
    }

    @Override
    public void close() {
        // What it holds goes with it; classes are unloaded when no instance is left.
        closed = true;
    }
}
