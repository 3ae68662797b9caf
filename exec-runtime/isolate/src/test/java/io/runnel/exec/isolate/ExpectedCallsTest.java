package io.runnel.exec.isolate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.exec.forecast.Forecast;
import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.CodeDigest;
import io.runnel.exec.task.StartKind;
import io.runnel.exec.task.Task;
import io.runnel.exec.task.TaskRef;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** What a runner makes ready, keeps and lets go of, as time passes. */
class ExpectedCallsTest {
    private static final long PERIOD_MS = 20_000;

    @TempDir private Path folder;

    /** Where code comes from, and which version is live, as a test says. */
    private static final class TestSupply implements CodeSupply {
        private final Queue<CompletableFuture<Void>> fetches = new ArrayDeque<>();
        private final AtomicInteger fetched = new AtomicInteger();
        private volatile Optional<Optional<Task>> live = Optional.empty();
        private volatile boolean prepares = true;
        private volatile double share = 1;
        private volatile List<ExpectedCalls> expected = List.of();

        @Override
        public boolean prepares(TaskRef task) {
            return prepares;
        }

        @Override
        public double warmShare(AccountId account) {
            return share;
        }

        @Override
        public List<ExpectedCalls> expected() {
            return expected;
        }

        @Override
        public Optional<Task> live(Task called) {
            return live.orElse(Optional.of(called));
        }

        @Override
        public synchronized CompletableFuture<Void> bring(CodeDigest code) {
            fetched.incrementAndGet();
            return fetches.isEmpty()
                    ? CompletableFuture.failedFuture(new CodeMissingException(code))
                    : fetches.remove();
        }
    }

    private static List<StartKind> all(int count, StartKind start) {
        return Collections.nCopies(count, start);
    }

    private Forecast learn(PoolScene scene, Task task) throws Exception {
        scene.bursts(task, 8, 8, PERIOD_MS);
        assertTrue(scene.demand(task).isPeriodic(), "20 s were not found");
        return scene.demand(task).forecasts(scene.time.nowMs()).getFirst();
    }

    /** To 5 s after the last burst: its isolates were let go of, the next ones are not made yet. */
    private static void passToBetween(PoolScene scene, Task task) throws Exception {
        scene.burst(task, 8);
        scene.pass(5_000);
    }

    @Test
    void nothingIsHeldBetweenExpectedBurstsAndAllThatIsNeededBefore() throws Exception {
        try (var scene = new PoolScene(folder)) {
            Task task = scene.task();
            assertEquals(8, scene.burst(task, 8).size());
            scene.pass(5_000);
            assertEquals(8, scene.idle(), "nothing is known yet");
            scene.pass(PERIOD_MS - 5_000);
            Forecast found = learn(scene, task);
            passToBetween(scene, task);
            assertEquals(0, scene.idle());
            assertEquals(Readiness.HELD, scene.fixture.runner.readiness(task));
            scene.advanceTo(found.opensMs() + PERIOD_MS - 200);
            assertEquals(8, scene.prepared(task).size());
            for (PooledIsolate isolate : scene.prepared(task)) {
                assertEquals(Optional.of(task), isolate.preparedFor());
                assertEquals(task.code(), isolate.program().key().code());
            }
            assertEquals(Readiness.EXPECTED, scene.fixture.runner.readiness(task));
            scene.advanceTo(found.expectedMs() + PERIOD_MS);
            assertEquals(all(8, StartKind.WARM), scene.burst(task, 8));
            assertEquals(0, scene.counters().wastedPrepares.sum());
        }
    }

    @Test
    void whatIsBeyondAnAccountsShareIsLetGoOfWhenThePoolIsTended() throws Exception {
        var supply = new TestSupply();
        try (var scene = new PoolScene(folder, supply)) {
            Task task = scene.task();
            scene.burst(task, 8);
            assertEquals(8, scene.idle());
            supply.share = Double.MIN_VALUE;
            scene.pass(1_000);
            assertEquals(0, scene.idle());
        }
    }

    @Test
    void whatIsPreparedIsTheLiveVersion() throws Exception {
        var supply = new TestSupply();
        try (var scene = new PoolScene(folder, supply)) {
            Task task = scene.task();
            Forecast found = learn(scene, task);
            passToBetween(scene, task);
            Task other = scene.fixture.held("other");
            supply.live = Optional.of(Optional.of(other));
            scene.advanceTo(found.opensMs() + PERIOD_MS - 200);
            assertTrue(scene.prepared(task).isEmpty());
            assertEquals(8, scene.prepared(other).size());
        }
    }

