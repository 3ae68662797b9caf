package io.runnel.exec.wasm;

import run.endive.runtime.Instance;
import run.endive.runtime.TableInstance;
import run.endive.runtime.WasmRuntimeException;
import run.endive.wasm.UninstantiableException;
import run.endive.wasm.WasmEngineException;
import run.endive.wasm.types.Table;
import run.endive.wasm.types.TableLimits;
import run.endive.wasm.types.Value;

import java.util.Arrays;

/**
 * A table of references. Its own class instead of the library's, so that it can be brought back to
 * an image: until a guest writes to it, it shares the image's entries. No guest can make it larger
 * than the host allows. One thread.
 *
 * <p>References are to functions of the same instance, or to nothing: no guest is ever given a
 * reference of the host.
 */
final class GuestTable extends TableInstance {
    /** What all tables of a module may have at first, and each of them at last. */
    static final int MOST_ENTRIES = 100_000;

    private static final int[] NONE = {};

    private final TableLimits limits;
    private int[] entries;
    private boolean shared;

    private GuestTable(Table declared, TableLimits limits, int initialValue) {
        // The library's own arrays are never used.
        super(new Table(declared.elementType(), new TableLimits(0)), initialValue);
        this.limits = limits;
        this.entries = limits.min() == 0 ? NONE : new int[(int) limits.min()];
        Arrays.fill(entries, initialValue);
    }

    /** A table as the module declares it, with limits of its own: a grow writes into them. */
    static GuestTable create(Table declared, int initialValue) {
        TableLimits limits = declared.limits();
        long most = Math.max(limits.min(), Math.min(limits.max(), MOST_ENTRIES));
        return new GuestTable(declared, new TableLimits(limits.min(), most), initialValue);
    }

    /** All entries; whoever gets them shares them, and must not change them. */
    int[] share() {
        shared = true;
        return entries;
    }

    /** Brings it back: takes these entries, which it shares and never changes. */
    void restore(int[] image) {
        entries = image;
        shared = true;
    }

    @Override
    public int size() {
        return entries.length;
    }

    @Override
    public TableLimits limits() {
        return limits;
    }

    @Override
    public int ref(int index) {
        if (index < 0 || index >= entries.length) {
            throw new WasmEngineException("undefined element");
        }
        return entries[index];
    }

    @Override
    public int requiredRef(int index) {
        int entry = ref(index);
        if (entry == Value.REF_NULL_VALUE) {
            throw new WasmEngineException("uninitialized element " + index);
        }
        return entry;
    }

    @Override
    public void setRef(int index, int value, Instance instance) {
        if (index < 0 || index >= entries.length) {
            throw new UninstantiableException("out of bounds table access");
        }
        own();
        entries[index] = value;
    }

    private void own() {
        if (shared) {
            entries = entries.clone();
            shared = false;
        }
    }

    @Override
    public int grow(int size, int value, Instance instance) {
        int before = entries.length;
        if (size < 0 || size > limits.max() - before) {
            return -1;
        }
        entries = Arrays.copyOf(entries, before + size);
        Arrays.fill(entries, before, entries.length, value);
        shared = false;
        return before;
    }

    // References of the host: there are none but null.

    @Override
    public Object objRef(int index) {
        if (index < 0 || index >= entries.length) {
            throw new WasmRuntimeException("out of bounds table access");
        }
        return null;
    }

    @Override
    public void setObjRef(int index, Object ref, Instance instance) {
        setRef(index, Value.REF_NULL_VALUE, instance);
    }

    @Override
    public int growWithRef(int size, Object ref, Instance instance) {
        return grow(size, Value.REF_NULL_VALUE, instance);
    }

    /** Null: the instance that calls. */
    @Override
    public Instance instance(int index) {
        return null;
    }

    @Override
    public void reset() {
        own();
        Arrays.fill(entries, Value.REF_NULL_VALUE);
    }
}
