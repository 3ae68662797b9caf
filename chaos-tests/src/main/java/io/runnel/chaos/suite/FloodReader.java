package io.runnel.chaos.suite;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Reads what a scenario says of floods of calls. */
final class FloodReader {
    private static final int MOST_TIMES = 20;
    private static final Set<String> FLOODED =
            Set.of("calls", "goodput", "refused-within", "limited");
    private static final Set<String> BESIDE = Set.of("calls", "times", "more");

    private FloodReader() {}

    /** How many times its capacity a stream brings to a place, if it is a flood. */
    static Optional<CallStream.Flood> flood(Fields stream) {
        if (stream.has("times") && stream.has("rate")) {
            throw stream.wrong("times", "calls have a rate, or come in times of a capacity");
        }
        return stream.optional("times", FloodReader::times)
                .map(times -> new CallStream.Flood(times, 0));
    }

    private static int times(String text) {
        long times = Texts.count(text);
        if (times < 1 || times > MOST_TIMES) {
            throw new IllegalArgumentException(
                    "times are 1 to %d: '%s'".formatted(MOST_TIMES, text));
        }
        return (int) times;
    }

    /**
     * What is promised of floods.
     *
     * @param stream checks the name of a stream of calls
     */
    static List<Promise.Flooded> flooded(Fields promise, Function<String, String> stream) {
        return promise.mappings("floods", FLOODED).stream()
                .map(
                        one ->
                                new Promise.Flooded(
                                        one.required("calls", stream),
                                        one.required("goodput", Texts::share),
                                        one.required("refused-within", Texts::positive),
                                        one.optional("limited", Texts::share).orElse(0.0)))
                .toList();
    }

    /** What is promised to those who call beside them. */
    static List<Promise.Beside> beside(Fields promise, Function<String, String> stream) {
        return promise.mappings("beside", BESIDE).stream()
                .map(
                        one ->
                                new Promise.Beside(
                                        one.required("calls", stream),
                                        one.required("times", FloodReader::times),
                                        one.required("more", Texts::duration)))
                .toList();
    }

    /** A flood comes once and goes, and nothing else does. */
    static void requireSteps(Fields root, Scenario scenario) {
        for (CallStream stream : scenario.steady().streams()) {
            long comes = steps(scenario, Action.CallKind.FLOOD, stream.name());
            long goes = steps(scenario, Action.CallKind.EBB, stream.name());
            int needed = stream.flood().isPresent() ? 1 : 0;
            if (comes != needed || goes != needed) {
                throw root.wrong(
                        "fault",
                        "calls '%s' need %d step 'flood', and 'ebb' after it: %d, %d"
                                .formatted(stream.name(), needed, comes, goes));
            }
        }
        requireOrder(root, scenario);
        for (Promise.Flooded promised : scenario.promise().floods()) {
            if (scenario.stream(promised.stream()).flood().isEmpty()) {
                throw root.wrong(
                        "promise", "floods: calls '%s' are none".formatted(promised.stream()));
            }
        }
    }

    private static long steps(Scenario scenario, Action.CallKind kind, String stream) {
        Action action = new Action.OnCalls(kind, stream);
        return scenario.fault().steps().stream().filter(s -> s.action().equals(action)).count();
    }

    private static void requireOrder(Fields root, Scenario scenario) {
        Schedule schedule = scenario.schedule(true);
        for (FaultStep step : scenario.fault().steps()) {
            if (!(step.action() instanceof Action.OnCalls onCalls)) {
                continue;
            }
            Optional<CallStream> stream =
                    scenario.steady().streams().stream()
                            .filter(one -> one.name().equals(onCalls.stream()))
                            .findFirst();
            if (stream.isEmpty()) {
                throw root.wrong("fault", "there are no calls '%s'".formatted(onCalls.stream()));
            }
            Span span = scenario.span(stream.get(), schedule, schedule.endNs());
            if (span.fromNs() >= span.toNs()) {
                throw root.wrong("fault", "'ebb' comes after 'flood': " + onCalls.stream());
            }
        }
    }
}
