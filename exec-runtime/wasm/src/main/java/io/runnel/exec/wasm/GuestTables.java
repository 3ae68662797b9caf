package io.runnel.exec.wasm;

import run.endive.runtime.TableInstance;
import run.endive.wasm.types.Table;
import run.endive.wasm.types.TableLimits;

/** Tables of references, which no guest can make larger than the host allows. */
final class GuestTables {
    /** What all tables of a module may have at first, and each of them at last. */
    static final int MOST_ENTRIES = 100_000;

    private GuestTables() {}

    /**
     * A table with limits of its own: a grow writes into them, and the module's are shared by all
     * its instances.
     */
    static TableInstance create(Table declared, int initialValue) {
        TableLimits limits = declared.limits();
        TableLimits own =
                new TableLimits(
                        limits.min(), Math.max(limits.min(), Math.min(limits.max(), MOST_ENTRIES)));
        return new TableInstance(new Table(declared.elementType(), own), initialValue);
    }
}
