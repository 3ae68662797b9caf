package io.runnel.routing.placement.simulation;

import java.util.Arrays;

/** A set of numbers from 0 on, by open addressing. For one thread. */
final class IntSet {
    private int[] slots = new int[1 << 12];
    private int size;

    void clear() {
        Arrays.fill(slots, 0);
        size = 0;
    }

    boolean contains(int number) {
        return slots[find(number)] != 0;
    }

    void add(int number) {
        int at = find(number);
        if (slots[at] == 0) {
            slots[at] = number + 1;
            size++;
            if (size * 2 > slots.length) {
                grow();
            }
        }
    }

    private void grow() {
        int[] before = slots;
        slots = new int[before.length * 2];
        size = 0;
        for (int each : before) {
            if (each != 0) {
                add(each - 1);
            }
        }
    }

    private int find(int number) {
        int mask = slots.length - 1;
        int at = (int) (Hashing.mix(number) & mask);
        while (slots[at] != 0 && slots[at] != number + 1) {
            at = (at + 1) & mask;
        }
        return at;
    }
}
