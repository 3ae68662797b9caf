package io.runnel.exec.forecast.replay;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/** Calls in the order in which they came. Kept in columns: 28 bytes a call. Never changed. */
public final class Trace {
    /** The columns of its text. */
    public static final List<String> COLUMNS =
            List.of("arrival_ms", "task", "duration_ms", "memory_bytes", "start_ms");

    private final List<String> tasks;
    private final Columns columns;
    private final List<String> notes;
    private final long endMs;

    private Trace(List<String> tasks, Columns columns, List<String> notes) {
        this.tasks = List.copyOf(tasks);
        this.columns = columns;
        this.notes = List.copyOf(notes);
        this.endMs = columns.endMs();
    }

    /** Keeps the columns, sorted by arrival; calls that arrive together keep their order. */
    static Trace of(List<String> tasks, Columns columns) {
        int disordered = columns.disordered();
        if (disordered == 0) {
            return new Trace(tasks, columns, List.of());
        }
        String note =
                "sorted: %s did not come after the one above"
                        .formatted(Words.count(disordered, "call"));
        return new Trace(tasks, columns.sorted(), List.of(note));
    }

    /** The same, for one that was not sorted by mistake. */
    Trace withoutNotes() {
        return new Trace(tasks, columns, List.of());
    }

    /**
     * Writes it as it is read, the columns' names first.
     *
     * @throws IOException if writing fails
     */
    public void writeTo(Appendable text) throws IOException {
        text.append(String.join(",", COLUMNS)).append('\n');
        for (int call = 0; call < size(); call++) {
            text.append(Long.toString(arrivalMs(call)))
                    .append(',')
                    .append(taskName(task(call)))
                    .append(',')
                    .append(Integer.toString(durationMs(call)))
                    .append(',')
                    .append(Long.toString(memoryBytes(call)))
                    .append(',')
                    .append(Integer.toString(startMs(call)))
                    .append('\n');
        }
    }

    /** What was done to it so that it could be replayed. */
    public List<String> notes() {
        return notes;
    }

    /** How many calls. */
    public int size() {
        return columns.size;
    }

    /** How many tasks. */
    public int taskCount() {
        return tasks.size();
    }

    /** The name of a task. */
    public String taskName(int task) {
        return tasks.get(task);
    }

    /** When a call came, in milliseconds. */
    public long arrivalMs(int call) {
        return columns.arrivalsMs[call];
    }

    /** Which task it called: 0 to {@link #taskCount()}, without it. */
    public int task(int call) {
        return columns.tasks[call];
    }

    /** How long it ran. */
    public int durationMs(int call) {
        return columns.durationsMs[call];
    }

    /** The memory of an isolate of its task. */
    public long memoryBytes(int call) {
        return columns.memories[call];
    }

    /** How long a start of one would have taken. */
    public int startMs(int call) {
        return columns.startsMs[call];
    }

    /** When the last call of all would have ended, had all been started for it. */
    public long endMs() {
        return endMs;
    }

    /** Calls in columns that grow. Not thread-safe. */
    static final class Columns {
        private static final int FIRST_ROOM = 1_024;
        private static final int RADIX_BITS = 16;

        private long[] arrivalsMs = new long[FIRST_ROOM];
        private int[] tasks = new int[FIRST_ROOM];
        private int[] durationsMs = new int[FIRST_ROOM];
        private long[] memories = new long[FIRST_ROOM];
        private int[] startsMs = new int[FIRST_ROOM];
        private int size;

        void add(long arrivalMs, int task, int durationMs, long memoryBytes, int startMs) {
            if (size == arrivalsMs.length) {
                grow();
            }
            arrivalsMs[size] = arrivalMs;
            tasks[size] = task;
            durationsMs[size] = durationMs;
            memories[size] = memoryBytes;
            startsMs[size] = startMs;
            size++;
        }

        int size() {
            return size;
        }

        private void grow() {
            int room = size + size / 2;
            arrivalsMs = Arrays.copyOf(arrivalsMs, room);
            tasks = Arrays.copyOf(tasks, room);
            durationsMs = Arrays.copyOf(durationsMs, room);
            memories = Arrays.copyOf(memories, room);
            startsMs = Arrays.copyOf(startsMs, room);
        }

        private long endMs() {
            long end = 0;
            for (int i = 0; i < size; i++) {
                end = Math.max(end, arrivalsMs[i] + startsMs[i] + durationsMs[i]);
            }
            return end;
        }

        private int disordered() {
            int count = 0;
            for (int i = 1; i < size; i++) {
                count += arrivalsMs[i] < arrivalsMs[i - 1] ? 1 : 0;
            }
            return count;
        }

        private Columns sorted() {
            Columns sorted = new Columns();
            for (int place : order()) {
                sorted.add(
                        arrivalsMs[place],
                        tasks[place],
                        durationsMs[place],
                        memories[place],
                        startsMs[place]);
            }
            return sorted;
        }

        /** A radix sort from the last digit, which keeps the order of what is equal. */
        private int[] order() {
            long highest = 0;
            int[] order = new int[size];
            for (int i = 0; i < size; i++) {
                order[i] = i;
                highest = Math.max(highest, arrivalsMs[i]);
            }
            int[] next = new int[size];
            for (int shift = 0; shift < Long.SIZE && highest >>> shift != 0; shift += RADIX_BITS) {
                byDigit(order, next, shift);
                int[] sorted = next;
                next = order;
                order = sorted;
            }
            return order;
        }

        private void byDigit(int[] order, int[] next, int shift) {
            int[] starts = new int[(1 << RADIX_BITS) + 1];
            for (int place : order) {
                starts[digit(place, shift) + 1]++;
            }
            for (int i = 1; i < starts.length; i++) {
                starts[i] += starts[i - 1];
            }
            for (int place : order) {
                next[starts[digit(place, shift)]++] = place;
            }
        }

        private int digit(int place, int shift) {
            return (int) ((arrivalsMs[place] >>> shift) & ((1 << RADIX_BITS) - 1));
        }
    }
}
