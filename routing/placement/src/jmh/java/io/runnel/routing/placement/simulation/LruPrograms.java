package io.runnel.routing.placement.simulation;

import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The programs of a POP that runs everything: those that were used last, in the same memory; and
 * the code of all that it ever ran, on a disk without end. For one thread.
 */
final class LruPrograms {
    private final Map<Integer, Long> held = new LinkedHashMap<>(1024, 0.75f, true);
    private final BitSet onDisk = new BitSet();
    private final long mostBytes;
    private long bytes;

    LruPrograms(long mostBytes) {
        this.mostBytes = mostBytes;
    }

    /** Uses a program; whether it was ready. */
    boolean use(int task, long programBytes) {
        if (held.get(task) != null) {
            return true;
        }
        held.put(task, programBytes);
        bytes += programBytes;
        var oldest = held.entrySet().iterator();
        while (bytes > mostBytes && held.size() > 1) {
            bytes -= oldest.next().getValue();
            oldest.remove();
        }
        return false;
    }

    /** Has the code of a task on the disk; whether it was there. */
    boolean fetch(int task) {
        boolean was = onDisk.get(task);
        onDisk.set(task);
        return was;
    }
}
