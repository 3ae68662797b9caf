package io.runnel.topology;

import io.runnel.exec.task.ByteSize;

/** The checks that every node's capacity has to pass, a region's or a POP's. */
final class Capacity {
    /** Far above any machine: a slip of the pen is refused, a large machine is not. */
    static final int MOST_SLOTS = 4096;

    private Capacity() {}

    static void require(int slots, ByteSize memory) {
        if (slots < 1 || slots > MOST_SLOTS) {
            throw new IllegalArgumentException(slotsRule(Integer.toString(slots)));
        }
        if (memory.bytes() == 0) {
            throw new IllegalArgumentException("memory must be positive: " + memory);
        }
    }

    static String slotsRule(String value) {
        return "slots must be 1 to %d: %s".formatted(MOST_SLOTS, value);
    }
}
