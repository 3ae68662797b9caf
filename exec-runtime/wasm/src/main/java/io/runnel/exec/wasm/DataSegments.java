package io.runnel.exec.wasm;

import run.endive.wasm.types.DataSegment;
import run.endive.wasm.types.PassiveDataSegment;

import java.util.BitSet;

/**
 * The data segments of one instance, which a guest can drop. The array is the instance's own:
 * compiled code writes into it. One thread.
 */
final class DataSegments {
    private static final DataSegment DROPPED = PassiveDataSegment.EMPTY;

    private final DataSegment[] now;
    private final DataSegment[] first;

    DataSegments(DataSegment[] segments) {
        this.now = segments;
        this.first = segments.clone();
    }

    int count() {
        return now.length;
    }

    DataSegment get(int segment) {
        return now[segment];
    }

    void drop(int segment) {
        now[segment] = DROPPED;
    }

    @SuppressWarnings("ReferenceEquality") // The very one that stands for dropped.
    BitSet dropped() {
        BitSet dropped = new BitSet();
        for (int i = 0; i < now.length; i++) {
            dropped.set(i, now[i] == DROPPED);
        }
        return dropped;
    }

    void restore(BitSet dropped) {
        for (int i = 0; i < now.length; i++) {
            now[i] = dropped.get(i) ? DROPPED : first[i];
        }
    }
}
