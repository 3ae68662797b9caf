package io.runnel.exec.wasm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.Random;

class DirtyPagesTest {
    private static final int ROUNDS = 3000;

    @Test
    void whatIsNearAMarkIsBroughtBack() {
        Random random = new Random(5);
        for (int round = 0; round < ROUNDS; round++) {
            int size = (1 + random.nextInt(3)) << 16;
            byte[] first = new byte[random.nextInt(size)];
            random.nextBytes(first);
            byte[] bytes = Arrays.copyOf(first, size);
            byte[] dirty = DirtyPages.forSize(size, DirtyPages.NONE);
            for (int writes = random.nextInt(60); writes > 0; writes--) {
                write(random, bytes, dirty);
            }
            DirtyPages.bringBack(dirty, bytes, first);
            assertArrayEquals(Arrays.copyOf(first, size), bytes, "round " + round);
            assertArrayEquals(new byte[dirty.length], dirty, "no mark is left");
        }
    }

    /** Writes eight bytes near a marked place. */
    private static void write(Random random, byte[] bytes, byte[] dirty) {
        int marked = random.nextInt(bytes.length);
        dirty[marked >>> DirtyPages.SHIFT] = 1;
        int near = marked + random.nextInt(2 * DirtyPages.NEAR + 1) - DirtyPages.NEAR;
        int at = Math.clamp(near, 0, bytes.length - 8);
        for (int i = 0; i < 8; i++) {
            bytes[at + i] ^= 77;
        }
    }
}
