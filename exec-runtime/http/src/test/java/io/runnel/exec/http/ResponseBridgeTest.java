package io.runnel.exec.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.runnel.exec.task.Outcome;
import io.runnel.exec.task.Usage;

import org.junit.jupiter.api.Test;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

class ResponseBridgeTest {
    private static final byte[] HELLO = "hello".getBytes(US_ASCII);

    private final AtomicInteger wakes = new AtomicInteger();
    private final ResponseBridge bridge =
            new ResponseBridge(wakes::incrementAndGet, ResponseBridge.Room.NONE);

    private void end() {
        bridge.end(new Outcome.Completed(Usage.NONE));
    }

    @Test
    void whatEndedWhileItWasBegunWakesNobody() {
        assertTrue(bridge.tryWrite(HELLO, 0, 5));
        end();
        assertEquals(0, wakes.get());
        assertTrue(bridge.awaken(), "the loop is not told to look");
        assertEquals(5, bridge.take().length());
    }

    @Test
    void anEagerOneWakesTheLoopForEachPiece() {
        ResponseBridge eager =
                ResponseBridge.eager(wakes::incrementAndGet, ResponseBridge.Room.NONE);
        assertFalse(eager.tryWrite(HELLO, 0, 5), "it would wake the loop");
        eager.write(HELLO, 0, 5);
        assertEquals(0, wakes.get(), "which looks by itself");
        assertTrue(eager.awaken());
        assertEquals(5, eager.take().length());
        eager.write(HELLO, 0, 1);
        eager.write(HELLO, 0, 1);
        assertEquals(1, wakes.get());
        assertEquals(2, eager.take().length());
        eager.write(HELLO, 0, 1);
        assertEquals(2, wakes.get());
    }

    @Test
    void whatEndsLaterWakesTheLoopOnce() {
        assertFalse(bridge.awaken());
        assertTrue(bridge.tryWrite(HELLO, 0, 5));
        assertEquals(0, wakes.get());
        end();
        assertEquals(1, wakes.get());
    }

    @Test
    void aBridgeThatWasFullWhenTheCallBeganIsEmptied() throws Exception {
        byte[] all = new byte[ResponseBridge.ROOM + 1];
        CompletableFuture<Void> writer =
                CompletableFuture.runAsync(() -> bridge.write(all, 0, all.length));
        long endNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!bridge.awaken()) {
            assertTrue(System.nanoTime() < endNanos, "a full bridge is not to be emptied");
            Thread.onSpinWait();
        }
        bridge.sent(bridge.take().length());
        writer.get(20, TimeUnit.SECONDS);
        assertEquals(1, bridge.take().length());
    }

    @Test
    void aWriteThatWouldWaitOrWakeIsNotTriedButMade() {
        assertFalse(bridge.tryWrite(new byte[ResponseBridge.ROOM + 1], 0, ResponseBridge.ROOM + 1));
        bridge.awaken();
        bridge.take();
        byte[] portion = new byte[16 * 1024];
        assertFalse(bridge.tryWrite(portion, 0, portion.length), "it has to wake the loop");
        bridge.write(portion, 0, portion.length);
        assertEquals(1, wakes.get());
        bridge.sent(bridge.take().length());
        bridge.close();
        assertFalse(bridge.tryWrite(HELLO, 0, 5), "nobody reads any more");
    }

    /** Writes at every depth of the stack, and deeper, until it ends in a write. */
    private void writeAtAnyDepth(int depth) {
        if (depth == Integer.MAX_VALUE) {
            return;
        }
        try {
            writeAtAnyDepth(depth + 1);
        } catch (StackOverflowError e) {
            bridge.tryWrite(HELLO, 0, 1);
            throw e;
        }
    }

    @Test
    void aStackThatEndsInAWriteLeavesItUsable() throws Exception {
        for (int i = 0; i < 50; i++) {
            Thread guest =
                    new Thread(
                            null,
                            () -> {
                                try {
                                    writeAtAnyDepth(0);
                                } catch (StackOverflowError e) {
                                    // What it is about.
                                }
                            },
                            "guest",
                            256 * 1024 + i * 8);
            guest.start();
            guest.join();
            CompletableFuture<Integer> taken =
                    CompletableFuture.supplyAsync(() -> bridge.take().length());
            int length = taken.get(20, TimeUnit.SECONDS);
            bridge.sent(length);
        }
    }
}
