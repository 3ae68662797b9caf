package io.runnel.routing.usage;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class SpoolLimitsTest {
    private static void refuse(long segmentBytes, long mostBytes) {
        assertThrows(
                IllegalArgumentException.class, () -> new SpoolLimits(segmentBytes, mostBytes));
    }

    @Test
    void aSpoolHasSegmentsOfWholePagesButNotTooMany() {
        refuse(0, 1 << 20);
        refuse(-4096, 1 << 20);
        refuse(5000, 1 << 20);
        refuse(1L << 31, 1L << 40);
        refuse(4096, 4096);
        refuse(4096, 4096L * 4097);
        assertDoesNotThrow(() -> new SpoolLimits(4096, 4096 * 2));
        assertDoesNotThrow(() -> new SpoolLimits(4096, 4096L * 4096));
    }
}
