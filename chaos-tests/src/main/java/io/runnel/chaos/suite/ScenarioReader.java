package io.runnel.chaos.suite;

import io.runnel.exec.task.AccountId;

import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Reads scenarios, strictly: what is not known is refused, and what names something names one that
 * is there.
 */
final class ScenarioReader {
    /** The most calls of one run, all streams together. */
    static final int MOST_CALLS = 200_000;

    static final int MOST_STREAMS = 16;
    static final int MOST_RATE = 2_000;

    private static final Set<String> ROOT =
            Set.of("title", "steady", "fault", "after", "promise", "bites", "untouched");
    private static final Set<String> STEADY = Set.of("lasts", "short", "answered", "p99", "calls");
    private static final Set<String> CALLS =
            Set.of("name", "task", "at", "runs", "rate", "times", "method", "key", "as");
    private static final Set<String> PROMISE =
            Set.of(
                    "failed-idempotent",
                    "failed-others",
                    "p99-during",
                    "p99-after",
                    "recovers",
                    "runs",
                    "floods",
                    "beside");

    private ScenarioReader() {}

    /**
     * Reads the text of a file.
     *
     * @param name the scenario's
     * @param file what messages call it
     * @throws ScenarioException with file and line of the first mistake
     */
    static Scenario read(String name, String file, String text) {
        Fields root = Fields.of(file, text, ROOT);
        Steady steady = steady(root.mapping("steady", STEADY));
        Set<String> streams = new HashSet<>();
        steady.streams().forEach(stream -> streams.add(stream.name()));
        Fields fault = root.mapping("fault", Set.of("lasts", "short", "steps"));
        Phase faultLasts = phase(fault);
        List<FaultStep> steps = Steps.read(fault, faultLasts.full());
        Set<String> untouched =
                new LinkedHashSet<>(root.list("untouched", stream -> known(stream, streams)));
        Scenario scenario =
                new Scenario(
                        name,
                        root.required("title", Texts::title),
                        steady,
                        new Fault(faultLasts, steps),
                        phase(root.mapping("after", Set.of("lasts", "short"))),
                        promise(root.mapping("promise", PROMISE), streams),
                        BiteReader.read(root, stream -> known(stream, streams), isSeen(steps)),
                        untouched);
        FloodReader.requireSteps(root, scenario);
        requireFewCalls(root, scenario);
        requireTimeToRecover(root, scenario, false);
        requireTimeToRecover(root, scenario, true);
        return scenario;
    }

    /** A disk or a clock is looked at whenever it is changed. */
    private static boolean isSeen(List<FaultStep> steps) {
        return steps.stream().anyMatch(step -> Steps.sparesProcesses(step.action()));
    }

    private static Phase phase(Fields fields) {
        Duration full = fields.required("lasts", Texts::positive);
        Duration brief = fields.optional("short", Texts::positive).orElse(full);
        if (brief.compareTo(full) > 0) {
            throw fields.wrong("short", "short must not be longer than lasts");
        }
        return new Phase(full, brief);
    }

    private static Steady steady(Fields fields) {
        List<CallStream> streams =
                fields.mappings("calls", CALLS).stream().map(ScenarioReader::stream).toList();
        if (streams.isEmpty() || streams.size() > MOST_STREAMS) {
            throw fields.wrong(
                    "calls", "1 to %d streams of calls are needed".formatted(MOST_STREAMS));
        }
        if (streams.stream().map(CallStream::name).distinct().count() < streams.size()) {
            throw fields.wrong("calls", "two streams of calls have the same name");
        }
        return new Steady(
                phase(fields),
                fields.required("answered", Texts::share),
                fields.required("p99", Texts::positive),
                streams);
    }

    private static CallStream stream(Fields fields) {
        Optional<CallStream.Flood> flood = FloodReader.flood(fields);
        int rate = flood.isPresent() ? 0 : rate(fields);
        return new CallStream(
                fields.required("name", Texts::name),
                fields.required("task", text -> Texts.word(Guest.class, text)),
                fields.required("at", Texts::name),
                fields.required("runs", Texts::name),
                rate,
                fields.optional("method", ScenarioReader::method).orElse(CallStream.Method.GET),
                fields.optional("key", Texts::flag).orElse(false),
                fields.optional("as", AccountId::new),
                flood);
    }

    private static int rate(Fields fields) {
        int rate = fields.required("rate", text -> (int) Texts.count(text));
        if (rate < 1 || rate > MOST_RATE) {
            throw fields.wrong("rate", "rate is 1 to %d a second: %d".formatted(MOST_RATE, rate));
        }
        return rate;
    }

    private static CallStream.Method method(String text) {
        return switch (text) {
            case "GET" -> CallStream.Method.GET;
            case "POST" -> CallStream.Method.POST;
            default ->
                    throw new IllegalArgumentException(
                            "method is GET or POST: '%s'".formatted(text));
        };
    }

    private static Promise promise(Fields fields, Set<String> streams) {
        Fields recovers = fields.mapping("recovers", Set.of("from", "within"));
        List<Promise.Whereabouts> whereabouts =
                fields.mappings("runs", Set.of("calls", "at", "least")).stream()
                        .map(
                                one ->
                                        new Promise.Whereabouts(
                                                one.required("calls", text -> known(text, streams)),
                                                one.required("at", Texts::name),
                                                one.required("least", Texts::share)))
                        .toList();
        return new Promise(
                fields.required("failed-idempotent", Texts::allowance),
                fields.required("failed-others", Texts::allowance),
                fields.required("p99-during", Texts::positive),
                fields.required("p99-after", Texts::positive),
                new Promise.Recovery(
                        recovers.required("from", text -> Texts.word(Promise.From.class, text)),
                        recovers.required("within", Texts::positive)),
                whereabouts,
                FloodReader.flooded(fields, text -> known(text, streams)),
                FloodReader.beside(fields, text -> known(text, streams)));
    }

    private static String known(String stream, Set<String> streams) {
        if (!streams.contains(stream)) {
            throw new IllegalArgumentException("there are no calls '%s'".formatted(stream));
        }
        return stream;
    }

    private static void requireFewCalls(Fields root, Scenario scenario) {
        double seconds = scenario.schedule(false).endNs() / 1e9;
        long rate = scenario.steady().streams().stream().mapToLong(CallStream::rate).sum();
        if (rate > MOST_RATE || rate * seconds > MOST_CALLS) {
            throw root.wrong(
                    "steady",
                    "more than %d calls a second or %d in all".formatted(MOST_RATE, MOST_CALLS));
        }
    }

    /** A promise about a time that is not watched could not be seen broken, nor kept. */
    private static void requireTimeToRecover(Fields root, Scenario scenario, boolean isBrief) {
        Schedule schedule = scenario.schedule(isBrief);
        FaultStep from =
                switch (scenario.promise().recovery().from()) {
                    case FIRST -> scenario.fault().steps().getFirst();
                    case LAST -> scenario.fault().steps().getLast();
                };
        long within = scenario.promise().recovery().within().toNanos();
        if (schedule.dueNs(from) + within + Recoveries.WINDOW_NS > schedule.endNs()) {
            throw root.wrong(
                    "promise",
                    "recovers: the%s run ends less than a second after that time"
                            .formatted(isBrief ? " short" : ""));
        }
    }
}
