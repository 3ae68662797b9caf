package io.runnel.exec.wasi;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * A guest that calls functions by chance: with numbers that mostly mean something, so that it gets
 * far, and now and then with odd ones.
 */
final class GuestDice {
    static final int SIZE = 1 << 17;
    private static final int MOST_NUMBERS = 9;
    private static final int PATHS_AT = 1024;
    private static final int PATH_BYTES = 64;
    private static final int PARTS_AT = 8192;
    private static final int OUT_AT = 16384;
    private static final int BUFFER_AT = 32768;
    private static final List<String> PATHS =
            List.of(
                    "tmp",
                    "tmp/a",
                    "tmp/b",
                    "tmp/c/",
                    "tmp/c/d",
                    "tmp/c/e",
                    "a",
                    "b",
                    "d",
                    "..",
                    ".",
                    "tmp/../tmp/a",
                    "tmp/l",
                    "l/a",
                    "",
                    "/",
                    "tmp/c/../b/./a",
                    "../tmp",
                    "e/f",
                    "tmp/f",
                    "tmp/g",
                    "tmp/h",
                    "tmp/i",
                    "tmp/j",
                    "tmp/c/f",
                    "tmp/c/g",
                    "tmp/k");
    private static final long[] ODD = {
        -1,
        -2,
        -8,
        0,
        1,
        7,
        0x7FFF_FFFFL,
        0x7FFF_FFF8L,
        0x8000_0000L,
        0xFFFF_FFFFL,
        SIZE,
        SIZE - 1,
        SIZE - 4,
        SIZE - 8,
        SIZE + 1,
        1L << 40,
        Long.MAX_VALUE,
        Long.MIN_VALUE,
        4096,
        65536
    };

    private final Random random;
    private final ArrayMemory memory;
    private final long[] numbers = new long[MOST_NUMBERS];
    private int count;

    GuestDice(Random random, ArrayMemory memory) {
        this.random = random;
        this.memory = memory;
    }

    /** Puts paths and parts into the memory, as a new call finds none. */
    void prepare() {
        for (int i = 0; i < PATHS.size(); i++) {
            memory.put(PATHS_AT + i * PATH_BYTES, PATHS.get(i));
        }
        for (int i = 0; i < 64; i++) {
            int at = PARTS_AT + i * 8;
            memory.writeI32(at, random.nextInt(16) == 0 ? PARTS_AT : BUFFER_AT + i * 512);
            memory.writeI32(at + 4, random.nextInt(64) == 0 ? (int) odd() : random.nextInt(9000));
        }
    }

    long[] roll(WasiFunction function) {
        count = 0;
        FunctionShape.of(function).chars().forEach(letter -> roll((char) letter));
        if (random.nextInt(4) == 0 && count > 0) {
            numbers[random.nextInt(count)] = odd();
        }
        return Arrays.copyOf(numbers, count);
    }

    private void add(long number) {
        numbers[count++] = number;
    }

    private long odd() {
        return ODD[random.nextInt(ODD.length)];
    }

    private void roll(char letter) {
        switch (letter) {
            case 'f' -> add(random.nextInt(3) == 0 ? 3 : random.nextInt(14));
            case 'p' -> rollPath();
            case 'b' -> rollPair(BUFFER_AT, 5000);
            case 'v' -> rollPair(PARTS_AT, 6);
            case 'o' -> add(OUT_AT + random.nextInt(64));
            case 'l' -> add(random.nextInt(4) / 3);
            case 'm' -> add(random.nextBoolean() ? 1 : random.nextInt(16));
            case 'g' -> add(random.nextInt(32));
            case 'x' -> add(random.nextInt(16));
            case 'r' -> add(random.nextInt(3) == 0 ? random.nextLong() : Rights.ALL);
            case 's' -> add(random.nextInt(100_000));
            case 'n' -> add(random.nextInt(8));
            default -> throw new IllegalArgumentException("no such letter: " + letter);
        }
    }

    private void rollPath() {
        int index = random.nextInt(PATHS.size());
        add(PATHS_AT + index * PATH_BYTES);
        add(PATHS.get(index).getBytes(StandardCharsets.UTF_8).length);
    }

    private void rollPair(int at, int most) {
        add(at);
        add(random.nextInt(most));
    }
}
