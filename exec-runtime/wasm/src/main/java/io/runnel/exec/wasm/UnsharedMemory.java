package io.runnel.exec.wasm;

import run.endive.runtime.Memory;
import run.endive.runtime.TrapException;

/** A memory of one thread: atomic instructions are refused when a module is scanned. */
@SuppressWarnings("removal") // The interface still demands the deprecated ones for threads.
abstract class UnsharedMemory implements Memory {
    // A constant text: this may happen where the stack is nearly full.
    static TrapException outOfBounds() {
        return new TrapException("out of bounds memory access");
    }

    @Override
    public Object lock(int address) {
        throw new TrapException("atomic instruction");
    }

    @Override
    public int waitOn(int address, int expected, long timeout) {
        throw new TrapException("atomic instruction");
    }

    @Override
    public int waitOn(int address, long expected, long timeout) {
        throw new TrapException("atomic instruction");
    }

    @Override
    public int notify(int address, int maxThreads) {
        throw new TrapException("atomic instruction");
    }
}
