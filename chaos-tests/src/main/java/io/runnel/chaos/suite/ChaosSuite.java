package io.runnel.chaos.suite;

import io.runnel.chaos.suite.Result.Outcome;
import io.runnel.topology.TopologyException;
import io.runnel.topology.TopologyReader;

import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The commands {@code runnel chaos list} and {@code runnel chaos run}. */
public final class ChaosSuite {
    private static final int KEPT = 0;
    private static final int BROKEN = 1;
    private static final int WRONG_USAGE = 2;
    private static final URI USUAL_PROXY = URI.create("http://127.0.0.1:8474");

    private static final String PROXY_OUTSIDE =
            "packets are lost and disks are full in a place of the run's own, where the proxy at"
                    + " TOXIPROXY_URL is not";

    private final Path top;
    private final Map<String, String> environment;
    private final PrintStream out;
    private final PrintStream err;

    /**
     * @param top the launcher's folder
     * @param environment what is set when the launcher is called
     */
    public ChaosSuite(Path top, Map<String, String> environment, PrintStream out, PrintStream err) {
        this.top = top;
        this.environment = Map.copyOf(environment);
        this.out = out;
        this.err = err;
    }

    /** Prints the scenarios. */
    public int list() {
        for (String name : Scenarios.names()) {
            out.printf("%-26s %s%n", name, Scenarios.named(name).title());
        }
        return KEPT;
    }

    /**
     * Runs scenarios and writes a report.
     *
     * @param freshSeed is taken unless one is given
     * @param proxy the API of a Toxiproxy server to use; empty for our own
     * @return 0 if all promises were kept, 1 if not, 2 if the arguments are wrong
     */
    public int run(List<String> arguments, long freshSeed, String proxy) {
        RunOptions options;
        List<Scenario> scenarios;
        try {
            options = RunOptions.parse(arguments, freshSeed, proxy);
            scenarios = Scenarios.meant(options.scenarios(), options.seed());
        } catch (IllegalArgumentException | ScenarioException e) {
            err.println("runnel chaos run: " + e.getMessage());
            return WRONG_USAGE;
        }
        try {
            if (isForOwnNamespace(options, scenarios)) {
                Optional<String> missing = missing(options);
                if (missing.isEmpty()) {
                    return runInNamespace(arguments, options);
                }
                scenarios = without(Scenario::needsNamespace, options, scenarios, missing.get());
            }
            if (options.topology().isEmpty() && scenarios.stream().anyMatch(Scenario::setsClocks)) {
                Optional<String> missing = Clocks.missing();
                if (missing.isPresent()) {
                    scenarios = without(Scenario::setsClocks, options, scenarios, missing.get());
                }
            }
            out.printf("seed %d%n", options.seed());
            return run(options, scenarios);
        } catch (NetworkException | TopologyException e) {
            err.println("runnel chaos run: " + e.getMessage());
            return BROKEN;
        } catch (IOException e) {
            err.println("runnel chaos run: cannot write the report: " + e.getMessage());
            return BROKEN;
        }
    }

    /** What is started here may be hurt as nothing of others may be. */
    private static boolean isForOwnNamespace(RunOptions options, List<Scenario> scenarios) {
        return options.topology().isEmpty()
                && scenarios.stream().anyMatch(Scenario::needsNamespace)
                && !OwnNamespace.isHere();
    }

    private static Optional<String> missing(RunOptions options) {
        return options.proxy().isPresent() ? Optional.of(PROXY_OUTSIDE) : OwnNamespace.missing();
    }

    private int runInNamespace(List<String> arguments, RunOptions options) {
        List<String> command = new ArrayList<>();
        command.addAll(List.of(top.resolve("runnel").toString(), "chaos", "run"));
        command.addAll(arguments);
        command.addAll(List.of("--seed", Long.toString(options.seed())));
        return OwnNamespace.run(command, environment, line -> tell("%s", line));
    }

