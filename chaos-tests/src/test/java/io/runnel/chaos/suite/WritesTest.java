package io.runnel.chaos.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.runnel.chaos.suite.Verdict.Finding;
import io.runnel.chaos.suite.Writes.Write;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What is made of writes to a disk that is full from 2 s to 6 s. */
final class WritesTest {
    private static final long MS = 1_000_000;
    private static final List<StepDone> STEPS =
            List.of(step(Action.DiskKind.FILL, 2_000), step(Action.DiskKind.FREE, 6_000));

    private final List<Write> made = new ArrayList<>();
    private final Set<String> there = new HashSet<>();

    WritesTest() {
        for (int ms = 0; ms < 9_000; ms += 100) {
            write(ms, ms >= 2_000 && ms < 6_000 ? 507 : 201);
        }
    }

    @Test
    void whatIsRefusedByNameAndComesBackKeepsAll() {
        assertEquals(List.of(), broken());
    }

    @Test
    void aDiskThatRefusedNothingWasNotFull() {
        made.removeIf(write -> write.status() == 507);
        assertEquals(List.of("the fault bites: writes refused with 507"), broken());
    }

    @Test
    void anyOtherRefusalOrNoAnswerIsNone() {
        write(5_000, 500);
        write(5_100, 0);
        assertEquals(List.of("writes neither acknowledged nor refused with 507"), broken());
    }

    @Test
    void whatWasAcknowledgedIsThere() {
        there.remove("w-1900");
        assertEquals(List.of("acknowledged writes that are not there afterwards"), broken());
    }

    @Test
    void writesAreAcknowledgedSoonAfterwards() {
        made.removeIf(write -> write.beganNs() >= 6_000 * MS && write.beganNs() < 8_000 * MS);
        assertEquals(List.of("a write is acknowledged, from when there is room again"), broken());
        made.removeIf(write -> write.beganNs() >= 6_000 * MS);
        assertEquals("not until the end", findings().getLast().measured());
    }

    @Test
    void whereNoDiskWasFullAllAreAcknowledged() {
        List<StepDone> clock =
                List.of(
                        new StepDone(new Action.Jump("eu-west-1", Duration.ofHours(1)), 0, 0),
                        new StepDone(new Action.Reset("eu-west-1"), 1, 1));
        assertEquals(List.of("writes not acknowledged"), broken(clock));
        made.removeIf(write -> write.status() == 507);
        assertEquals(List.of(), broken(clock));
        there.clear();
        assertEquals(List.of("acknowledged writes that are not there afterwards"), broken(clock));
    }

    private void write(long ms, int status) {
        String name = "w-" + ms;
        made.add(new Write(name, ms * MS, (ms + 5) * MS, status));
        if (status == 201) {
            there.add(name);
        }
    }

    private List<Finding> findings() {
        return Writes.findings(made, STEPS, there, 1);
    }

    private List<String> broken() {
        return broken(STEPS);
    }

    private List<String> broken(List<StepDone> steps) {
        return Writes.findings(made, steps, there, 1).stream()
                .filter(finding -> !finding.kept())
                .map(Finding::promise)
                .toList();
    }

    private static StepDone step(Action.DiskKind kind, long atMs) {
        return new StepDone(new Action.OnDisk(kind, "eu-west-1"), atMs * MS, atMs * MS);
    }
}
