package io.runnel.exec.wasm;

import java.util.Arrays;

/**
 * Code for the {@link Interpreter} while it is written. A branch to a place that is not known yet
 * holds the place of the branch before it that goes there too, so that each place is a chain until
 * it is {@link #land landed}.
 */
final class CodeBuffer {
    static final int NO_CHAIN = -1;

    private int[] code = new int[256];
    private int size;

    int size() {
        return size;
    }

    void add(int number) {
        if (size == code.length) {
            code = Arrays.copyOf(code, size * 2);
        }
        code[size++] = number;
    }

    /** Adds a link to a chain; answers the new chain. */
    int link(int chain) {
        add(chain);
        return size - 1;
    }

    /** Sets the places of all branches of the chain to here. */
    void land(int chain) {
        int at = chain;
        while (at != NO_CHAIN) {
            int next = code[at];
            code[at] = size;
            at = next;
        }
    }

    int[] toArray() {
        return Arrays.copyOf(code, size);
    }

    void clear() {
        size = 0;
    }
}
