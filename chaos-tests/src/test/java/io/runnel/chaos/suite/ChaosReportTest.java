package io.runnel.chaos.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;

import java.io.StringReader;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;

/** The report, made of made-up runs. */
final class ChaosReportTest {
    private static final String HOSTILE = "<img src=x onerror=\"a('b')\"> & \u0001";

    @Test
    void theXmlCountsAndNamesWhatIsBroken() throws Exception {
        Document xml =
                parse(
                        JUnitXml.of(
                                Made.options(),
                                List.of(
                                        new Made().result(),
                                        new Made().fail(Made.SAFE, 3_000, 3_050).result(),
                                        failed("no network"))));
        Element suite = xml.getDocumentElement();
        assertEquals("3", suite.getAttribute("tests"));
        assertEquals("1", suite.getAttribute("failures"));
        assertEquals("1", suite.getAttribute("errors"));
        Element failure = (Element) suite.getElementsByTagName("failure").item(0);
        assertTrue(
                failure.getAttribute("message").startsWith("failed idempotent calls: 1 of 16"),
                failure.getAttribute("message"));
        Element error = (Element) suite.getElementsByTagName("error").item(0);
        assertEquals("no network", error.getAttribute("message"));
        Element property = (Element) suite.getElementsByTagName("property").item(0);
        assertEquals("42", property.getAttribute("value"));
    }

    @Test
    void whateverATextHoldsStaysAText() throws Exception {
        Document xml = parse(JUnitXml.of(Made.options(), List.of(failed(HOSTILE))));
        Element error = (Element) xml.getElementsByTagName("error").item(0);
        assertEquals(HOSTILE.replace('\u0001', '\uFFFD'), error.getAttribute("message"));
        String page = HtmlPage.of(Made.options(), List.of(failed(HOSTILE)));
        assertFalse(page.contains("<img"), page);
        assertTrue(page.contains("&lt;img src=x onerror=&quot;a(&#39;b&#39;)&quot;&gt; &amp;"));
    }

    @Test
    void thePageIsWholeInItself() {
        String page = HtmlPage.of(Made.options(), List.of(new Made().result()));
        Matcher address =
                Pattern.compile("(?:src|href|url|@import)\\s*[=(]\\s*\"?([^\"\\s)]*)")
                        .matcher(page);
        while (address.find()) {
            assertTrue(address.group(1).startsWith("#"), address.group());
        }
        assertFalse(page.contains("<script"), page);
        assertTrue(page.contains("default-src 'none'"));
        assertTrue(page.contains("prefers-color-scheme: dark"));
    }

    @Test
    void thePageSaysWhatWasPromisedAndSeen() {
        Made made = new Made().slow(Made.SAFE, 2_000, 2_800, 900).fail(Made.SAFE, 3_000, 3_050);
        String page = HtmlPage.of(Made.options(), List.of(made.result()));
        assertTrue(page.contains("Seed <code>42</code>"), page);
        assertTrue(page.contains("0 of 1 scenarios kept all promises"));
        assertTrue(page.contains("Steady again: <b>1.25 s</b>"), page);
        assertTrue(
                page.contains(
                        "<td>failed idempotent calls</td><td class=\"n\">at most 0</td>"
                                + "<td class=\"n\">1 of 160, 0 under way at a step</td>"
                                + "<td class=\"broken\">broken</td>"),
                page);
    }

    @Test
    void thePageSaysWhatFailedCallsWereTold() {
        Made made = new Made().fail(Made.BARE, 3_000, 3_200).fail(Made.SAFE, 3_000, 3_050);
        assertEquals(
                "{bare: 500 made-up=4, safe: 500 made-up=1}",
                Failures.said(made.calls()).toString());
        String page = HtmlPage.of(Made.options(), List.of(made.result()));
        assertTrue(page.contains("<td>bare: 500 made-up</td><td class=\"n\">4</td>"), page);
        String good = HtmlPage.of(Made.options(), List.of(new Made().result()));
        assertFalse(good.contains("failed calls were told"), good);
    }

    @Test
    void theDrawingIsRightXmlAndShowsBandsAndOutcomes() throws Exception {
        Made made = new Made().fail(Made.BARE, 3_000, 3_250);
        Result result = made.result();
        String svg = Timeline.svg(result.scenario(), (Result.Outcome.Ran) result.outcome());
        Element root = parse(svg).getDocumentElement();
        assertEquals("svg", root.getTagName());
        List<Element> rectangles = elements(root, "rect");
        List<Element> bands =
                rectangles.stream().filter(r -> r.getAttribute("class").equals("band")).toList();
        assertEquals(1, bands.size());
        // From 2 s to 6 s of 10 s, in 900 units that begin at 46.
        assertEquals(46 + 180, Double.parseDouble(bands.getFirst().getAttribute("x")), 0.1);
        assertEquals(360, Double.parseDouble(bands.getFirst().getAttribute("width")), 0.1);
        long answered =
                rectangles.stream().filter(r -> r.getAttribute("class").equals("answered")).count();
        long errors =
                rectangles.stream().filter(r -> r.getAttribute("class").equals("error")).count();
        // One for each quarter of a second, and one in the legend.
        assertEquals(41, answered);
        assertEquals(2, errors);
        Element text = elements(root, "text").getFirst();
        assertEquals("cut ams/eu-west/internal", text.getTextContent());
    }

    @Test
    void bandsEndWhereTheyAreMendedOrWithTheRun() {
        Action kill = new Action.OnNode(Action.Kind.KILL, "ams");
        Action freeze = new Action.OnNode(Action.Kind.FREEZE, "iad");
        List<Band> bands =
                Band.of(
                        List.of(
                                new StepDone(
                                        new Action.OnLink(Action.LinkKind.CUT, Made.LINK), 10, 11),
                                new StepDone(kill, 20, 21),
                                new StepDone(
                                        new Action.OnLink(Action.LinkKind.MEND, Made.LINK), 30, 31),
                                new StepDone(
                                        new Action.OnLink(Action.LinkKind.CUT, Made.LINK), 40, 41),
                                new StepDone(freeze, 50, 51),
                                new StepDone(
                                        new Action.OnLink(Action.LinkKind.MEND, Made.LINK), 60, 61),
                                new StepDone(kill, 70, 71),
                                new StepDone(new Action.OnNode(Action.Kind.AWAIT, "ams"), 72, 90)),
                        100);
        assertEquals(
                List.of("10-30", "20-90", "40-60", "50-100", "70-90"),
                bands.stream().map(b -> b.fromNs() + "-" + b.toNs()).toList());
        assertEquals(
                Set.of("ams", "iad", "ams/eu-west/internal"),
                Set.copyOf(bands.stream().map(Band::subject).distinct().toList()));
    }

    private static Result failed(String why) {
        return new Result(Made.scenario(), Duration.ofSeconds(1), new Result.Outcome.Failed(why));
    }

    private static List<Element> elements(Element root, String name) {
        var found = root.getElementsByTagName(name);
        return java.util.stream.IntStream.range(0, found.getLength())
                .mapToObj(i -> (Element) found.item(i))
                .toList();
    }

    private static Document parse(String text) throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
        return factory.newDocumentBuilder().parse(new InputSource(new StringReader(text)));
    }
}
