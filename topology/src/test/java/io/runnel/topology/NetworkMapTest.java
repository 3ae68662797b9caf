package io.runnel.topology;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.runnel.exec.task.NodeName;
import io.runnel.topology.MapFrame.Dot;

import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import javax.xml.parsers.DocumentBuilderFactory;

/** The picture of a network, read as what it is: XML. */
class NetworkMapTest {
    private static final Topology DEMO =
            TopologyReader.read(Samples.EXAMPLES.resolve("two-regions.yaml"));

    private static Document drawn(Topology topology, Map<NodeName, NetworkMap.NodeSaid> said)
            throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(
                        new ByteArrayInputStream(
                                new NetworkMap(topology, said).svg().getBytes(UTF_8)));
    }

    private static List<Element> all(Document map, String tag, String kind) {
        List<Element> found = new ArrayList<>();
        NodeList tags = map.getElementsByTagName(tag);
        for (int i = 0; i < tags.getLength(); i++) {
            Element one = (Element) tags.item(i);
            if (List.of(one.getAttribute("class").split(" ")).contains(kind)) {
                found.add(one);
            }
        }
        return found;
    }

    private static List<String> texts(Document map, String kind) {
        return all(map, "text", kind).stream().map(Element::getTextContent).toList();
    }

    @Test
    void everyPlaceAndWayIsDrawn() throws Exception {
        Document map = drawn(DEMO, Map.of());
        assertEquals(List.of("eu-west", "us-east", "ams", "lhr", "iad"), texts(map, "name"));
        assertEquals(3, all(map, "circle", "node").size());
        assertEquals(2, all(map, "rect", "node").size());
        assertEquals(3, all(map, "line", "way").size());
        assertEquals(4, all(map, "line", "other").size(), "failovers, and between the regions");
        assertTrue(texts(map, "rtt").contains("12 ms"), texts(map, "rtt")::toString);
        assertEquals(5, all(map, "circle", "unknown").size() + all(map, "rect", "unknown").size());
    }

    @Test
    void aRunningNetworkShowsStateAndLoad() throws Exception {
        Document map =
                drawn(
                        DEMO,
                        Map.of(
                                new NodeName("ams"), new NetworkMap.NodeSaid("ready", 75),
                                new NodeName("lhr"), new NetworkMap.NodeSaid("drained", 0),
                                new NodeName("us-east-1"), new NetworkMap.NodeSaid("dead", 0)));
        assertEquals(1, all(map, "circle", "ready").size());
        assertEquals(1, all(map, "circle", "drained").size());
        assertEquals(1, all(map, "rect", "down").size());
        assertEquals(
                "75 100", all(map, "circle", "load").getFirst().getAttribute("stroke-dasharray"));
        assertTrue(texts(map, "note").contains("POP: ready, 75 %"), texts(map, "note")::toString);
    }

    /** West is left and north is up, and nothing lies on anything else. */
    @Test
    void placesStandAsOnTheEarthAndApart() {
        MapFrame frame = MapFrame.around(DEMO.pops().stream().map(Pop::location).toList());
        Location same = new Location(50, 10);
        List<Dot> dots =
                frame.spread(List.of(same, same, new Location(52, 4), new Location(38, -77)), 70);
        for (int i = 0; i < dots.size(); i++) {
            for (int j = i + 1; j < dots.size(); j++) {
                double apart =
                        Math.hypot(
                                dots.get(i).x() - dots.get(j).x(),
                                dots.get(i).y() - dots.get(j).y());
                assertTrue(apart >= 69, dots::toString);
            }
        }
        assertTrue(dots.get(3).x() < dots.get(2).x(), dots::toString);
        assertTrue(dots.get(3).y() > dots.get(2).y(), dots::toString);
    }

    @Test
    void aNameIsNoMarkup() throws Exception {
        Topology named = new Topology("a<b>&", DEMO.regions(), DEMO.pops(), DEMO.links());
        assertFalse(new NetworkMap(named, Map.of()).svg().contains("a<b"));
        assertTrue(drawn(named, Map.of()).getDocumentElement().getTextContent().contains("a<b>&"));
    }

    @Test
    void outlinesAreClosedFiguresOnTheEarth() {
        assertTrue(Coasts.outlines().size() > 10);
        assertTrue(Coasts.outlines().stream().allMatch(outline -> outline.size() >= 3));
    }
}
