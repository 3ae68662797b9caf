package io.runnel.exec.isolate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.exec.task.Limits;
import io.runnel.exec.task.RuntimeKind;
import io.runnel.exec.task.Task;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.io.InputStream;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Two threads on a clock that stands still. */
class SlotThreadsTest {
    private static final CallStreams NO_STREAMS =
            new CallStreams(InputStream.nullInputStream(), OutputSink.NOWHERE, OutputSink.NOWHERE);
    private static final Task TASK =
            Contracts.task(RuntimeKind.WASM, "any", new byte[] {1}, Limits.DEFAULT);
    private static final Slot SLOT = new Slot(new AccountShare(), 0);

    private final AtomicLong clock = new AtomicLong(1_000_000_000);
    private final AtomicLong watched = new AtomicLong();
    private final Map<Call, CountDownLatch> gates = new ConcurrentHashMap<>();
    private final Map<Call, Thread> ranOn = new ConcurrentHashMap<>();
    private final BlockingQueue<Call> begun = new LinkedBlockingQueue<>();
    private final SlotThreads threads = new SlotThreads(2, 0, this::work, clock::get, watched::set);

    private void work(Slot slot, Call call, LastIsolate last) {
        ranOn.put(call, Thread.currentThread());
        begun.add(call);
        try {
            gates.get(call).await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @AfterEach
    void stop() {
        gates.values().forEach(CountDownLatch::countDown);
        threads.close();
    }

    private Call begin() {
        Call call =
                new Call(
                        Contracts.invocation(TASK),
                        NO_STREAMS,
                        end -> {},
                        Optional.empty(),
                        0,
                        Long.MAX_VALUE);
        gates.put(call, new CountDownLatch(1));
        threads.begin(SLOT, call);
        return call;
    }

    private void open(Call call) {
        gates.get(call).countDown();
    }

    private Call awaitBegun() throws InterruptedException {
        Call call = begun.poll(20, TimeUnit.SECONDS);
        assertTrue(call != null, () -> "no call begins; in line or running: " + threads.calls());
        return call;
    }

    /** On a clock that stands still all calls are short. */
    private void callsAreShort() throws InterruptedException {
        for (int i = 0; i < 300; i++) {
            Call call = begin();
            open(call);
            assertEquals(call, awaitBegun());
        }
    }

    @Test
    void callsThatTakeLongRunSideBySide() throws Exception {
        threads.start();
        Call first = begin();
        assertEquals(first, awaitBegun());
        Call second = begin();
        assertEquals(second, awaitBegun());
        assertNotEquals(ranOn.get(first), ranOn.get(second));
    }

    @Test
    void shortCallsAreLeftToTheThreadThatIsAwake() throws Exception {
        threads.start();
        callsAreShort();
        Call first = begin();
        assertEquals(first, awaitBegun());
        Call second = begin();
        assertEquals(clock.get() + SlotThreads.LOOK_NANOS, watched.get());
        open(first);
        assertEquals(second, awaitBegun());
        assertEquals(ranOn.get(first), ranOn.get(second));
    }

    @Test
    void aCallBehindOneThatTurnsOutLongFindsAnotherThread() throws Exception {
        threads.start();
        callsAreShort();
        Call endless = begin();
        assertEquals(endless, awaitBegun());
        Call behind = begin();
        clock.addAndGet(SlotThreads.LOOK_NANOS);
        assertEquals(SlotThreads.LOOK_NANOS, threads.expire(clock.get()));
        assertEquals(behind, awaitBegun());
        assertNotEquals(ranOn.get(endless), ranOn.get(behind));
    }

    @Test
    void aThreadWhoseCallTakesLongIsNotCountedOn() throws Exception {
        threads.start();
        callsAreShort();
        Call endless = begin();
        assertEquals(endless, awaitBegun());
        clock.addAndGet(SlotThreads.LOOK_NANOS);
        Call next = begin();
        assertEquals(next, awaitBegun());
        assertNotEquals(ranOn.get(endless), ranOn.get(next));
    }

    @Test
    void theTimerLooksOnlyWhileSomethingIsLeft() throws Exception {
        threads.start();
        callsAreShort();
        long unused = threads.expire(clock.get());
        assertEquals(Expiring.NEVER, threads.expire(clock.get()));
        RunnerFixture.await("a call has not ended", () -> threads.calls().isEmpty());
    }
}
