package io.runnel.exec.isolate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.exec.forecast.ForecastSettings;
import io.runnel.exec.isolate.RunnerFixture.End;
import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.ByteSize;
import io.runnel.exec.task.Caller;
import io.runnel.exec.task.Task;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** Tasks whose calls find what the last call by the same account left. */
class KeptMemoryTest {
    private static final Caller ONE = new Caller.Keyed(new AccountId("one"), "KEY1");
    private static final Caller ONE_AGAIN = new Caller.Keyed(new AccountId("one"), "KEY2");
    private static final Caller TWO = new Caller.Keyed(new AccountId("two"), "KEY3");
    private static final int MOST_CALLS = 20;

    @TempDir private Path folder;

    private final AtomicLong nowMs = new AtomicLong(1_000_000);
    private RunnerFixture fixture;
    private Task task;

    @BeforeEach
    void start() throws Exception {
        KeptLimits limits = new KeptLimits(Duration.ofMinutes(5), MOST_CALLS, ByteSize.ofKiB(30));
        fixture =
                new RunnerFixture(
                        folder,
                        RunnerFixture.settings(2, 8),
                        new PoolSettings(64, ForecastSettings.DEFAULT, limits),
                        CodeBringer.NONE,
                        CodeSupply.none(),
                        new Clocks(System::nanoTime, nowMs::get),
                        Duration.ofSeconds(20));
        fixture.fake.define("grow", (call, in, out, log) -> grow(out));
        task = RunnerFixture.kept(fixture.ready("REMEMBER"));
    }

    /** Says how often it ran, and makes its memory 16 KiB larger. */
    private static int grow(OutputSink out) {
        byte[] text = Integer.toString(FakeProgram.memory()[0]).getBytes(StandardCharsets.US_ASCII);
        out.write(text, 0, text.length);
        FakeProgram.memory()[0] += 16;
        return 0;
    }

    @AfterEach
    void stop() {
        fixture.close();
    }

    private String call(Task called, Caller caller) throws Exception {
        var out = new Collected();
        var end = new End();
        fixture.enqueue(RunnerFixture.by(caller, called), out, end);
        end.await();
        return out.text();
    }

    private long recycled() {
        return fixture.runner.pool().counters().releasedIsolates().get(ReleaseReason.RECYCLED);
    }

    @Test
    void aCallFindsWhatTheLastOneByTheSameAccountLeft() throws Exception {
        assertEquals("0", call(task, ONE));
        assertEquals("1", call(task, ONE));
        assertEquals("2", call(task, ONE_AGAIN), "another key of the same account");
    }

    @Test
    void nobodyFindsWhatAnotherAccountLeft() throws Exception {
        for (int i = 0; i < 5; i++) {
            assertEquals(Integer.toString(i), call(task, ONE));
            assertEquals(Integer.toString(i), call(task, TWO));
        }
    }

    @Test
    void whoeverCallsWithoutCredentialsFindsNothingAndLeavesNothing() throws Exception {
        assertEquals("0", call(task, ONE));
        for (int i = 0; i < 3; i++) {
            assertEquals("0", call(task, Caller.ANONYMOUS));
        }
        assertEquals("1", call(task, ONE));
    }

    @Test
    void anotherVersionAndAnotherTaskOfTheSameCodeFindNothing() throws Exception {
        assertEquals("0", call(task, ONE));
        Task next = next();
        assertEquals("0", call(next, ONE));
        assertEquals("0", call(RunnerFixture.kept(RunnerFixture.of("other", task)), ONE));
        assertEquals("0", call(fixture.ready("REMEMBER"), ONE), "a task that keeps nothing");
        assertEquals("1", call(task, ONE));
        assertEquals("1", call(next, ONE));
    }

    private Task next() {
        return new Task(
                task.ref(),
                2,
                task.runtime(),
                task.handler(),
                task.code(),
                task.limits(),
                task.environment(),
                task.options());
    }

    @Test
    void oneCallAtATime() throws Exception {
        Task gate = RunnerFixture.kept(fixture.ready("gate"));
        var ends = List.of(new End(), new End());
        for (End end : ends) {
            fixture.enqueue(RunnerFixture.by(ONE, gate), new Collected(), end);
        }
        OpenProgram program = fixture.runner.pool().warm().ready(gate).orElseThrow();
        RunnerFixture.await("each runs in its own", () -> program.isolates().size() == 2);
        for (PooledIsolate isolate : program.isolates()) {
            assertEquals(IsolateState.RUNNING, isolate.state());
        }
        fixture.gate.countDown();
        for (End end : ends) {
            end.await();
        }
    }

    @Test
    void memoryIsLetGoOfAfterSoManyCalls() throws Exception {
        for (int i = 0; i < MOST_CALLS; i++) {
            assertEquals(Integer.toString(i), call(task, ONE));
        }
        assertEquals(1, recycled());
        assertEquals("0", call(task, ONE));
    }

    @Test
    void memoryThatGrowsIsLetGoOf() throws Exception {
        Task grows = RunnerFixture.kept(fixture.ready("grow"));
        assertEquals("0", call(grows, ONE));
        assertEquals("16", call(grows, ONE));
        assertEquals("32", call(grows, ONE), "32 KiB more than after the first call");
        assertEquals(1, recycled());
        assertEquals("0", call(grows, ONE));
    }

    @Test
    void memoryIsLetGoOfWhenItIsOld() throws Exception {
        assertEquals("0", call(task, ONE));
        nowMs.addAndGet(Duration.ofMinutes(5).toMillis() - 1);
        assertEquals("1", call(task, ONE));
        nowMs.addAndGet(1);
        assertEquals("2", call(task, ONE), "it is found old at the end of a call");
        assertEquals(1, recycled());
        assertEquals("0", call(task, ONE));
    }

    @Test
    void whatIsPreparedIsWhosFirstCallComes() throws Exception {
        OpenProgram program = fixture.runner.pool().warm().ready(task).orElseThrow();
        PooledIsolate prepared = program.begin(task, nowMs.get()).orElseThrow();
        prepared.isolate().prepare();
        prepared.prepared(nowMs.get());
        assertEquals("0", call(task, Caller.ANONYMOUS));
        assertEquals(IsolateState.PREPARED, prepared.state(), "not for fresh memory");
        assertEquals("0", call(task, TWO));
        assertEquals(IsolateState.IDLE, prepared.state());
        assertEquals("0", call(task, ONE));
        assertEquals("1", call(task, TWO));
        assertEquals(1, fixture.runner.pool().counters().usedPrepares.sum());
    }

    @Test
    void anOwnerIsForGood() throws Exception {
        OpenProgram program = fixture.runner.pool().warm().ready(task).orElseThrow();
        PooledIsolate prepared = program.begin(task, nowMs.get()).orElseThrow();
        prepared.isolate().prepare();
        prepared.prepared(nowMs.get());
        Optional<KeptOwner> one = KeptOwner.of(RunnerFixture.by(ONE, task));
        Optional<KeptOwner> two = KeptOwner.of(RunnerFixture.by(TWO, task));
        assertFalse(
                prepared.tryRun(KeptOwner.of(RunnerFixture.by(ONE, next()))), "not its version");
        assertTrue(prepared.tryRun(one));
        prepared.idle(nowMs.get());
        assertFalse(prepared.tryRun(two));
        assertFalse(prepared.tryRun(Optional.empty()));
        assertEquals(IsolateState.IDLE, prepared.state());
        assertTrue(prepared.tryRun(one));
    }
}
