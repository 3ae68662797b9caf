package io.runnel.exec.isolate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.exec.forecast.Plan;
import io.runnel.exec.task.Task;
import io.runnel.exec.task.TaskRef;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;

class ReportTest {
    @TempDir private Path folder;

    @Test
    void aPeriodicTaskIsReportedWithWhatIsHeldAndWhy() throws Exception {
        try (var scene = new PoolScene(folder)) {
            Task task = scene.task();
            scene.bursts(task, 8, 9, 20_000);
            scene.burst(task, 8);
            scene.pass(5_000);
            TaskReport between = scene.fixture.runner.report(task.ref()).orElseThrow();
            TaskReport.Period period = between.periods().getFirst();
            assertEquals("PERIODIC", period.state());
            assertTrue(Math.abs(period.periodMs() - 20_000) <= 100, period.toString());
            assertTrue(Math.abs(period.expectedMs() - 15_000) <= 500, period.toString());
            assertTrue(period.confidence() > 0.9);
            assertEquals(8, period.amount());
            assertEquals(80, between.calls());
            assertEquals(5_000, between.lastCallMs());
            assertEquals(0, between.held());
            assertEquals("", between.tier());
            assertEquals("", between.optimized());
            assertTrue(
                    between.why().matches("8 at once are expected in 1\\d\\.\\d s; nothing is .*"),
                    between.why());
            scene.pass(15_000 - 500);
            TaskReport before = scene.fixture.runner.report(task.ref()).orElseThrow();
            assertEquals(8, before.held());
            assertEquals(8, before.isolates().prepared());
            assertTrue(before.isolates().bytes() > 0);
            assertEquals("COMPILED", before.tier());
            assertEquals("yes", before.optimized());
            assertTrue(before.chance() > 0.9);
            assertTrue(before.why().contains("8 are held for that"), before.why());
        }
    }

    @Test
    void theWholePoolIsReported() throws Exception {
        try (var scene = new PoolScene(folder)) {
            Task task = scene.task();
            scene.burst(task, 1);
            scene.burst(task, 3);
            PoolReport report = scene.fixture.runner.report();
            assertEquals(1, report.programs());
            assertEquals(3, report.idleIsolates());
            assertEquals(1, report.knownTasks());
            assertEquals(1, report.counts().coldCalls());
            assertEquals(3, report.counts().warmCalls());
            assertEquals(64L << 20, report.budgetBytes());
            assertTrue(report.usedBytes() > 0 && report.usedBytes() < report.budgetBytes());
            for (StartPhase phase :
                    List.of(
                            StartPhase.VERIFY,
                            StartPhase.PARSE,
                            StartPhase.COMPILE,
                            StartPhase.INSTANTIATE)) {
                PhaseReport times = report.phases().get(phase);
                assertTrue(times.count() > 0, phase.name());
                assertTrue(times.p50() <= times.p99() && times.p99() <= times.most());
            }
            assertEquals(0, report.phases().get(StartPhase.FETCH).count());
            assertEquals("demo", report.tasks().getFirst().account());
            assertEquals(
                    "no period; what was used is kept for 10 min", report.tasks().getFirst().why());
        }
    }

    @Test
    void ofATaskThatNeverWasCalledNothingIsKnown() throws Exception {
        try (var scene = new PoolScene(folder)) {
            assertTrue(scene.fixture.runner.report(TaskRef.of("demo", "none")).isEmpty());
        }
    }

    @Test
    void percentilesAreRightToWithinAnEighth() {
        DurationHistogram histogram = new DurationHistogram();
        for (int i = 1; i <= 1_000; i++) {
            histogram.record(i * 1_000L);
        }
        PhaseReport report = histogram.report();
        assertEquals(1_000, report.count());
        assertTrue(report.p50() >= 500_000 && report.p50() <= 562_500, report.toString());
        assertTrue(report.p99() >= 990_000, report.toString());
        assertEquals(1_000_000, report.most());
        assertEquals(1_000, report.bins().stream().mapToLong(PhaseReport.Bin::count).sum());
        assertEquals(new PhaseReport.Bin(1 << 20, 476), report.bins().getLast());
        for (long nanos = 1; nanos < 1L << 38; nanos = nanos * 5 / 4 + 1) {
            DurationHistogram one = new DurationHistogram();
            one.record(nanos);
            one.record(1L << 39);
            long seen = one.report().p50();
            assertTrue(
                    seen >= nanos && seen <= nanos + Math.max(1, nanos / 8 + 1),
                    nanos + ": " + seen);
        }
        histogram.record(Long.MAX_VALUE);
        histogram.record(-1);
        assertEquals(1_002, histogram.report().count());
        assertEquals(new PhaseReport(0, 0, 0, 0, 0, List.of()), new DurationHistogram().report());
    }

    @Test
    void plansAreSaidInWords() {
        assertEquals(
                "no period; up to 2 are kept for 30.0 s",
                PlanWords.of(new Plan(0, 2, 30_000, 0), List.of(), 0));
        assertEquals(
                "no period; none is kept besides",
                PlanWords.of(new Plan(0, 0, 0, 0), List.of(), 0));
        assertEquals("1.5 s", PlanWords.time(1_500));
        assertEquals("-3 min", PlanWords.time(-180_000));
        assertEquals("24 h", PlanWords.time(86_400_000));
        assertEquals("7 days", PlanWords.time(7 * 86_400_000L));
    }
}
