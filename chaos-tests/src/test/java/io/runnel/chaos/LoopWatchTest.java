package io.runnel.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Optional;

class LoopWatchTest {
    private static final String LOOP = "\"vert.x-eventloop-thread-1\" #30 [7] prio=5";

    @Test
    void aLoopInItsSelectorOrAtWorkIsFine() {
        assertEquals(
                Optional.empty(),
                fault("RUNNABLE", "at sun.nio.ch.EPoll.wait(java.base/Native Method)"));
        assertEquals(Optional.empty(), fault("RUNNABLE", "at io.runnel.routing.edge.EdgeFront.x"));
    }

    @Test
    void aLoopThatWaitsReadsOrLooksUpIsAtFault() {
        for (String stack :
                new String[] {
                    "at java.util.concurrent.locks.LockSupport.park(x)",
                    "at jdk.internal.misc.Unsafe.park(x)\n"
                            + "at java.util.concurrent.CompletableFuture.join"
                }) {
            assertTrue(fault("WAITING (parking)", stack).isPresent(), stack);
        }
        assertTrue(fault("BLOCKED (on object monitor)", "at a.B.c").isPresent());
        assertTrue(fault("RUNNABLE", "at java.io.FileInputStream.readBytes").isPresent());
        assertTrue(fault("RUNNABLE", "at org.sqlite.core.NativeDB.step").isPresent());
    }

    @Test
    void otherThreadsAreNotLookedAt() {
        assertEquals(
                Optional.empty(),
                LoopWatch.fault(List.of("\"slot-1\" #3", "java.lang.Thread.State: WAITING")));
    }

    private static Optional<String> fault(String state, String stack) {
        return LoopWatch.fault(List.of(LOOP, "   java.lang.Thread.State: " + state, stack));
    }
}
