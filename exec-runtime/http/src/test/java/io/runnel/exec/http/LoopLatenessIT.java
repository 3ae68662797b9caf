package io.runnel.exec.http;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

class LoopLatenessIT {
    private static final int MOST_BEFORE = 100;

    @TempDir Path folder;

    private static boolean isBefore(Duration late) {
        return late != null && late.compareTo(Duration.ofMinutes(59)) < 0;
    }

    @Test
    void aLoopTellsByHowMuchItIsLate() throws Exception {
        EdgeFixture edge = new EdgeFixture(folder);
        try {
            LinkedBlockingQueue<Duration> told = new LinkedBlockingQueue<>();
            edge.listener.tellLateness(told::add);
            Duration first = told.poll(20, TimeUnit.SECONDS);
            assertNotNull(first);
            edge.aheadNanos.set(Duration.ofHours(1).toNanos());
            Duration late = told.poll(20, TimeUnit.SECONDS);
            // Each loop tells at most once more before it sees that time has passed.
            for (int i = 0; i < MOST_BEFORE && isBefore(late); i++) {
                late = told.poll(20, TimeUnit.SECONDS);
            }
            assertTrue(late != null && late.compareTo(Duration.ofMinutes(61)) < 0, "" + late);
        } finally {
            edge.close();
        }
    }
}
