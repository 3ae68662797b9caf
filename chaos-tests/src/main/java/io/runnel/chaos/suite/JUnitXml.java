package io.runnel.chaos.suite;

import io.runnel.chaos.suite.Result.Outcome;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The report in the form that build servers read: a scenario is a test case. */
final class JUnitXml {
    private JUnitXml() {}

    /** The text of the file. */
    static String of(RunOptions options, List<Result> results) {
        StringBuilder out = new StringBuilder();
        long failures =
                results.stream().filter(r -> r.verdict().isPresent() && !r.isKept()).count();
        long errors = results.stream().filter(r -> r.verdict().isEmpty()).count();
        Duration took = results.stream().map(Result::took).reduce(Duration.ZERO, Duration::plus);
        out.append("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        out.append(
                "<testsuite name=\"runnel.chaos\" tests=\"%d\" failures=\"%d\" errors=\"%d\" skipped=\"0\" time=\"%s\">%n"
                        .formatted(results.size(), failures, errors, seconds(took)));
        out.append(
                "  <properties><property name=\"seed\" value=\"%d\"/></properties>%n"
                        .formatted(options.seed()));
        results.forEach(result -> testCase(out, result));
        return out.append("</testsuite>\n").toString();
    }

    private static void testCase(StringBuilder out, Result result) {
        out.append(
                "  <testcase classname=\"runnel.chaos\" name=\"%s\" time=\"%s\">%n"
                        .formatted(Escape.text(result.scenario().name()), seconds(result.took())));
        switch (result.outcome()) {
            case Outcome.Failed failed ->
                    out.append(
                            "    <error message=\"%s\"/>%n".formatted(Escape.text(failed.why())));
            case Outcome.Ran ran -> findings(out, ran.verdict());
        }
        out.append("  </testcase>\n");
    }

    private static void findings(StringBuilder out, Verdict verdict) {
        String broken =
                verdict.findings().stream()
                        .filter(finding -> !finding.kept())
                        .map(Verdict.Finding::toString)
                        .collect(Collectors.joining("; "));
        if (!broken.isEmpty()) {
            out.append("    <failure message=\"%s\"/>%n".formatted(Escape.text(broken)));
        }
        String all =
                verdict.findings().stream()
                        .map(finding -> (finding.kept() ? "kept    " : "BROKEN  ") + finding)
                        .collect(Collectors.joining("\n"));
        out.append("    <system-out>%s</system-out>%n".formatted(Escape.text(all)));
    }

    private static String seconds(Duration duration) {
        return String.format(Locale.ROOT, "%.3f", duration.toMillis() / 1e3);
    }
}
