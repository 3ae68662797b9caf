package io.runnel.exec.wasm;

import run.endive.runtime.GlobalInstance;
import run.endive.runtime.Instance;
import run.endive.runtime.TrapException;
import run.endive.wasm.types.Element;
import run.endive.wasm.types.MutabilityType;

import java.util.ArrayList;
import java.util.List;

/** An instance of a module with all that a guest can change in it. One thread. */
final class GuestInstance {
    private static final long[] NO_ARGUMENTS = {};

    private final Instance instance;
    private final GuestMemory memory;
    private final List<GuestTable> tables;
    private final List<GlobalInstance> globals = new ArrayList<>();
    private final boolean dropsElements;

    /** An instance that is initialized; its machine has not run yet. */
    GuestInstance(
            Instance instance, GuestMemory memory, List<GuestTable> tables, boolean dropsElements) {
        this.instance = instance;
        this.memory = memory;
        this.tables = List.copyOf(tables);
        this.dropsElements = dropsElements;
        GlobalInstance[] all = new GlobalInstance[instance.globalCount()];
        for (int i = 0; i < all.length; i++) {
            all[i] = instance.global(i);
            if (instance.global(i).getMutabilityType() == MutabilityType.Var) {
                globals.add(instance.global(i));
            }
        }
        memory.setGlobals(all);
    }

    GuestMemory memory() {
        return memory;
    }

    /** Runs one of the guest's functions that take and give nothing. */
    void run(int function) {
        call(function, NO_ARGUMENTS);
    }

    /** Runs one of the guest's functions; its results. */
    long[] call(int function, long... arguments) {
        try {
            return instance.getMachine().call(function, arguments);
        } catch (IndexOutOfBoundsException e) {
            // Of the array that the memory is: compiled code leaves the check to it.
            TrapException trap = new TrapException("out of bounds memory access");
            trap.initCause(e);
            throw trap;
        }
    }

    /**
     * Brings everything back. Of memory, only what was written since it was last brought back to
     * the same image.
     */
    void restore(Image image) {
        memory.restore(image.memory());
        for (int i = 0; i < globals.size(); i++) {
            globals.get(i).setValue(image.globals()[i]);
        }
        for (int i = 0; i < tables.size(); i++) {
            tables.get(i).restore(image.tables().get(i));
        }
        if (dropsElements) {
            for (int i = 0; i < image.elements().length; i++) {
                instance.setElement(i, image.elements()[i]);
            }
        }
        instance.clearTailCall();
    }

    /** What it is now. */
    Image snapshot(boolean started) {
        Element[] elements = new Element[instance.elementCount()];
        for (int i = 0; i < elements.length; i++) {
            elements[i] = instance.element(i);
        }
        return new Image(
                memory.snapshot(),
                globals.stream().mapToLong(GlobalInstance::getValue).toArray(),
                tables.stream().map(GuestTable::share).toList(),
                elements,
                started);
    }
}
