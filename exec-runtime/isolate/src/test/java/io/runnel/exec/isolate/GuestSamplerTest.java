package io.runnel.exec.isolate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.exec.isolate.RunnerFixture.End;
import io.runnel.exec.task.Outcome;
import io.runnel.exec.task.Task;
import io.runnel.exec.task.TaskRef;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

class GuestSamplerTest {
    private static final Duration SHORT = Duration.ofMillis(50);

    @TempDir private Path folder;
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch gate = new CountDownLatch(1);

    private int guestOuter() throws InterruptedException {
        return guestInner();
    }

    private int guestInner() throws InterruptedException {
        begun.countDown();
        gate.await();
        return 0;
    }

    @Test
    void showsWhichFunctionsCallsAreIn() throws Exception {
        try (var f = new RunnerFixture(folder, RunnerFixture.settings(2, 8))) {
            f.fake.define("waits", (call, in, out, log) -> guestOuter());
            Task task = f.ready("waits");
            End end = new End();
            f.enqueue(task, end);
            assertTrue(begun.await(20, TimeUnit.SECONDS));
            GuestProfile seen = f.runner.profile(task.ref(), SHORT).orElseThrow();
            GuestProfile other = f.runner.profile(TaskRef.of("demo", "other"), SHORT).orElseThrow();
            gate.countDown();
            assertInstanceOf(Outcome.Completed.class, end.await());
            long samples = seen.samples();
            assertTrue(samples > 0, seen::toString);
            assertEquals(
                    List.of(
                            new GuestProfile.Function("guestInner", samples, samples),
                            new GuestProfile.Function("guestOuter", 0, samples)),
                    seen.functions());
            assertEquals(new GuestProfile(0, List.of()), other);
        }
    }

    /** Again while the test itself is at it. */
    private static void watchUntilInterrupted(
            TaskRunner runner, TaskRef task, CompletableFuture<Void> ended) {
        try {
            while (true) {
                var unused = runner.profile(task, Duration.ofHours(1));
            }
        } catch (InterruptedException e) {
            ended.complete(null);
        }
    }

    @Test
    @Timeout(60)
    void oneFlightIsUnderWayAtATime() throws Exception {
        try (var f = new RunnerFixture(folder, RunnerFixture.settings(2, 8))) {
            f.fake.define("waits", (call, in, out, log) -> guestOuter());
            Task task = f.ready("waits");
            f.enqueue(task, new End());
            assertTrue(begun.await(20, TimeUnit.SECONDS));
            var ended = new CompletableFuture<Void>();
            Thread flight =
                    Thread.ofPlatform()
                            .start(() -> watchUntilInterrupted(f.runner, task.ref(), ended));
            while (f.runner.profile(task.ref(), Duration.ofMillis(1)).isPresent()) {
                Thread.onSpinWait();
            }
            flight.interrupt();
            ended.get(20, TimeUnit.SECONDS);
            assertTrue(f.runner.profile(task.ref(), SHORT).isPresent());
            gate.countDown();
        }
    }
}
