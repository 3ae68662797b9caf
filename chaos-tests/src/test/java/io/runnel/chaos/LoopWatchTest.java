package io.runnel.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

import java.util.List;

class LoopWatchTest {
    private static final String WANTS =
            loop(1, "BLOCKED (on object monitor)", "at a.B.c\n\t- waiting to lock <0x00a1> (a B)");

    private final LoopWatch watch = new LoopWatch(ProcessHandle.current());

    private static String thread(String name, String state, String stack) {
        return "\"%s\" #30 [7] prio=5\n   java.lang.Thread.State: %s\n\t%s\n\n"
                .formatted(name, state, stack);
    }

    private static String loop(int number, String state, String stack) {
        return thread("vert.x-eventloop-thread-" + number, state, stack);
    }

    private static String holds(String state, String stack) {
        return thread("slot-1", state, stack + "\n\t- locked <0x00a1> (a B)");
    }

    private void assertFaults(int faults, String dump) {
        assertEquals(faults, watch.faults(dump).size(), dump);
    }

    @Test
    void aLoopInItsSelectorOrAtWorkIsFine() {
        assertFaults(
                0,
                loop(1, "RUNNABLE", "at sun.nio.ch.EPoll.wait(java.base/Native Method)")
                        + loop(2, "RUNNABLE", "at io.runnel.routing.edge.EdgeFront.x"));
    }

    @Test
    void aLoopThatWaitsReadsOrLooksUpIsAtFault() {
        String parks = "at java.util.concurrent.locks.LockSupport.park(x)";
        String joins =
                "at jdk.internal.misc.Unsafe.park(x)\n"
                        + "\tat java.util.concurrent.CompletableFuture.join";
        assertFaults(
                4,
                loop(1, "WAITING (parking)", parks)
                        + loop(2, "TIMED_WAITING (parking)", joins)
                        + loop(3, "RUNNABLE", "at java.io.FileInputStream.readBytes")
                        + loop(4, "RUNNABLE", "at org.sqlite.core.NativeDB.step"));
    }

    @Test
    void aLoopMayMeetAnotherAtALockThatIsHeldForAMoment() {
        assertFaults(0, WANTS + holds("RUNNABLE", "at a.B.d"));
        assertFaults(0, loop(1, "RUNNABLE", "at a.B.c"));
        assertFaults(0, WANTS);
    }

    @Test
    void aLoopThatIsBlockedInTwoDumpsIsAtFault() {
        String other =
                loop(2, "BLOCKED (on object monitor)", "at a.B.c\n\t- waiting to lock <0x00a1>");
        assertFaults(0, WANTS);
        assertFaults(0, other);
        assertFaults(1, other);
    }

    @Test
    void aLoopThatIsBlockedByWhoWaitsOrReadsIsAtFault() {
        assertFaults(1, WANTS + holds("TIMED_WAITING (sleeping)", "at a.B.d"));
        assertFaults(0, loop(1, "RUNNABLE", "at a.B.c"));
        assertFaults(1, holds("RUNNABLE", "at java.io.FileOutputStream.writeBytes") + WANTS);
        assertFaults(0, loop(1, "RUNNABLE", "at a.B.c"));
        assertFaults(0, loop(1, "RUNNABLE", "at a.B.c"));
        String another = "at a.B.d\n\t- waiting to lock <0x00b2> (a C)";
        assertFaults(1, WANTS + holds("BLOCKED (on object monitor)", another));
    }

    @Test
    void whoEntersALockOrWaitsOnItDoesNotKeepIt() {
        assertFaults(0, WANTS + holds("BLOCKED (on object monitor)", "at a.B.d"));
        assertFaults(0, loop(1, "RUNNABLE", "at a.B.c"));
        String waits = "at java.lang.Object.wait0\n\t- waiting on <0x00a1> (a B)";
        assertFaults(0, WANTS + holds("WAITING (on object monitor)", waits));
    }

    @Test
    void loadingAClassIsForgiven() {
        String loads = "at java.lang.ClassLoader.loadClass";
        String reads = "at java.io.RandomAccessFile.readBytes\n\t" + loads;
        String blocked = loads + "\n\t- waiting to lock <0x00a1> (a B)";
        assertFaults(
                0,
                loop(1, "BLOCKED (on object monitor)", blocked)
                        + loop(2, "RUNNABLE", reads)
                        + holds("RUNNABLE", reads));
        assertFaults(0, WANTS + holds("RUNNABLE", reads));
    }

    @Test
    void otherThreadsAreNotLookedAt() {
        assertEquals(List.of(), watch.faults(thread("slot-1", "WAITING (parking)", "at a.B.c")));
    }
}
