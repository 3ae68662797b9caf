package io.runnel.exec.wasm;

import io.runnel.exec.isolate.CodeRejectedException;
import io.runnel.exec.isolate.CodeRejectedException.Code;

import run.endive.runtime.ImportFunction;
import run.endive.runtime.ImportValues;
import run.endive.runtime.Instance;
import run.endive.runtime.Machine;
import run.endive.wasm.WasmModule;
import run.endive.wasm.types.MemoryLimits;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Makes instances of one module. The first one is made as the module says, segment by segment; an
 * {@link Image} is taken of it, and all others are copies of an image. Safe for any thread.
 */
final class InstanceMaker {
    private final ModuleShape shape;
    private final ImportValues imports;
    private final WasmModule seed;
    private final Image first;

    private InstanceMaker(ModuleShape shape, ImportValues imports, WasmModule seed, Image first) {
        this.shape = shape;
        this.imports = imports;
        this.seed = seed;
        this.first = first;
    }

    /**
     * For a module that was scanned. Nothing of its code runs.
     *
     * @param check whether what is no code is checked in full
     * @throws CodeRejectedException if it is not valid, or no instance can be made of it
     */
    static InstanceMaker of(byte[] module, ModuleShape shape, boolean check)
            throws CodeRejectedException {
        WasmModule skeleton = ModuleParser.skeleton(module, shape.functions(), check);
        ImportValues imports =
                ImportValues.builder()
                        .addFunction(
                                shape.imports().stream()
                                        .distinct()
                                        .flatMap(HostFunctions::of)
                                        .toArray(ImportFunction[]::new))
                        .build();
        return new InstanceMaker(
                shape, imports, ModuleParser.seed(skeleton), first(skeleton, imports, shape));
    }

    private static Image first(WasmModule skeleton, ImportValues imports, ModuleShape shape)
            throws CodeRejectedException {
        try {
            return make(skeleton, imports, shape, InstanceMaker::noMachine, GuestMemory::toFill)
                    .snapshot(false);
        } catch (RuntimeException | AssertionError e) {
            throw new CodeRejectedException(
                    Code.MALFORMED, "no instance can be made of it: " + Messages.of(e), e);
        }
    }

    private static Machine noMachine(Instance instance) {
        return (function, arguments) -> {
            throw new IllegalStateException("code runs while an instance is made");
        };
    }

    /** What the module says, before its start function. */
    Image first() {
        return first;
    }

    /** A new instance that is as the image says. */
    GuestInstance make(Engine engine, Image image) {
        GuestInstance made =
                make(
                        seed,
                        imports,
                        shape,
                        engine.machines(),
                        limits -> new GuestMemory(image.memory(), limits.maximumPages()));
        if (!engine.marks()) {
            made.memory().expectNoMarks();
        }
        made.restore(image);
        return made;
    }

    private static GuestInstance make(
            WasmModule module,
            ImportValues imports,
            ModuleShape shape,
            Function<Instance, Machine> machines,
            Function<MemoryLimits, GuestMemory> memories) {
        GuestMemory[] memory = new GuestMemory[1];
        List<GuestTable> tables = new ArrayList<>();
        Instance instance =
                Instance.builder(module)
                        .withMachineFactory(machines)
                        .withMemoryFactory(limits -> memory[0] = memories.apply(limits))
                        .withTableFactory(
                                (declared, value) -> {
                                    tables.add(GuestTable.create(declared, value));
                                    return tables.getLast();
                                })
                        .withImportValues(imports)
                        .withInitialize(false)
                        .withStart(false)
                        .build();
        instance.initialize(false);
        return new GuestInstance(instance, memory[0], tables, shape.dropsElements());
    }
}
