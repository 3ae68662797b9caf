package io.runnel.exec.isolate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.exec.isolate.RunnerFixture.End;
import io.runnel.exec.task.ByteSize;
import io.runnel.exec.task.Invocation;
import io.runnel.exec.task.Limits;
import io.runnel.exec.task.Outcome;
import io.runnel.exec.task.Outcome.Refusal;
import io.runnel.exec.task.RuntimeKind;
import io.runnel.exec.task.StartKind;
import io.runnel.exec.task.Task;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

class TaskRunnerTest {
    @TempDir private Path folder;

    private RunnerFixture fixture(int slots, int queue) throws Exception {
        return new RunnerFixture(folder, RunnerFixture.settings(slots, queue));
    }

    private static Refusal refusal(Outcome outcome) {
        return assertInstanceOf(Outcome.Refused.class, outcome).refusal();
    }

    @Test
    void runsACallAndSaysWhatItTook() throws Exception {
        try (var f = fixture(1, 4)) {
            Task task = f.held("HELLO");
            assertEquals(Readiness.HELD, f.runner.readiness(task));
            var out = new Collected();
            Outcome first = f.call(task, out);
            assertInstanceOf(Outcome.Completed.class, first);
            assertEquals("hello", out.text());
            assertEquals(StartKind.COLD, first.usage().start(), "it waited for its code");
            assertEquals(StartKind.WARM, f.call(task, OutputSink.NOWHERE).usage().start());
            assertEquals(5, first.usage().outputBytes());
            assertTrue(first.usage().queueNanos() > 0, first.toString());
            assertEquals(Readiness.READY, f.runner.readiness(task));
            assertEquals(2, f.runner.started());
            assertEquals(List.of(task.code()), f.runner.warm());
        }
    }

    @Test
    void aColdReservationWaitsForItsCode() throws Exception {
        try (var f = fixture(1, 0)) {
            Task task = f.held("HELLO");
            var end = new End();
            run(f.runner.tryReserve(task).orElseThrow(), task, end);
            assertEquals(StartKind.COLD, end.await().usage().start());
        }
    }

    @Test
    void codeThatIsNowhereIsRefused() throws Exception {
        try (var f = fixture(1, 4)) {
            Task task = f.fake.task("HELLO", RunnerFixture.LIMITS);
            assertEquals(Readiness.ABSENT, f.runner.readiness(task));
            assertEquals(Refusal.CODE_UNAVAILABLE, refusal(f.call(task, OutputSink.NOWHERE)));
            var e = assertThrows(ExecutionException.class, () -> f.runner.prepare(task).get());
            assertInstanceOf(CodeMissingException.class, e.getCause());
            f.codes.put(FakeRuntime.code("HELLO"));
            assertInstanceOf(Outcome.Completed.class, f.call(task, OutputSink.NOWHERE));
        }
    }

    @Test
    void codeThatIsDamagedIsBroughtWhileItsCallWaits() throws Exception {
        CodeStore others = new CodeStore(folder.resolve("others"));
        CodeStore here = new CodeStore(folder.resolve("code"));
        CodeBringer bringer =
                digest ->
                        CompletableFuture.runAsync(
                                () -> {
                                    try {
                                        others.read(digest).ifPresent(code -> put(here, code));
                                    } catch (IOException e) {
                                        throw new UncheckedIOException(e);
                                    }
                                });
        try (var f =
                new RunnerFixture(
                        folder, RunnerFixture.settings(1, 4), bringer, Duration.ofSeconds(20))) {
            Task task = f.held("HELLO");
            others.put(FakeRuntime.code("HELLO"));
            Path file = folder.resolve("code").resolve(task.code().value());
            Files.writeString(file, "damaged");
            var out = new Collected();
            assertInstanceOf(Outcome.Completed.class, f.call(task, out));
            assertEquals("hello", out.text());
        }
    }

