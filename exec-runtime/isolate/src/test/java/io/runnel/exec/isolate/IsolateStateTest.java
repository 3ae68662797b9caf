package io.runnel.exec.isolate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.ByteSize;
import io.runnel.exec.task.CodeDigest;
import io.runnel.exec.task.RuntimeKind;
import io.runnel.exec.task.Task;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

class IsolateStateTest {
    private static final Map<IsolateState, Set<IsolateState>> LEGAL =
            Map.of(
                    IsolateState.STARTING, EnumSet.of(IsolateState.PREPARED, IsolateState.RETIRED),
                    IsolateState.PREPARED, EnumSet.of(IsolateState.RUNNING, IsolateState.RETIRED),
                    IsolateState.RUNNING, EnumSet.of(IsolateState.IDLE, IsolateState.RETIRED),
                    IsolateState.IDLE, EnumSet.of(IsolateState.RUNNING, IsolateState.RETIRED),
                    IsolateState.RETIRED, EnumSet.noneOf(IsolateState.class));

    private static final Task TASK =
            Contracts.task(
                    RuntimeKind.WASM, "task", FakeRuntime.code("HELLO"), RunnerFixture.LIMITS);

    private final PoolBudget budget = new PoolBudget(ByteSize.ofMiB(1));
    private final PoolCounters counters = new PoolCounters();
    private final OpenProgram program =
            new OpenProgram(
                    new ProgramKey(RuntimeKind.WASM, CodeDigest.of(new byte[0])),
                    new AccountId("demo"),
                    new FakeProgram(
                            (call, in, out, log) -> 0,
                            1000,
                            100,
                            true,
                            new CountDownLatch(0),
                            () -> {}),
                    1,
                    budget,
                    counters,
                    0);

    private PooledIsolate in(IsolateState state) {
        PooledIsolate prepared = program.begin(TASK, 0).orElseThrow();
        if (state == IsolateState.STARTING) {
            return prepared;
        }
        prepared.isolate().prepare();
        prepared.prepared(0);
        if (state == IsolateState.PREPARED) {
            return prepared;
        }
        assertTrue(prepared.tryRun(Optional.empty()));
        if (state == IsolateState.RUNNING) {
            return prepared;
        }
        if (state == IsolateState.IDLE) {
            prepared.idle(0);
        } else {
            prepared.retire();
        }
        return prepared;
    }

    @Test
    void whatIsIllegalThrowsAndChangesNothing() {
        for (IsolateState from : IsolateState.values()) {
            for (IsolateState to : IsolateState.values()) {
                if (!LEGAL.get(from).contains(to)) {
                    PooledIsolate isolate = in(from);
                    assertThrows(IllegalStateException.class, () -> isolate.tryMove(from, to));
                    assertEquals(from, isolate.state());
                }
            }
        }
        PooledIsolate idle = in(IsolateState.IDLE);
        assertThrows(IllegalStateException.class, idle::retire, "only if nobody else may have it");
        PooledIsolate running = in(IsolateState.RUNNING);
        assertThrows(IllegalStateException.class, () -> running.prepared(0));
        PooledIsolate starting = in(IsolateState.STARTING);
        assertThrows(IllegalStateException.class, () -> starting.idle(0));
        PooledIsolate retired = in(IsolateState.RETIRED);
        assertThrows(IllegalStateException.class, retired::isolate);
    }

    @Test
    void whatIsLegalMoves() {
        LEGAL.forEach(
                (from, all) ->
                        all.forEach(
                                to -> {
                                    PooledIsolate isolate = in(from);
                                    assertTrue(isolate.tryMove(from, to));
                                    assertEquals(to, isolate.state());
                                    assertFalse(isolate.tryMove(from, to), "it was moved");
                                }));
    }

    @Test
    void onlyWhatIsIdleIsTakenOrReleased() {
        for (IsolateState state : IsolateState.values()) {
            assertEquals(state.isIdle(), in(state).tryRun(Optional.empty()), state.name());
            assertEquals(state.isIdle(), in(state).tryRetire(), state.name());
        }
    }

    @Test
    void whatIsIdleCountsAgainstTheBudget() {
        long without = budget.used().bytes();
        PooledIsolate isolate = in(IsolateState.PREPARED);
        assertEquals(without + 100, budget.used().bytes());
        assertTrue(isolate.tryRun(Optional.empty()));
        assertEquals(without, budget.used().bytes());
        isolate.idle(0);
        assertEquals(without + 100, budget.used().bytes());
        assertTrue(isolate.tryRetire());
        assertEquals(without, budget.used().bytes());
    }

    /** Two threads go for the same isolates, one after the other, as nearly at once as can be. */
    @Test
    void oneOfTwoGetsIt() throws Exception {
        List<PooledIsolate> isolates = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            PooledIsolate isolate = program.begin(TASK, 0).orElseThrow();
            isolate.prepared(0);
            isolates.add(isolate);
        }
        AtomicInteger at = new AtomicInteger();
        AtomicInteger taken = new AtomicInteger();
        List<Thread> all = new ArrayList<>();
        for (boolean runs : new boolean[] {true, false}) {
            all.add(Thread.ofPlatform().start(() -> taken.addAndGet(take(isolates, at, runs))));
        }
        for (Thread thread : all) {
            thread.join();
        }
        assertEquals(isolates.size(), taken.get());
    }

    private static int take(List<PooledIsolate> isolates, AtomicInteger at, boolean runs) {
        int taken = 0;
        for (int i = 0; i < isolates.size(); i++) {
            // Each thread says that it has come here, and waits for the other one.
            at.incrementAndGet();
            while (at.get() < 2 * (i + 1)) {
                Thread.onSpinWait();
            }
            PooledIsolate isolate = isolates.get(i);
            taken += (runs ? isolate.tryRun(Optional.empty()) : isolate.tryRetire()) ? 1 : 0;
        }
        return taken;
    }

    @Test
    void aProgramInUseIsNotClosed() {
        PooledIsolate idle = program.take(Optional.empty(), 0).orElseThrow();
        PooledIsolate running = program.take(Optional.empty(), 0).orElseThrow();
        program.giveBack(idle, KeptLimits.DEFAULT, 1);
        assertFalse(program.tryClose(ReleaseReason.BUDGET));
        assertEquals(IsolateState.IDLE, idle.state());
        program.giveBack(running, KeptLimits.DEFAULT, 2);
        PooledIsolate starting = program.begin(TASK, 3).orElseThrow();
        assertFalse(program.tryClose(ReleaseReason.BUDGET));
        program.drop(starting, ReleaseReason.FAULT);
        assertTrue(program.tryClose(ReleaseReason.BUDGET));
        assertTrue(program.take(Optional.empty(), 4).isEmpty());
        assertTrue(program.begin(TASK, 4).isEmpty());
        assertEquals(0, budget.used().bytes());
        assertFalse(program.tryClose(ReleaseReason.BUDGET));
        assertEquals(1, counters.closedPrograms().get(ReleaseReason.BUDGET));
        assertEquals(2, counters.releasedIsolates().get(ReleaseReason.BUDGET));
        assertEquals(1, counters.wastedPrepares.sum());
    }
}