    @Test
    void nothingIsPreparedForATaskThatIsGone() throws Exception {
        var supply = new TestSupply();
        try (var scene = new PoolScene(folder, supply)) {
            Task task = scene.task();
            Forecast found = learn(scene, task);
            passToBetween(scene, task);
            supply.live = Optional.of(Optional.empty());
            long before = scene.counters().prepared.sum();
            scene.advanceTo(found.closesMs() + PERIOD_MS);
            assertEquals(before, scene.counters().prepared.sum());
            assertEquals(0, scene.counters().failedPrepares.sum());
        }
    }

    @Test
    void whatAnotherNodePreparesIsNotPreparedHereToo() throws Exception {
        var supply = new TestSupply();
        try (var scene = new PoolScene(folder, supply)) {
            Task task = scene.task();
            Forecast found = learn(scene, task);
            passToBetween(scene, task);
            supply.prepares = false;
            long before = scene.counters().prepared.sum();
            scene.advanceTo(found.closesMs() + PERIOD_MS);
            assertEquals(before, scene.counters().prepared.sum());
            ExpectedBurst told = scene.fixture.runner.expectedBursts(9).getFirst();
            assertEquals(task.ref(), told.task());
            assertEquals(8, told.isolates());
            assertEquals(found.periodMs(), told.periodMs());
            assertTrue(told.closesMs() > told.opensMs(), told::toString);
            assertEquals(List.of(), scene.fixture.runner.expectedBursts(0));
        }
    }

    @Test
    void whatOthersExpectIsPreparedForATaskThatWasNeverCalledHere() throws Exception {
        var supply = new TestSupply();
        try (var scene = new PoolScene(folder, supply)) {
            Task task = scene.task();
            supply.expected = List.of(new ExpectedCalls(task, 3));
            scene.pass(1_000);
            assertEquals(3, scene.prepared(task).size());
            assertEquals(Readiness.EXPECTED, scene.fixture.runner.readiness(task));
            assertEquals(all(3, StartKind.WARM), scene.burst(task, 3));
            assertEquals(List.of(), scene.fixture.runner.expectedBursts(9), "nothing is known");
            supply.prepares = false;
            scene.pass(700_000);
            assertEquals(0, scene.idle());
        }
    }

    @Test
    void codeThatIsNotHereIsFetchedBefore() throws Exception {
        var supply = new TestSupply();
        try (var scene = new PoolScene(folder, supply)) {
            Task task = scene.task();
            Forecast found = learn(scene, task);
            passToBetween(scene, task);
            assertEquals(0, supply.fetched.get(), "it was here");
            assertTrue(scene.fixture.codes.deleteIfOlder(task.code(), Instant.MAX));
            var fetch = new CompletableFuture<Void>();
            supply.fetches.add(fetch);
            scene.time.jumpTo(found.opensMs() + PERIOD_MS - 500);
            scene.pool().tend();
            assertEquals(1, supply.fetched.get());
            assertFalse(scene.pool().isQuiet());
            scene.fixture.codes.put(FakeRuntime.code("together"));
            fetch.complete(null);
            scene.settle();
            assertEquals(8, scene.prepared(task).size());
        }
    }

    @Test
    void whatIsPopularIsBroughtAndOpenedWithoutACall() throws Exception {
        var supply = new TestSupply();
        try (var scene = new PoolScene(folder, supply)) {
            Task task = scene.task();
            assertTrue(scene.fixture.codes.deleteIfOlder(task.code(), Instant.MAX));
            var fetch = new CompletableFuture<Void>();
            supply.fetches.add(fetch);
            CompletableFuture<Void> ready = scene.fixture.runner.bring(task);
            assertFalse(ready.isDone());
            scene.fixture.codes.put(FakeRuntime.code("together"));
            fetch.complete(null);
            ready.get(20, TimeUnit.SECONDS);
            assertEquals(Readiness.READY, scene.fixture.runner.readiness(task));
            assertEquals(1, scene.counters().phases().get(StartPhase.FETCH).count());
            scene.fixture.runner.bring(task).get(20, TimeUnit.SECONDS);
            assertEquals(1, supply.fetched.get(), "it is here");
        }
    }

    @Test
    void whatCannotBePreparedIsCountedAndCallsAreServedAllTheSame() throws Exception {
        var supply = new TestSupply();
        try (var scene = new PoolScene(folder, supply)) {
            Task task = scene.task();
            Forecast found = learn(scene, task);
            passToBetween(scene, task);
            assertTrue(scene.fixture.codes.deleteIfOlder(task.code(), Instant.MAX));
            scene.advanceTo(found.expectedMs() + PERIOD_MS);
            assertEquals(1, scene.counters().failedPrepares.sum(), "and not tried again at once");
            assertTrue(scene.prepared(task).isEmpty());
            scene.fixture.codes.put(FakeRuntime.code("together"));
            List<StartKind> starts = scene.burst(task, 8);
            assertEquals(8, starts.size());
            assertEquals(StartKind.COLD, starts.getFirst());
        }
    }

