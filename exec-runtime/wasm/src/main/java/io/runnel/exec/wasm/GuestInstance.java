package io.runnel.exec.wasm;

import run.endive.runtime.ExportFunction;
import run.endive.runtime.Instance;

/** An instance of a module with its memory. One thread. */
final class GuestInstance {
    private final Instance instance;
    private final GuestMemory memory;
    private final ExportFunction start;

    GuestInstance(Instance instance, GuestMemory memory) {
        this.instance = instance;
        this.memory = memory;
        this.start = instance.export(Instance.START_FUNCTION_NAME);
    }

    GuestMemory memory() {
        return memory;
    }

    /**
     * Brings everything back to what the module says: memory, globals, tables. The module's own
     * start function, if it has one, runs in here, so this is part of the call.
     */
    void initialize() {
        instance.clearTailCall();
        instance.initialize(false);
    }

    /** Runs the command. */
    void start() {
        start.apply();
    }
}
