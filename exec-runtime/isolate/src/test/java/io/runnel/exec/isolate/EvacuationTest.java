package io.runnel.exec.isolate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.runnel.exec.task.NodeName;
import io.runnel.exec.task.RequestId;
import io.runnel.exec.task.TaskRef;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

final class EvacuationTest {
    private static final NodeName FULL = new NodeName("full");
    private static final NodeName ROOMY = new NodeName("roomy");

    private final Random random = new Random(1);
    private final Map<RequestId, Boolean> here = new ConcurrentHashMap<>();
    private final AtomicInteger looked = new AtomicInteger();
    private final BlockingQueue<String> tried = new LinkedBlockingQueue<>();
    private volatile boolean draining;
    private volatile boolean full;
    private volatile Duration ran = Duration.ZERO;

    /** Calls that go to one of two nodes. */
    private final CallMoves moves =
            new CallMoves() {
                @Override
                public List<RunningExecution> running() {
                    looked.incrementAndGet();
                    return here.entrySet().stream()
                            .map(
                                    call ->
                                            new RunningExecution(
                                                    call.getKey(),
                                                    TaskRef.of("demo", "long"),
                                                    1,
                                                    ran,
                                                    1,
                                                    call.getValue()))
                            .toList();
                }

                @Override
                public Report move(RequestId call, NodeName to) throws NotMovedException {
                    boolean takes = to.equals(ROOMY);
                    if (takes) {
                        here.remove(call);
                        full = false;
                    }
                    tried.add(to.value());
                    if (!takes) {
                        throw new NotMovedException("it is full");
                    }
                    return new Report(1, Duration.ZERO, Duration.ZERO);
                }
            };

    private final Evacuation evacuation =
            new Evacuation(moves, List.of(FULL, ROOMY), () -> draining, () -> full);

    private void runs(boolean movable) {
        here.put(RequestId.next(1_700_000_000_000L, random), movable);
    }

    private String next() throws InterruptedException {
        return tried.poll(30, TimeUnit.SECONDS);
    }

    @Test
    void callsGoToTheFirstThatTakesThem() throws Exception {
        runs(true);
        draining = true;
        evacuation.look();
        assertEquals("full", next());
        assertEquals("roomy", next());
        assertEquals(0, here.size());
    }

    @Test
    void whatMayNotBeMovedStays() throws Exception {
        runs(false);
        runs(true);
        draining = true;
        evacuation.look();
        assertEquals("full", next());
        assertEquals("roomy", next());
        assertEquals(List.of(false), List.copyOf(here.values()));
    }

    @Test
    void whatHasRunForLongGoesWhileTheNodeIsFullAndNoMoreThanThat() throws Exception {
        runs(true);
        runs(true);
        full = true;
        ran = Evacuation.LONG.minusMillis(1);
        // When it looks again it is done with the first time.
        while (looked.get() < 2 && tried.isEmpty()) {
            evacuation.look();
            Thread.onSpinWait();
        }
        assertNull(tried.poll());
        ran = Evacuation.LONG;
        while (here.size() == 2) {
            evacuation.look();
            Thread.onSpinWait();
        }
        assertEquals("full", next());
        assertEquals("roomy", next());
        assertEquals(1, here.size());
        evacuation.look();
        assertNull(tried.poll());
    }

    @Test
    void nothingIsMovedUnlessTheNodeIsEmptied() throws Exception {
        runs(true);
        evacuation.look();
        assertNull(tried.poll());
        draining = true;
        evacuation.look();
        assertEquals("full", next());
    }
}
