package io.runnel.exec.microvm;

import io.runnel.exec.isolate.CallMoves;
import io.runnel.exec.microvm.TestMoves.Running;
import io.runnel.exec.task.NodeName;
import io.runnel.exec.task.Outcome;
import io.runnel.exec.task.RegionId;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToLongFunction;

/** What a live move of a call takes, and how much of that it stands still. */
final class MoveReport {
    private static final NodeName THERE = new NodeName("there");

    private MoveReport() {}

    public static void main(String[] arguments) throws Exception {
        int rounds = Integer.parseInt(arguments[0]);
        Path folder = Files.createTempDirectory("moves");
        List<CallMoves.Report> reports = new ArrayList<>();
        try (TestMoves moves = new TestMoves(folder)) {
            CallMoves mover =
                    new ExecutionMover(
                            moves.here().runtime().moves(),
                            node ->
                                    Optional.of(
                                            new ExecutionMover.Target(
                                                    new RegionId("eu-west"), moves.link())),
                            new SecureRandom());
            for (int i = 0; i < rounds; i++) {
                Running running = moves.begun();
                CallMoves.Report report = mover.move(running.id(), THERE);
                reports.add(report);
                Outcome.Moved moved = (Outcome.Moved) running.end();
                var unused = moves.assertEndsThere(running, moved.to().id());
                System.out.printf(
                        "%d KiB in %d ms, stood still for %d ms%n",
                        report.bytes() >> 10, report.took().toMillis(), report.stood().toMillis());
            }
        }
        long stood = median(reports, report -> report.stood().toMillis());
        long took = median(reports, report -> report.took().toMillis());
        System.out.printf(
                "medians of %d: stood still for %d ms (longest %d) of %d ms: %.2f of what stop and"
                        + " copy would take%n",
                rounds,
                stood,
                reports.stream().mapToLong(report -> report.stood().toMillis()).max().orElse(0),
                took,
                (double) stood / took);
    }

    private static long median(
            List<CallMoves.Report> reports, ToLongFunction<CallMoves.Report> of) {
        return reports.stream()
                .mapToLong(of)
                .sorted()
                .skip(reports.size() / 2)
                .findFirst()
                .orElse(0);
    }
}
