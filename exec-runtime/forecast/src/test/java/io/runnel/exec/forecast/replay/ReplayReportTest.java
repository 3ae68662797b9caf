package io.runnel.exec.forecast.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.exec.forecast.ForecastSettings;

import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import javax.xml.parsers.DocumentBuilderFactory;

class ReplayReportTest {
    private static final ForecastSettings SETTINGS = ForecastSettings.DEFAULT;

    private static ReplayReport report(Trace trace) {
        return ReplayReport.of(trace, ReplayReport.ALL_POLICIES, SETTINGS, 1);
    }

    /** What is promised of a periodic trace: docs/specification.md. */
    @Test
    void periodicTasksHardlyEverWaitAtHalfTheIdleMemory() {
        ReplayReport report = report(TraceGenerator.generate(20, 14, 7));
        ReplayResult fixed = report.results().get(0);
        ReplayResult forecast = report.results().get(2);
        assertTrue(forecast.learnedCalls() > fixed.calls() / 3, forecast.toString());
        assertTrue(
                forecast.learnedColdStarts() * 100 <= forecast.learnedCalls(), forecast.toString());
        assertTrue(
                forecast.idleByteSeconds() <= 0.5 * fixed.idleByteSeconds(), forecast.toString());
        assertTrue(forecast.coldStarts() < fixed.coldStarts() / 2, forecast.toString());
    }

    @Test
    void everyPeriodicTaskIsFoundAndNoOther() {
        ReplayReport report = report(TraceGenerator.generate(20, 10, 8));
        long found =
                report.periods().stream()
                        .filter(period -> !period.task().startsWith("random"))
                        .map(FoundPeriod::task)
                        .distinct()
                        .count();
        assertEquals(14, found);
        assertEquals(14, report.toMap().get("periodicTasks"));
    }

    @Test
    void theTextNamesPoliciesPeriodsAndWhatWasSorted() {
        Trace.Columns columns = new Trace.Columns();
        columns.add(5, 0, 10, 1 << 20, 100);
        for (int i = 0; i < 12; i++) {
            columns.add(i * 3_600_000L, 0, 10, 1 << 20, 100);
        }
        String text = report(Trace.of(List.of("job"), columns)).text();
        List<String> lines = text.lines().toList();
        assertEquals("note: sorted: 1 call did not come after the one above", lines.get(0));
        assertTrue(lines.get(1).equals("13 calls of 1 task in 11 h"), text);
        assertTrue(lines.get(5).startsWith("fixed:10m "), text);
        assertTrue(lines.get(6).startsWith("histogram "), text);
        assertTrue(lines.get(7).startsWith("forecast "), text);
        assertTrue(lines.getLast().startsWith("every 1 h, jitter"), text);
        assertTrue(lines.getLast().endsWith(": 1 task, as job (degree 1.00)"), text);
    }

    @Test
    void theMapHasEveryNumber() {
        Map<String, Object> map = report(TraceGenerator.generate(10, 2, 3)).toMap();
        assertEquals(10, map.get("tasks"));
        List<?> policies = (List<?>) map.get("policies");
        assertEquals(3, policies.size());
        Map<?, ?> fixed = (Map<?, ?>) policies.getFirst();
        assertEquals("fixed:10m", fixed.get("policy"));
        assertEquals(1.0, fixed.get("idleOfFixed"));
        for (String key :
                List.of(
                        "coldStarts",
                        "learnedCalls",
                        "learnedColdStarts",
                        "waitingSeconds",
                        "idleByteSeconds",
                        "mostHeldBytes",
                        "prepares",
                        "wastedPrepares")) {
            assertTrue(fixed.get(key) instanceof Number, key);
        }
    }

    @Test
    void onlyWhatWasAskedForIsCompared() {
        ReplayReport report =
                ReplayReport.of(
                        TraceGenerator.generate(10, 2, 3),
                        List.of(PoolPolicy.parse("histogram")),
                        SETTINGS,
                        1);
        assertEquals(1, report.results().size());
        assertFalse(report.text().contains("of fixed"), report.text());
    }

    @Test
    void aHundredThousandTasksAreReplayed() {
        Trace.Columns columns = new Trace.Columns();
        List<String> names = new ArrayList<>();
        for (int task = 0; task < 100_000; task++) {
            names.add("t" + task);
            columns.add(task, task, 1, 1 << 20, 10);
        }
        ReplayReport report = report(Trace.of(names, columns));
        assertEquals(100_000, report.results().getLast().coldStarts());
    }

    @Test
    void theDrawingIsWellFormedAndShowsEachPeriodOnce() throws Exception {
        Trace trace = TraceGenerator.generate(20, 10, 7);
        String svg = ReplayPlot.svg(trace, SETTINGS, 1);
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
        Document document =
                factory.newDocumentBuilder()
                        .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
        NodeList labels = document.getElementsByTagName("text");
        List<String> titles = new ArrayList<>();
        for (int i = 0; i < labels.getLength(); i++) {
            String label = labels.item(i).getTextContent();
            if (label.contains(": every") || label.endsWith(": no period")) {
                titles.add(label.replaceAll(".*: (every [\\d.]+|no)", "$1").replaceAll(" ±.*", ""));
            }
        }
        assertEquals(List.of("every 5 min", "every 1 h", "every 1 d", "no period"), titles);
        assertTrue(document.getElementsByTagName("circle").getLength() > 50, "calls");
        assertEquals(svg, ReplayPlot.svg(trace, SETTINGS, 1));
    }

    @Test
    void aNameCannotBreakOutOfTheDrawing() {
        Trace.Columns columns = new Trace.Columns();
        columns.add(1, 0, 1, 1, 1);
        Trace trace = Trace.of(List.of("<script>&"), columns);
        String svg = ReplayPlot.svg(trace, SETTINGS, 1);
        assertTrue(svg.contains("&lt;script&gt;&amp;: no period"), svg);
        assertFalse(svg.contains("<script"), svg);
    }

    @Test
    void whatCannotBeMadeUpIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> TraceGenerator.generate(0, 1, 1));
        assertThrows(IllegalArgumentException.class, () -> TraceGenerator.generate(1, 367, 1));
    }
}
