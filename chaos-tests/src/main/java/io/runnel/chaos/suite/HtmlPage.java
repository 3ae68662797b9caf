package io.runnel.chaos.suite;

import io.runnel.chaos.suite.Result.Outcome;
import io.runnel.chaos.suite.Schedule.Part;
import io.runnel.chaos.suite.Verdict.Finding;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The report for people: one page that needs nothing else. */
final class HtmlPage {
    private final StringBuilder out = new StringBuilder();

    private HtmlPage() {}

    /** The text of the page. */
    static String of(RunOptions options, List<Result> results) {
        HtmlPage page = new HtmlPage();
        page.out.append(Resources.text("report-head.html"));
        page.summary(options, results);
        results.forEach(page::section);
        return page.out.append("</main>\n</body>\n</html>\n").toString();
    }

    private void summary(RunOptions options, List<Result> results) {
        long kept = results.stream().filter(Result::isKept).count();
        add(
                "<h1>Chaos report</h1>%n<p>%d of %d scenarios kept all promises. Seed"
                        + " <code>%d</code>",
                kept, results.size(), options.seed());
        add(options.isBrief() ? "; short run" : "");
        if (options.slack() > 1) {
            add("; limits of time &times; %.1f, for a machine that is shared", options.slack());
        }
        add(
                ".</p>%n<table>%n<tr><th>scenario</th><th></th><th>steady"
                        + " again</th><th>calls</th><th>failed</th><th>p99 during</th><th>p99"
                        + " after</th></tr>%n");
        results.forEach(this::summaryRow);
        add("</table>%n");
    }

    private void summaryRow(Result result) {
        String name = Escape.text(result.scenario().name());
        add("<tr><td><a href=\"#%s\">%s</a></td>%s", name, name, mark(result.isKept()));
        switch (result.outcome()) {
            case Outcome.Failed failed ->
                    add("<td colspan=\"5\">not run: %s</td></tr>%n", Escape.text(failed.why()));
            case Outcome.Ran ran -> {
                Map<Part, Figures> parts = ran.verdict().parts();
                int failed = parts.values().stream().mapToInt(Figures::failed).sum();
                add(
                        "<td class=\"n\">%s</td><td class=\"n\">%d</td><td class=\"n\">%d</td>"
                                + "<td class=\"n\">%s</td><td class=\"n\">%s</td></tr>%n",
                        recovery(ran.verdict()),
                        ran.calls().size(),
                        failed,
                        Judge.millis(parts.get(Part.DURING).p99Ns()),
                        Judge.millis(parts.get(Part.AFTER).p99Ns()));
            }
        }
    }

    private void section(Result result) {
        Scenario scenario = result.scenario();
        add(
                "<section id=\"%s\">%n<h2>%s</h2>%n<p class=\"name\">%s, took %.1f s</p>%n",
                Escape.text(scenario.name()),
                Escape.text(scenario.title()),
                Escape.text(scenario.name()),
                result.took().toMillis() / 1e3);
        switch (result.outcome()) {
            case Outcome.Failed failed ->
                    add("<p class=\"broken\">Not run: %s</p>%n", Escape.text(failed.why()));
            case Outcome.Ran ran -> {
                add(
                        "<p>Steady again: <b>%s</b>, counted from the fault's %s step.</p>%n",
                        recovery(ran.verdict()),
                        scenario.promise().recovery().from().name().toLowerCase(Locale.ROOT));
                out.append(Timeline.svg(scenario, ran));
                findings(ran.verdict().findings());
                failures(ran.calls());
                figures(scenario, ran.verdict());
            }
        }
        add("</section>%n");
    }

    private void findings(List<Finding> findings) {
        add("<table>%n<tr><th>promise</th><th>limit</th><th>seen</th><th></th></tr>%n");
        for (Finding finding : findings) {
            add(
                    "<tr><td>%s</td><td class=\"n\">%s</td><td class=\"n\">%s</td>%s</tr>%n",
                    Escape.text(finding.promise()),
                    Escape.text(finding.limit()),
                    Escape.text(finding.measured()),
                    mark(finding.kept()));
        }
        add("</table>%n");
    }

    /** What the calls that failed were told, the most frequent first. */
    private void failures(List<Call> calls) {
        Map<String, Long> said = Failures.said(calls);
        if (said.isEmpty()) {
            return;
        }
        add("<table>%n<tr><th>failed calls were told</th><th>calls</th></tr>%n");
        said.forEach(
                (why, count) ->
                        add(
                                "<tr><td>%s</td><td class=\"n\">%d</td></tr>%n",
                                Escape.text(why), count));
        add("</table>%n");
    }

    private void figures(Scenario scenario, Verdict verdict) {
        add(
                "<details><summary>Figures</summary>%n<table>%n<tr><th></th><th>calls</th>"
                        + "<th>failed idempotent</th><th>failed others</th><th>p50</th><th>p99</th>"
                        + "<th>sent late, p99</th></tr>%n");
        verdict.parts()
                .forEach((part, figures) -> row(part.name().toLowerCase(Locale.ROOT), figures));
        for (CallStream stream : scenario.steady().streams()) {
            String what =
                    "%s, during and after: %s %s at %s, %s, runs at %s"
                            .formatted(
                                    stream.name(),
                                    stream.method() + (stream.keyed() ? " with key" : ""),
                                    stream.task().task(),
                                    stream.pop(),
                                    rate(stream),
                                    stream.runs());
            row(what, verdict.streams().get(stream.name()));
        }
        add("</table></details>%n");
    }

    private static String rate(CallStream stream) {
        String rate = stream.callsPerSecond() + "/s";
        String as = stream.account().map(account -> " as " + account).orElse("");
        return rate
                + stream.flood().map(f -> ", %d x capacity".formatted(f.times())).orElse("")
                + as;
    }

    private void row(String what, Figures figures) {
        add(
                "<tr><td>%s</td><td class=\"n\">%d</td><td class=\"n\">%d</td><td"
                        + " class=\"n\">%d</td><td class=\"n\">%s</td><td class=\"n\">%s</td><td"
                        + " class=\"n\">%s</td></tr>%n",
                Escape.text(what),
                figures.calls(),
                figures.failedIdempotent(),
                figures.failedOthers(),
                Judge.millis(figures.p50Ns()),
                Judge.millis(figures.p99Ns()),
                Judge.millis(figures.lagNs()));
    }

    private static String recovery(Verdict verdict) {
        return verdict.recovery()
                .map(time -> String.format(Locale.ROOT, "%.2f s", time.toMillis() / 1e3))
                .orElse("not until the end");
    }

    private static String mark(boolean kept) {
        return kept ? "<td class=\"kept\">kept</td>" : "<td class=\"broken\">broken</td>";
    }

    private void add(String format, Object... values) {
        out.append(String.format(Locale.ROOT, format, values));
    }
}
