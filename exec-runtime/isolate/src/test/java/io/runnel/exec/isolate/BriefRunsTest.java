package io.runnel.exec.isolate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.runnel.exec.task.Caller;
import io.runnel.exec.task.DeviceName;
import io.runnel.exec.task.Invocation;
import io.runnel.exec.task.OutboundHost;
import io.runnel.exec.task.Outcome;
import io.runnel.exec.task.Task;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/** Guests that note where they run; this thread is the one that brings the calls. */
class BriefRunsTest {
    private static final byte[] BODY = "the body".getBytes(UTF_8);

    @TempDir Path folder;
    private RunnerFixture runner;
    private volatile Thread ranOn = Thread.currentThread();

    /** What a guest does on the thread that brought its call. */
    private volatile FakeRuntime.Guest here = (call, in, out, log) -> 0;

    @BeforeEach
    void start() throws Exception {
        runner = new RunnerFixture(folder, RunnerFixture.settings(2, 16));
        Thread bringer = Thread.currentThread();
        runner.fake.define(
                "guest",
                (call, in, out, log) -> {
                    ranOn = Thread.currentThread();
                    if (ranOn == bringer) {
                        int code = here.run(call, in, out, log);
                        if (code != 0) {
                            return code;
                        }
                    }
                    byte[] body = in.readAllBytes();
                    out.write(body, 0, body.length);
                    log.write(body, 0, body.length);
                    return 0;
                });
    }

    @AfterEach
    void stop() {
        runner.close();
    }

    private Outcome call(Invocation invocation, InputStream body, OutputSink out, OutputSink log)
            throws Exception {
        ranOn = null;
        RunnerFixture.End end = new RunnerFixture.End();
        runner.runner.enqueue(invocation, new CallStreams(body, out, log), end::accept);
        boolean wasTold = end.isTold();
        Outcome outcome = end.await();
        assertTrue(wasTold || ranOn != Thread.currentThread(), "its end came later");
        return outcome;
    }

    private Outcome call(Task task, Collected out) throws Exception {
        return call(
                Contracts.invocation(task), new ByteArrayInputStream(BODY), out, new Collected());
    }

    /** A task whose calls run on this thread from now on. */
    private Task brief() throws Exception {
        Task task = runner.ready("guest");
        for (int i = 0; i < 40; i++) {
            call(task, new Collected());
        }
        assertSame(Thread.currentThread(), ranOn, "forty brief calls did not make it brief");
        return task;
    }

    private void assertBeginsAgain(Task task) throws Exception {
        long beforeNanos = System.nanoTime();
        Collected out = new Collected();
        assertInstanceOf(Outcome.Completed.class, call(task, out));
        assertNotEquals(Thread.currentThread(), ranOn);
        assertEquals("the body", out.text());
        Briefness briefness = runner.runner.pool().isolates().ready(task).orElseThrow().briefness();
        assertFalse(briefness.isBrief(beforeNanos), "it is not barred");
    }

    @Test
    void theFirstCallsAreGivenToSlots() throws Exception {
        Task task = runner.ready("guest");
        for (int i = 0; i < 32; i++) {
            call(task, new Collected());
            assertNotEquals(Thread.currentThread(), ranOn, "call " + i);
        }
    }

    @Test
    void whatTheGuestWroteIsThereAtItsEnd() throws Exception {
        Collected out = new Collected();
        Collected log = new Collected();
        Task task = brief();
        Outcome outcome =
                call(Contracts.invocation(task), new ByteArrayInputStream(BODY), out, log);
        assertSame(Thread.currentThread(), ranOn);
        assertEquals(BODY.length, outcome.usage().outputBytes());
        assertEquals("the body", out.text());
        assertEquals("the body", log.text());
    }

    @Test
    void whatEndsAtOnceHasEnded() throws Exception {
        Task task = brief();
        here = (call, in, out, log) -> 3;
        assertInstanceOf(Outcome.FunctionError.class, call(task, new Collected()));
        assertSame(Thread.currentThread(), ranOn);
        here =
                (call, in, out, log) -> {
                    throw new FakeRuntime.TrapError("unreachable");
                };
        assertInstanceOf(Outcome.Trapped.class, call(task, new Collected()));
        assertSame(Thread.currentThread(), ranOn);
    }

    @Test
    void whatHasToBeMadeFirstIsMadeElsewhere() throws Exception {
        Task task = brief();
        here =
                (call, in, out, log) -> {
                    throw new FakeRuntime.TrapError("unreachable");
                };
        call(task, new Collected());
        assertSame(Thread.currentThread(), ranOn);
        call(task, new Collected());
        assertNotEquals(Thread.currentThread(), ranOn, "after a trap the isolate is made anew");
    }

    @Test
    void whoSleepsBeginsAgainElsewhere() throws Exception {
        Task task = brief();
        here =
                (call, in, out, log) -> {
                    out.write(in.readNBytes(3), 0, 3);
                    return new CountDownLatch(1).await(1, TimeUnit.MINUTES) ? 0 : 1;
                };
        assertBeginsAgain(task);
    }