    /** Of all scenarios those that can be run; of some that were named each must be. */
    private List<Scenario> without(
            Predicate<Scenario> which,
            RunOptions options,
            List<Scenario> scenarios,
            String missing) {
        if (!options.scenarios().equals(List.of(Scenarios.ALL))) {
            throw new NetworkException(missing);
        }
        scenarios.stream()
                .filter(which)
                .forEach(scenario -> tell("left out: %s; %s", scenario.name(), missing));
        return scenarios.stream().filter(which.negate()).toList();
    }

    private int run(RunOptions options, List<Scenario> scenarios) throws IOException {
        List<Result> results = new ArrayList<>();
        Files.createDirectories(options.report());
        if (options.topology().isPresent()) {
            try (Network network = running(options)) {
                run(network, options, scenarios, scenarios.size(), results);
            }
        } else {
            // Clocks that can be set are slower to read: nobody else's figures are to show that.
            run(options, scenarios, Predicate.not(Scenario::setsClocks), results);
            run(options, scenarios, Scenario::setsClocks, results);
        }
        Report.write(options, results);
        long kept = results.stream().filter(Result::isKept).count();
        tell("%d of %d kept all promises; report in %s", kept, results.size(), options.report());
        return kept == results.size() ? KEPT : BROKEN;
    }

    /** Some of them, in a network that is started for these. */
    private void run(
            RunOptions options, List<Scenario> all, Predicate<Scenario> which, List<Result> results)
            throws IOException {
        List<Scenario> scenarios = all.stream().filter(which).toList();
        if (scenarios.isEmpty()) {
            return;
        }
        int before = results.size();
        Path data = Files.createTempDirectory("runnel-chaos");
        try (Network network = started(options, data, Needs.of(scenarios))) {
            run(network, options, scenarios, all.size(), results);
        }
        tidy(data, results.subList(before, results.size()));
    }

    private void run(
            Network network,
            RunOptions options,
            List<Scenario> scenarios,
            int of,
            List<Result> results) {
        ScenarioRun run = new ScenarioRun(network, options, System::nanoTime);
        for (Scenario scenario : scenarios) {
            tell("%d/%d  %s: %s", results.size() + 1, of, scenario.name(), scenario.title());
            Result result = run.run(scenario);
            results.add(result);
            tell(result);
        }
    }

    private Network started(RunOptions options, Path folder, Needs needs) {
        tell("starting a network of two regions and two POPs");
        Launcher launcher = new Launcher(top, environment, folder.resolve("data"));
        return NetworkStart.network(launcher, options.proxy(), options.seed(), needs);
    }

    private Network running(RunOptions options) {
        Path data = options.data().orElse(top.resolve(".runnel"));
        Launcher launcher = new Launcher(top, environment, data.toAbsolutePath());
        return Network.running(
                launcher,
                TopologyReader.read(options.topology().orElseThrow()),
                options.proxy().orElse(USUAL_PROXY));
    }

    private void tell(Result result) {
        String took = String.format(Locale.ROOT, "%.1f s", result.took().toMillis() / 1e3);
        switch (result.outcome()) {
            case Outcome.Failed failed -> tell("     NOT RUN (%s): %s", took, failed.why());
            case Outcome.Ran ran -> {
                Verdict verdict = ran.verdict();
                String back =
                        verdict.recovery()
                                .map(time -> "steady again after %d ms".formatted(time.toMillis()))
                                .orElse("not steady again");
                tell(
                        "     %s (%s), %d calls, %s",
                        verdict.isKept() ? "kept" : "BROKEN", took, ran.calls().size(), back);
                verdict.findings().stream()
                        .filter(finding -> !finding.kept() || finding.isBite())
                        .forEach(finding -> tell("     - %s", finding));
                if (!verdict.isKept()) {
                    Failures.said(ran.calls())
                            .forEach((why, count) -> tell("       %d x %s", count, why));
                }
            }
        }
    }

    private void tell(String format, Object... values) {
        out.printf(Locale.ROOT, format + "%n", values);
        out.flush();
    }

    /** What the nodes wrote is of use if a scenario could not be run. */
    private void tidy(Path data, List<Result> results) throws IOException {
        if (results.stream().allMatch(result -> result.verdict().isPresent())) {
            deleteAll(data);
        } else {
            tell("the nodes' logs are in %s", data.resolve("data/nodes"));
        }
    }

    private static void deleteAll(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
