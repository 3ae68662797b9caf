package io.runnel.region.cli;

import io.runnel.exec.forecast.ForecastSettings;
import io.runnel.exec.forecast.replay.PoolPolicy;
import io.runnel.exec.forecast.replay.ReplayPlot;
import io.runnel.exec.forecast.replay.ReplayReport;
import io.runnel.exec.forecast.replay.Trace;
import io.runnel.exec.forecast.replay.TraceException;
import io.runnel.exec.forecast.replay.TraceGenerator;
import io.runnel.exec.forecast.replay.TraceReader;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What pools of idle isolates would have done. Asks no network. */
@Command(
        name = "pool",
        mixinStandardHelpOptions = true,
        description = "Replays traces of calls: what idle isolates cost, and what they save.")
final class PoolCommand {
    private static final String STANDARD_INPUT = "-";

    private final Shell shell;

    PoolCommand(Shell shell) {
        this.shell = shell;
    }

    @Command(
            name = "replay",
            mixinStandardHelpOptions = true,
            description = {
                "Replays a trace and says what each policy costs: cold starts, waiting, idle"
                        + " memory.",
                "A trace is a file of lines arrival_ms,task,duration_ms,memory_bytes,start_ms;",
                "the first line may name the columns, in any order. '-' reads standard input."
            })
    Integer replay(
            @Parameters(paramLabel = "TRACE") String trace,
            @Option(
                            names = "--policy",
                            paramLabel = "POLICY",
                            description =
                                    "fixed:DURATION, histogram or forecast; may be repeated;"
                                            + " fixed:10m and the other two unless given")
                    List<String> policies,
            @Option(names = "--json", description = "print JSON") boolean asJson,
            @Option(
                            names = "--plot",
                            paramLabel = "FILE.svg",
                            description = "draw calls, forecasts and what was held")
                    Optional<Path> plot,
            @Option(
                            names = "--seed",
                            paramLabel = "N",
                            defaultValue = "1",
                            description = "of the shuffles that arrivals are compared with")
                    long seed) {
        List<PoolPolicy> chosen = policies == null ? ReplayReport.ALL_POLICIES : read(policies);
        Trace read = read(trace);
        try {
            ReplayReport report = ReplayReport.of(read, chosen, ForecastSettings.DEFAULT, seed);
            shell.print(
                    asJson ? Json.pretty(Json.of(report.toMap())) : report.text().stripTrailing());
            plot.ifPresent(file -> draw(read, file, seed));
        } catch (OutOfMemoryError e) {
            // A trace of millions of tasks: whoever gave it can give more memory, too.
            throw tooLarge(read, e);
        }
        return 0;
    }

    private static CliException tooLarge(Trace trace, OutOfMemoryError e) {
        return new CliException(
                CliException.Code.FAILED,
                "%d calls of %d tasks do not fit into %d MiB; replay fewer tasks at once"
                        .formatted(
                                trace.size(),
                                trace.taskCount(),
                                Runtime.getRuntime().maxMemory() >> 20),
                e);
    }

    private static List<PoolPolicy> read(List<String> policies) {
        try {
            return policies.stream().map(PoolPolicy::parse).toList();
        } catch (IllegalArgumentException e) {
            throw CliException.usage(e.getMessage());
        }
    }

    private Trace read(String name) {
        boolean isStandardInput = name.equals(STANDARD_INPUT);
        try {
            if (isStandardInput) {
                return TraceReader.read(shell.in());
            }
            try (InputStream in = Files.newInputStream(Path.of(name))) {
                return TraceReader.read(in);
            }
        } catch (TraceException e) {
            String from = isStandardInput ? "standard input" : name;
            throw CliException.failed("%s: %s".formatted(from, e.getMessage()));
        } catch (NoSuchFileException e) {
            throw CliException.failed("%s is not there".formatted(name));
        } catch (IOException e) {
            throw CliException.failed("%s cannot be read: %s".formatted(name, e.getMessage()));
        }
    }

    private void draw(Trace trace, Path file, long seed) {
        String drawing = ReplayPlot.svg(trace, ForecastSettings.DEFAULT, seed);
        try {
            Files.writeString(file, drawing);
        } catch (IOException e) {
            throw CliException.failed("%s cannot be written: %s".formatted(file, e.getMessage()));
        }
        shell.say("drawn in " + file);
    }

    @Command(
            name = "generate",
            mixinStandardHelpOptions = true,
            description = {
                "Prints a trace that is made up: tasks called daily, hourly, every 5 minutes,",
                "with jitter, and 30 % at random."
            })
    Integer generate(
            @Option(
                            names = "--tasks",
                            paramLabel = "N",
                            defaultValue = "100",
                            description = "100 unless given")
                    int tasks,
            @Option(
                            names = "--days",
                            paramLabel = "N",
                            defaultValue = "28",
                            description = "28 unless given")
                    int days,
            @Option(
                            names = "--seed",
                            paramLabel = "N",
                            defaultValue = "1",
                            description = "the same one makes the same trace; 1 unless given")
                    long seed) {
        Trace trace = generated(tasks, days, seed);
        try {
            BufferedWriter out =
                    new BufferedWriter(new OutputStreamWriter(shell.out(), StandardCharsets.UTF_8));
            trace.writeTo(out);
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return 0;
    }

    private static Trace generated(int tasks, int days, long seed) {
        try {
            return TraceGenerator.generate(tasks, days, seed);
        } catch (IllegalArgumentException e) {
            throw CliException.usage(e.getMessage());
        }
    }
}