    @Test
    void whatIsNotUsedIsCountedAsWasted() throws Exception {
        try (var scene = new PoolScene(folder)) {
            Task task = scene.task();
            learn(scene, task);
            scene.burst(task, 8);
            long before = scene.counters().wastedPrepares.sum();
            scene.pass(4 * PERIOD_MS);
            assertTrue(scene.counters().wastedPrepares.sum() >= before + 8);
            assertEquals(0, scene.idle());
        }
    }

    @Test
    void withoutAPeriodIdleIsolatesAndTheirProgramAreKeptForTheKeepAlive() throws Exception {
        try (var scene = new PoolScene(folder)) {
            Task task = scene.task();
            scene.burst(task, 3);
            scene.pass(599_000);
            assertEquals(3, scene.idle());
            scene.pass(2_000);
            assertEquals(0, scene.idle());
            assertEquals(Readiness.HELD, scene.fixture.runner.readiness(task));
            assertEquals(3, scene.counters().releasedIsolates().get(ReleaseReason.PLAN));
            assertEquals(1, scene.counters().closedPrograms().get(ReleaseReason.PLAN));
            assertEquals(1, scene.fixture.fake.closed());
        }
    }

    @Test
    void whatWasOpenedAndNeverCalledGoesAfterTheKeepAlive() throws Exception {
        try (var scene = new PoolScene(folder)) {
            Task task = scene.task();
            scene.fixture.runner.prepare(task).get();
            scene.pass(599_000);
            assertEquals(Readiness.READY, scene.fixture.runner.readiness(task));
            scene.pass(2_000);
            assertEquals(Readiness.HELD, scene.fixture.runner.readiness(task));
        }
    }

    @Test
    void whatRunsIsNeverLetGo() throws Exception {
        try (var scene = new PoolScene(folder)) {
            var end = new RunnerFixture.End();
            scene.fixture.occupy(end);
            scene.pass(700_000);
            assertEquals(1, scene.fixture.runner.warm().size());
            assertEquals(0, scene.fixture.fake.closed());
            scene.fixture.gate.countDown();
            end.await();
        }
    }

    /** So many calls at once that another node runs; over when all of them are. */
    private static void passOn(PoolScene scene, Task task, int calls) {
        List<Runnable> ends = new ArrayList<>();
        for (int i = 0; i < calls; i++) {
            ends.add(scene.fixture.runner.passedOn(task));
        }
        ends.forEach(Runnable::run);
        ends.forEach(Runnable::run);
        assertEquals(0, scene.demand(task).present(), "each ends once");
        scene.settle();
    }

    /** Not more than there are slots, however many come: 16. */
    @Test
    void callsThatAnotherNodeRunsTellWhatIsToBeExpectedHere() throws Exception {
        try (var scene = new PoolScene(folder)) {
            Task task = scene.task();
            for (int i = 0; i < 9; i++) {
                long nextMs = scene.time.nowMs() + PERIOD_MS;
                passOn(scene, task, 20);
                scene.advanceTo(nextMs);
            }
            Forecast found = scene.demand(task).forecasts(scene.time.nowMs()).getFirst();
            passOn(scene, task, 20);
            scene.pass(5_000);
            assertEquals(0, scene.idle());
            assertEquals(Readiness.HELD, scene.fixture.runner.readiness(task));
            scene.advanceTo(found.opensMs() + PERIOD_MS - 200);
            assertEquals(16, scene.prepared(task).size());
            assertEquals(Readiness.EXPECTED, scene.fixture.runner.readiness(task));
            scene.advanceTo(found.closesMs() + PERIOD_MS + 5_000);
            assertNotEquals(Readiness.EXPECTED, scene.fixture.runner.readiness(task));
        }
    }

    @Test
    void tasksOfTheSameCodeShareWhatIsHeld() throws Exception {
        try (var scene = new PoolScene(folder)) {
            Task task = scene.task();
            Task twin = RunnerFixture.of("twin", task);
            Forecast found = learn(scene, task);
            passToBetween(scene, task);
            assertEquals(0, scene.idle());
            scene.burst(twin, 2);
            scene.pass(1_000);
            assertEquals(2, scene.idle(), "the twin has no period");
            assertEquals(1, scene.fixture.runner.warm().size());
            scene.advanceTo(found.opensMs() + PERIOD_MS - 200);
            assertEquals(6, scene.prepared(task).size(), "two are there");
        }
    }
}