    private static void put(CodeStore store, byte[] code) {
        try {
            store.put(code);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aKindThatThisNodeLacksIsRefused() throws Exception {
        try (var f = fixture(1, 4)) {
            byte[] code = FakeRuntime.code("HELLO");
            Task task = Contracts.task(RuntimeKind.JS, "hello", code, RunnerFixture.LIMITS);
            assertEquals(Refusal.RUNTIME_UNAVAILABLE, refusal(f.call(task, OutputSink.NOWHERE)));
            assertTrue(f.runner.tryReserve(task).isEmpty());
        }
    }

    @Test
    void slotsAreTheLimit() throws Exception {
        try (var f = fixture(1, 0)) {
            Task hello = f.ready("HELLO");
            var end = new End();
            f.occupy(end);
            assertEquals(0, f.runner.freeSlots());
            assertTrue(f.runner.tryReserve(hello).isEmpty());
            assertEquals(Refusal.OVER_CAPACITY, refusal(f.call(hello, OutputSink.NOWHERE)));
            f.gate.countDown();
            end.await();
            assertEquals(1, f.runner.freeSlots(), "free when the end is told");
            assertInstanceOf(Outcome.Completed.class, f.call(hello, OutputSink.NOWHERE));
        }
    }

    @Test
    void whoWaitsALittleIsRefusedWithoutARun() throws Exception {
        try (var f = fixture(1, 4)) {
            Task hello = f.ready("HELLO");
            var running = new End();
            f.occupy(running);
            var end = new End();
            f.enqueue(hello, Duration.ofMillis(3), end);
            assertEquals(Refusal.OVER_CAPACITY, refusal(end.await()));
            assertTrue(f.runner.expectedWait().toMillis() >= 3, f.runner.expectedWait()::toString);
            var later = new End();
            f.enqueue(hello, Duration.ofSeconds(20), later);
            f.gate.countDown();
            assertInstanceOf(Outcome.Completed.class, later.await());
            running.await();
            assertEquals(Duration.ZERO, f.runner.expectedWait(), "a slot is free");
        }
    }

    @Test
    void memoryIsTheLimit() throws Exception {
        try (var f = fixture(8, 4)) {
            Task large = f.ready("HELLO", RunnerFixture.LIMITS.withMemory(ByteSize.ofMiB(200)));
            Task small = f.ready("HELLO", RunnerFixture.LIMITS.withMemory(ByteSize.ofMiB(50)));
            Reservation one = f.runner.tryReserve(large).orElseThrow();
            assertEquals(ByteSize.ofMiB(56), f.runner.freeMemory());
            assertTrue(f.runner.tryReserve(large).isEmpty());
            Reservation two = f.runner.tryReserve(small).orElseThrow();
            one.release();
            one.release();
            two.release();
            assertEquals(ByteSize.ofMiB(256), f.runner.freeMemory());
            assertEquals(8, f.runner.freeSlots());
            Task never = f.held("HELLO", RunnerFixture.LIMITS.withMemory(ByteSize.ofMiB(257)));
            assertEquals(Refusal.OVER_CAPACITY, refusal(f.call(never, OutputSink.NOWHERE)));
        }
    }

    @Test
    void aReservationIsUsedOnce() throws Exception {
        try (var f = fixture(2, 0)) {
            Task task = f.ready("HELLO");
            Reservation reservation = f.runner.tryReserve(task).orElseThrow();
            Task other = f.ready("EXIT_3");
            assertThrows(IllegalArgumentException.class, () -> run(reservation, other, new End()));
            var end = new End();
            run(reservation, task, end);
            assertInstanceOf(Outcome.Completed.class, end.await());
            reservation.release();
            assertEquals(2, f.runner.freeSlots());
            assertThrows(IllegalStateException.class, () -> run(reservation, task, new End()));
        }
    }

    private static RunningCall run(Reservation reservation, Task task, End end) {
        var streams =
                new CallStreams(
                        InputStream.nullInputStream(), OutputSink.NOWHERE, OutputSink.NOWHERE);
        return reservation.run(Contracts.invocation(task), streams, end::accept);
    }

    @Test
    void waitingCallsRunInOrder() throws Exception {
        try (var f = fixture(1, 4)) {
            var order = new Collected();
            Task task = f.ready("ARGUMENTS");
            var ends = new ArrayList<End>();
            f.occupy(new End());
            for (String name : List.of("a", "b", "c")) {
                var end = new End();
                ends.add(end);
                f.enqueue(withArgument(task, name), order, end);
            }
            assertTrue(f.runner.tryReserve(task).isEmpty(), "nobody may go before those who wait");
            f.gate.countDown();
            for (End end : ends) {
                assertTrue(end.await().usage().queueNanos() > 0);
            }
            assertEquals("a\nb\nc\n", order.text());
        }
    }

    private static Invocation withArgument(Task task, String argument) {
        Invocation call = Contracts.invocation(task);
        return new Invocation(
                call.id(),
                task,
                call.caller(),
                call.environment(),
                List.of(argument),
                Long.MAX_VALUE);
    }

    @Test
    void theQueueIsBounded() throws Exception {
        try (var f = fixture(1, 1)) {
            Task hello = f.ready("HELLO");
            f.occupy(new End());
            var waits = new End();
            f.enqueue(hello, waits);
            assertEquals(Refusal.OVER_CAPACITY, refusal(f.call(hello, OutputSink.NOWHERE)));
            f.gate.countDown();
            assertInstanceOf(Outcome.Completed.class, waits.await());
        }
    }

    @Test
    void whoWaitsTooLongIsRefused() throws Exception {
        var impatient = new RunnerSettings(1, ByteSize.ofMiB(256), 4, Duration.ofMillis(30));
        try (var f = new RunnerFixture(folder, impatient)) {
            Task hello = f.ready("HELLO");
            f.occupy(new End());
            assertEquals(Refusal.OVER_CAPACITY, refusal(f.call(hello, OutputSink.NOWHERE)));
        }
    }

    @Test
    void whoseDeadlinePassesWhileWaitingIsRefused() throws Exception {
        try (var f = fixture(1, 4)) {
            Task hello = f.ready("HELLO");
            f.occupy(new End());
            var end = new End();
            long soon = System.nanoTime() + Duration.ofMillis(30).toNanos();
            f.enqueue(Contracts.invocation(hello, soon), OutputSink.NOWHERE, end);
            assertEquals(Refusal.OVER_CAPACITY, refusal(end.await()));
        }
    }

    @Test
    void aWaitingCallCanBeCancelled() throws Exception {
        try (var f = fixture(1, 4)) {
            Task hello = f.ready("HELLO");
            f.occupy(new End());
            var end = new End();
            RunningCall call = f.enqueue(hello, end);
            assertFalse(end.isTold());
            call.cancel();
            call.cancel();
            assertInstanceOf(Outcome.Cancelled.class, end.await());
        }
    }

    @Test
    void theTimeoutEndsAGuest() throws Exception {
        try (var f = fixture(1, 4)) {
            Limits limits = RunnerFixture.LIMITS.withTimeout(Duration.ofMillis(40));
            for (GuestAct act : List.of(GuestAct.SPIN, GuestAct.SLEEP)) {
                Outcome outcome = f.call(f.ready(act.name(), limits), new Collected());
                var timedOut = assertInstanceOf(Outcome.TimedOut.class, outcome);
                assertEquals(limits.timeout(), timedOut.limit());
                assertTrue(outcome.usage().runNanos() > 0, outcome.toString());
            }
        }
    }

    @Test
    void theCallersDeadlineEndsAGuest() throws Exception {
        try (var f = fixture(1, 4)) {
            var end = new End();
            Task spin = f.ready("SPIN");
            Duration left = Duration.ofSeconds(2);
            long soon = System.nanoTime() + left.toNanos();
            f.enqueue(Contracts.invocation(spin, soon), new Collected(), end);
            var timedOut = assertInstanceOf(Outcome.TimedOut.class, end.await());
            assertTrue(timedOut.limit().compareTo(left) <= 0, timedOut.toString());
        }
    }

    @Test
    void cancelEndsAGuest() throws Exception {
        try (var f = fixture(1, 4)) {
            var out = new Collected();
            var end = new End();
            RunningCall call = f.enqueue(Contracts.invocation(f.ready("SPIN")), out, end);
            out.awaitFirst();
            call.cancel();
            assertInstanceOf(Outcome.Cancelled.class, end.await());
            call.cancel();
        }
    }

    @Test
    void noInterruptReachesTheNextCall() throws Exception {
        try (var f = fixture(1, 1000)) {
            Task hello = f.ready("HELLO");
            f.fake.define("asleep", (call, in, out, log) -> Thread.interrupted() ? 9 : 0);
            Task careful = f.ready("asleep");
            for (int i = 0; i < 300; i++) {
                var cancelled = new End();
                RunningCall call = f.enqueue(hello, cancelled);
                var next = new End();
                f.enqueue(careful, next);
                call.cancel();
                cancelled.await();
                assertInstanceOf(Outcome.Completed.class, next.await());
            }
        }
    }

    @Test
    void outputPastTheLimitEndsAGuest() throws Exception {
        try (var f = fixture(1, 4)) {
            var out = new Collected();
            Outcome outcome = f.call(f.ready("FLOOD"), out);
            var exceeded = assertInstanceOf(Outcome.OutputExceeded.class, outcome);
            assertEquals(RunnerFixture.LIMITS.responseBody(), exceeded.limit());
            assertEquals(exceeded.limit().bytes(), out.size());
            assertEquals(exceeded.limit().bytes(), outcome.usage().outputBytes());
        }
    }

    @Test
    void aReaderThatIsGoneCancels() throws Exception {
        try (var f = fixture(1, 4)) {
            OutputSink gone =
                    (bytes, offset, length) -> {
                        throw new SinkClosedException(SinkClosedException.Reason.GONE);
                    };
            assertInstanceOf(Outcome.Cancelled.class, f.call(f.ready("FLOOD"), gone));
        }
    }

    @Test
    void logPastTheLimitIsDroppedAndCounted() throws Exception {
        try (var f = fixture(1, 4)) {
            f.fake.define(
                    "chatty",
                    (call, in, out, log) -> {
                        log.write(new byte[100_000], 0, 100_000);
                        return 3;
                    });
            var log = new Collected();
            var end = new End();
            Task task = f.ready("chatty");
            var streams = new CallStreams(InputStream.nullInputStream(), new Collected(), log);
            f.runner.enqueue(Contracts.invocation(task), streams, end::accept);
            assertEquals(100_000 - 65_536, end.await().usage().droppedLogBytes());
            assertEquals(65_536, log.size());
        }
    }

    @Test
    void aFaultOfWhoHearsOfTheEndCostsNoSlot() throws Exception {
        try (var f = fixture(1, 4)) {
            Task task = f.ready("HELLO");
            var streams =
                    new CallStreams(
                            InputStream.nullInputStream(), new Collected(), OutputSink.NOWHERE);
            f.runner.enqueue(
                    Contracts.invocation(task),
                    streams,
                    end -> {
                        throw new OutOfMemoryError("for the answer");
                    });
            assertInstanceOf(Outcome.Completed.class, f.call(task, new Collected()));
        }
    }

    @Test
    void aFaultOfTheRuntimeCostsNoSlot() throws Exception {
        try (var f = fixture(1, 4)) {
            f.fake.define(
                    "fault",
                    (call, in, out, log) -> {
                        throw new IllegalStateException("a secret of the host");
                    });
            Outcome outcome = f.call(f.ready("fault"), new Collected());
            assertEquals(
                    "internal error", assertInstanceOf(Outcome.Trapped.class, outcome).reason());
            assertInstanceOf(Outcome.Completed.class, f.call(f.ready("HELLO"), new Collected()));
        }
    }

    @Test
    void drainLetsCallsEnd() throws Exception {
        try (var f = fixture(1, 4)) {
            Task hello = f.ready("HELLO");
            var running = new End();
            var waiting = new End();
            f.occupy(running);
            f.enqueue(hello, waiting);
            CompletableFuture<Void> drained = f.runner.drain(Duration.ofSeconds(20));
            assertFalse(drained.isDone());
            assertEquals(Refusal.DRAINING, refusal(f.call(hello, OutputSink.NOWHERE)));
            assertTrue(f.runner.tryReserve(hello).isEmpty());
            f.gate.countDown();
            drained.get(20, TimeUnit.SECONDS);
            assertTrue(running.isTold() && waiting.isTold(), "done when the ends are told");
            assertInstanceOf(Outcome.Completed.class, running.await());
            assertInstanceOf(Outcome.Completed.class, waiting.await());
        }
    }

    @Test
    void drainCancelsWhatDoesNotEnd() throws Exception {
        try (var f = fixture(1, 4)) {
            var end = new End();
            f.occupy(end);
            f.runner.drain(Duration.ofMillis(30)).get(20, TimeUnit.SECONDS);
            assertInstanceOf(Outcome.Cancelled.class, end.await());
        }
    }

    @Test
    void closeEndsEverything() throws Exception {
        var running = new End();
        var waiting = new End();
        try (var f = fixture(1, 4)) {
            Task hello = f.ready("HELLO");
            f.occupy(running);
            f.enqueue(hello, waiting);
            f.runner.close();
            assertInstanceOf(Outcome.Cancelled.class, running.await());
            assertInstanceOf(Outcome.Cancelled.class, waiting.await());
        }
    }
}
