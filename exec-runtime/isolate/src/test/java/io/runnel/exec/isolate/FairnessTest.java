package io.runnel.exec.isolate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.exec.isolate.RunnerFixture.End;
import io.runnel.exec.task.Outcome;
import io.runnel.exec.task.Task;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

class FairnessTest {
    @TempDir private Path folder;

    @Test
    void aFloodDoesNotHoldUpAnotherAccount() throws Exception {
        try (var f = new RunnerFixture(folder, RunnerFixture.settings(2, 8))) {
            Task other = RunnerFixture.of("other", f.ready("HELLO"));
            assertInstanceOf(Outcome.Completed.class, f.call(other, OutputSink.NOWHERE));
            Task flood = RunnerFixture.of("flood", f.ready("gate"));
            List<End> ends = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                ends.add(new End());
                f.enqueue(flood, ends.getLast());
            }
            assertTrue(f.runner.tryReserve(flood).isEmpty());
            assertEquals(1, f.runner.freeSlots());
            for (int i = 0; i < 20; i++) {
                assertInstanceOf(Outcome.Completed.class, f.call(other, OutputSink.NOWHERE));
                f.runner.tryReserve(other).orElseThrow().release();
            }
            assertFalse(ends.getFirst().isTold());
            f.gate.countDown();
            for (End end : ends) {
                assertInstanceOf(Outcome.Completed.class, end.await());
            }
        }
    }

    @Test
    void aQueueFullOfOneAccountsCallsHasRoomForAnothers() throws Exception {
        try (var f = new RunnerFixture(folder, RunnerFixture.settings(1, 3))) {
            Task other = RunnerFixture.of("other", f.ready("HELLO"));
            Task flood = RunnerFixture.of("flood", f.ready("gate"));
            List<End> ends = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                ends.add(new End());
                f.enqueue(flood, ends.getLast());
            }
            var refused =
                    assertInstanceOf(Outcome.Refused.class, f.call(flood, OutputSink.NOWHERE));
            assertEquals(Outcome.Refusal.OVER_CAPACITY, refused.refusal());
            End served = new End();
            f.enqueue(other, served);
            assertInstanceOf(Outcome.Refused.class, ends.getLast().await(), "the newest one");
            f.gate.countDown();
            assertInstanceOf(Outcome.Completed.class, served.await());
            for (End end : ends.subList(0, 3)) {
                assertInstanceOf(Outcome.Completed.class, end.await());
            }
        }
    }
}
