package io.runnel.exec.isolate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Limits of pieces of work, told by clocks of the test. */
class CompileQueueTest {
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final long SECOND = 1_000_000_000;

    private final AtomicLong now = new AtomicLong(5);
    private final AtomicLong worked = new AtomicLong(7 * SECOND);
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch never = new CountDownLatch(1);

    private CompileQueue queue;

    private CompletableFuture<String> begin(boolean givesWay) throws InterruptedException {
        queue =
                new CompileQueue(
                        "test", givesWay, LIMIT, now::get, deadline -> {}, thread -> worked.get());
        CompletableFuture<String> result = queue.submit(this::work, late -> {});
        assertTrue(begun.await(20, TimeUnit.SECONDS));
        return result;
    }

    private String work() throws InterruptedException {
        begun.countDown();
        never.await();
        return "made";
    }

    /** What is said to be left then, in seconds. */
    private long leftAfter(int seconds, int workedSeconds) {
        now.set(5 + seconds * SECOND);
        worked.set((7 + workedSeconds) * SECOND);
        return queue.expire(now.get()) / SECOND;
    }

    private static void assertTooSlow(CompletableFuture<String> result) {
        var e = assertThrows(CompletionException.class, result::join);
        assertEquals("compiling took longer than 10000 ms", e.getCause().getMessage());
    }

    @AfterEach
    void stop() {
        queue.close();
    }

    @Test
    void whatGivesWayHasTheTimeThatItsThreadWorks() throws Exception {
        CompletableFuture<String> result = begin(true);
        assertEquals(1, leftAfter(9, 1));
        assertEquals(7, leftAfter(10, 3));
        assertEquals(1, leftAfter(16, 4));
        assertEquals(4, leftAfter(17, 6));
        assertFalse(result.isDone());
        leftAfter(21, 10);
        assertTooSlow(result);
    }

    @Test
    void waitingHasALimitToo() throws Exception {
        CompletableFuture<String> result = begin(true);
        assertEquals(10, leftAfter(10, 0));
        assertEquals(10, leftAfter(20, 0));
        assertEquals(5, leftAfter(35, 0));
        assertFalse(result.isDone());
        leftAfter(40, 0);
        assertTooSlow(result);
    }

    @Test
    void whatOthersWaitForHasTimeOnly() throws Exception {
        CompletableFuture<String> result = begin(false);
        assertEquals(1, leftAfter(9, 0));
        assertFalse(result.isDone());
        leftAfter(10, 0);
        assertTooSlow(result);
    }
}