    @Test
    void whoseThreadWaitsForALockGoesOn() throws Exception {
        Task task = brief();
        Thread bringer = Thread.currentThread();
        ReentrantLock lock = new ReentrantLock();
        CompletableFuture<Void> held = new CompletableFuture<>();
        CompletableFuture<Void> holder =
                CompletableFuture.runAsync(
                        () -> {
                            lock.lock();
                            try {
                                held.complete(null);
                                holdFor(10 * BriefRuns.LONGEST_NANOS, lock, bringer);
                            } finally {
                                lock.unlock();
                            }
                        });
        held.get(20, TimeUnit.SECONDS);
        here =
                (call, in, out, log) -> {
                    lock.lock();
                    try {
                        assertFalse(lock.hasQueuedThreads());
                    } finally {
                        lock.unlock();
                    }
                    if (Thread.interrupted()) {
                        throw new InterruptedException();
                    }
                    return 0;
                };
        Collected out = new Collected();
        assertInstanceOf(Outcome.Completed.class, call(task, out));
        assertSame(bringer, ranOn);
        assertEquals("the body", out.text());
        holder.get(20, TimeUnit.SECONDS);
        call(task, new Collected());
        assertSame(bringer, ranOn, "it is barred");
    }

    /** Holds a lock that a thread waits for, while the timer looks several times. */
    private static void holdFor(long nanos, ReentrantLock lock, Thread waiter) {
        while (!lock.hasQueuedThread(waiter)) {
            Thread.onSpinWait();
        }
        long endNanos = System.nanoTime() + nanos;
        while (System.nanoTime() - endNanos < 0) {
            Thread.onSpinWait();
        }
    }

    @Test
    void oneThatIsNotReadyIsPassedBy() throws Exception {
        Task task = brief();
        OpenProgram program = runner.runner.pool().isolates().ready(task).orElseThrow();
        KeptLimits limits = KeptLimits.DEFAULT;
        program.isolates().forEach(used -> program.tryRelease(used, ReleaseReason.PLAN));
        // Of three, those are not ready that a call finds first.
        List<PooledIsolate> all = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            all.add(program.take(Optional.empty(), 0).orElseThrow());
        }
        all.get(0).isolate().prepare();
        all.forEach(isolate -> program.giveBack(isolate, limits, 0));
        for (int i = 0; i < 20; i++) {
            call(task, new Collected());
            assertSame(Thread.currentThread(), ranOn, "call " + i);
        }
        assertFalse(all.get(1).isolate().isReady(), "it was made ready by the thread of a call");
        assertFalse(all.get(2).isolate().isReady(), "it was made ready by the thread of a call");
    }

    @Test
    void whoComputesForLongBeginsAgainElsewhere() throws Exception {
        Task task = brief();
        here =
                (call, in, out, log) -> {
                    in.read();
                    while (!Thread.interrupted()) {
                        Thread.onSpinWait();
                    }
                    throw new InterruptedException();
                };
        assertBeginsAgain(task);
    }

    @Test
    void whoWritesMuchBeginsAgainElsewhere() throws Exception {
        Task task = brief();
        here =
                (call, in, out, log) -> {
                    out.write(new byte[BriefOutput.MOST_BYTES], 0, BriefOutput.MOST_BYTES);
                    out.write(new byte[1], 0, 1);
                    return 0;
                };
        assertBeginsAgain(task);
    }

    @Test
    void whoLogsMuchBeginsAgainElsewhere() throws Exception {
        Task task = brief();
        here =
                (call, in, out, log) -> {
                    log.write(new byte[BriefOutput.MOST_BYTES + 1], 0, BriefOutput.MOST_BYTES + 1);
                    return 0;
                };
        assertBeginsAgain(task);
    }

    @Test
    void whoFindsTooLittleStackBeginsAgainElsewhere() throws Exception {
        Task task = brief();
        here =
                (call, in, out, log) -> {
                    throw new StackOverflowError();
                };
        assertBeginsAgain(task);
    }

    @Test
    void aBodyThatMayHaveToBeWaitedForIsGivenToASlot() throws Exception {
        Task task = brief();
        call(
                Contracts.invocation(task),
                InputStream.nullInputStream(),
                new Collected(),
                new Collected());
        assertNotEquals(Thread.currentThread(), ranOn);
    }

    @Test
    void whoMayAskOthersIsGivenToASlot() throws Exception {
        Task task = brief();
        call(
                task.withOptions(
                        task.options().withOutbound(List.of(OutboundHost.parse("example.org")))),
                new Collected());
        assertNotEquals(Thread.currentThread(), ranOn);
    }

    @Test
    void whoMayWaitForADeviceIsGivenToASlot() throws Exception {
        Task task = brief();
        call(
                task.withOptions(task.options().withDevices(List.of(new DeviceName("sensor")))),
                new Collected());
        assertNotEquals(Thread.currentThread(), ranOn);
    }

    @Test
    void whoseMemoryIsKeptIsGivenToASlot() throws Exception {
        Task task = RunnerFixture.kept(brief());
        Caller caller = new Caller.Keyed(task.ref().account(), "key");
        for (int i = 0; i < 3; i++) {
            call(
                    RunnerFixture.by(caller, task),
                    new ByteArrayInputStream(BODY),
                    new Collected(),
                    new Collected());
            assertNotEquals(Thread.currentThread(), ranOn);
        }
    }

    @Test
    void whoIsWatchedIsGivenToSlots() throws Exception {
        Task task = brief();
        CompletableFuture<GuestProfile> profile =
                CompletableFuture.supplyAsync(
                        () -> {
                            try {
                                return runner.runner
                                        .profile(task.ref(), Duration.ofMillis(200))
                                        .orElseThrow();
                            } catch (InterruptedException e) {
                                throw new AssertionError(e);
                            }
                        });
        boolean wasGiven = false;
        while (!profile.isDone()) {
            call(task, new Collected());
            wasGiven |= ranOn != Thread.currentThread();
        }
        profile.get(20, TimeUnit.SECONDS);
        assertTrue(wasGiven, "no call ran where the profile looks");
        call(task, new Collected());
        assertSame(Thread.currentThread(), ranOn);
    }
}
