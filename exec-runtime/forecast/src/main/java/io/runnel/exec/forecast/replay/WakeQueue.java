package io.runnel.exec.forecast.replay;

import java.util.Arrays;

/** When each of a number of tasks has to be looked at next. Not thread-safe. */
final class WakeQueue {
    private static final int NOT_IN = -1;

    private final long[] atMs;
    private final int[] heap;
    private final int[] placeOf;
    private int size;

    /** None is to be looked at. */
    WakeQueue(int tasks) {
        this.atMs = new long[tasks];
        this.heap = new int[tasks];
        this.placeOf = new int[tasks];
        Arrays.fill(placeOf, NOT_IN);
    }

    /** When the first is due; {@link Long#MAX_VALUE} if none is. */
    long nextMs() {
        return size == 0 ? Long.MAX_VALUE : atMs[heap[0]];
    }

    /** Takes out the one that is due first. */
    int take() {
        int task = heap[0];
        placeOf[task] = NOT_IN;
        int last = heap[--size];
        if (size > 0) {
            put(last, 0);
            sink(0);
        }
        return task;
    }

    /** Looks at a task then instead of when it was said before. */
    void set(int task, long whenMs) {
        if (placeOf[task] == NOT_IN) {
            put(task, size++);
        }
        atMs[task] = whenMs;
        sink(rise(placeOf[task]));
    }

    private void put(int task, int place) {
        heap[place] = task;
        placeOf[task] = place;
    }

    private int rise(int from) {
        int place = from;
        int task = heap[place];
        while (place > 0 && atMs[task] < atMs[heap[(place - 1) / 2]]) {
            put(heap[(place - 1) / 2], place);
            place = (place - 1) / 2;
        }
        put(task, place);
        return place;
    }

    private void sink(int from) {
        int place = from;
        int task = heap[place];
        while (2 * place + 1 < size) {
            int child = 2 * place + 1;
            if (child + 1 < size && atMs[heap[child + 1]] < atMs[heap[child]]) {
                child++;
            }
            if (atMs[heap[child]] >= atMs[task]) {
                break;
            }
            put(heap[child], place);
            place = child;
        }
        put(task, place);
    }
}
