package io.runnel.chaos.suite;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What {@code runnel chaos run} was told.
 *
 * @param scenarios names, files, or {@code all}; at least one
 * @param topology of a network that runs; empty to start one
 * @param data its data folder; empty for the launcher's own
 * @param seed what chance comes from
 * @param report the folder of the report
 * @param isBrief whether each part is short
 * @param slack by which limits of time are multiplied
 * @param proxy a Toxiproxy server's API; empty for the proxy of this program
 */
record RunOptions(
        List<String> scenarios,
        Optional<Path> topology,
        Optional<Path> data,
        long seed,
        Path report,
        boolean isBrief,
        double slack,
        Optional<URI> proxy) {
    private static final double MOST_SLACK = 20;
    private static final Path REPORT = Path.of("chaos-report");

    RunOptions {
        scenarios = List.copyOf(scenarios);
    }

    /**
     * Reads arguments.
     *
     * @param freshSeed is taken unless one is given
     * @param proxy what {@code TOXIPROXY_URL} says, or nothing
     * @throws IllegalArgumentException naming the one that is wrong
     */
    static RunOptions parse(List<String> arguments, long freshSeed, String proxy) {
        Map<String, String> given = new HashMap<>();
        List<String> scenarios = new ArrayList<>();
        for (int i = 0; i < arguments.size(); i++) {
            String word = arguments.get(i);
            switch (word) {
                case "--short" -> given.put(word, "");
                case "-t", "--topology" -> given.put("-t", value(arguments, ++i, word));
                case "--data", "--seed", "--report", "--slack" ->
                        given.put(word, value(arguments, ++i, word));
                default -> {
                    if (word.startsWith("-")) {
                        throw new IllegalArgumentException("unknown option: '%s'".formatted(word));
                    }
                    scenarios.add(word);
                }
            }
        }
        if (scenarios.isEmpty()) {
            throw new IllegalArgumentException(
                    "which scenario? runnel chaos list shows them; or: all");
        }
        return new RunOptions(
                scenarios,
                Optional.ofNullable(given.get("-t")).map(Path::of),
                Optional.ofNullable(given.get("--data")).map(Path::of),
                Optional.ofNullable(given.get("--seed")).map(RunOptions::seed).orElse(freshSeed),
                Optional.ofNullable(given.get("--report")).map(Path::of).orElse(REPORT),
                given.containsKey("--short"),
                Optional.ofNullable(given.get("--slack")).map(RunOptions::slack).orElse(1.0),
                Optional.of(proxy).filter(text -> !text.isBlank()).map(URI::create));
    }

    private static String value(List<String> arguments, int at, String option) {
        if (at >= arguments.size()) {
            throw new IllegalArgumentException("%s needs a value".formatted(option));
        }
        return arguments.get(at);
    }

    private static long seed(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "--seed must be a whole number: '%s'".formatted(text), e);
        }
    }

    private static double slack(String text) {
        try {
            double value = Double.parseDouble(text);
            if (value >= 1 && value <= MOST_SLACK) {
                return value;
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("--slack must be a number: '%s'".formatted(text), e);
        }
        throw new IllegalArgumentException(
                "--slack must be 1 to %.0f: '%s'".formatted(MOST_SLACK, text));
    }
}
