package io.runnel.topology;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.exec.task.DeviceName;
import io.runnel.exec.task.NodeName;
import io.runnel.exec.task.RegionId;
import io.runnel.topology.TopologyChange.Difference;
import io.runnel.topology.TopologyChange.Holdings;
import io.runnel.topology.TopologyChange.Kind;
import io.runnel.topology.TopologyChange.Needs;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Set;

final class TopologyChangeTest {
    private static final RegionId US = new RegionId("us-east");
    private static final Holdings NOTHING = new Holdings(Map.of(), Map.of());
    private static final String PARIS =
            """
              - name: cdg
                location: {lat: 49.0, lon: 2.5}
                listen: 127.0.0.1:0
                admin: 127.0.0.1:0
                region: eu-west
                failover: [us-east]
                slots: 4
                memory: 1GiB
                restrictions: {maxMemory: 256MiB, maxDuration: 30s, runtimes: [wasm]}
            links:
            """;

    private int next = 30_000;

    private static String text() {
        try {
            return Files.readString(Samples.EXAMPLES.resolve("two-regions.yaml"));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private TopologyChange change(String wanted) {
        return TopologyChange.between(
                TopologyReader.parse(text()), TopologyReader.parse(wanted), host -> next++);
    }

    private static String without(String text, String from, String to) {
        int start = text.indexOf(from);
        int end = to.isEmpty() ? text.length() : text.indexOf(to, start);
        assertTrue(start >= 0 && end > start, from);
        return text.substring(0, start) + text.substring(end);
    }

    private static List<NodeName> nodes(String... names) {
        return List.of(names).stream().map(NodeName::new).toList();
    }

    @Test
    void theSameIsNoChange() {
        assertTrue(change(text()).isEmpty());
        assertEquals(List.of(), change(text()).refusals(NOTHING));
    }

    @Test
    void portsThatAreLeftOpenStayAsTheyAre() {
        String open = text().replaceAll("127\\.0\\.0\\.1:\\d+", "127.0.0.1:0");
        TopologyChange change = change(open);
        assertTrue(change.isEmpty(), change.differences()::toString);
        assertEquals(change.before(), change.after());
        assertEquals(30_000, next);
    }

    @Test
    void supervisorsListenFromTheirStart() {
        String listening = "chaos: allowed\nsupervisors: [127.0.0.1:0]\nregions:";
        TopologyChange change = change(text().replace("regions:", listening));
        assertEquals(
                List.of("supervisors must stay [] while the network runs: [127.0.0.1:30000]"),
                change.refusals(NOTHING));
    }

    @Test
    void aNewPopIsStartedAndRegionsLearnOfIt() {
        TopologyChange change =
                change(text().replace("links:   ", PARIS.replace("links:\n", "links:   ")));
        assertEquals(List.of(new Difference(Kind.ADDED, "POP cdg", "")), change.differences());
        assertEquals(nodes("cdg"), change.starts());
        assertEquals(nodes(), change.stops());
        // Publications wait for it; the other POPs have nothing to do with it.
        assertEquals(Set.copyOf(nodes("eu-west-1", "us-east-1")), change.restarts().keySet());
        assertEquals("nodes of the network", change.restarts().get(new NodeName("eu-west-1")));
        assertEquals(List.of(), change.refusals(NOTHING));
        assertEquals(30_002, next);
    }

    @Test
    void whatIsOnlyAPopsOwnRestartsOnlyIt() {
        TopologyChange change = change(text().replaceFirst("slots: 4 ", "slots: 6 "));
        assertEquals(
                List.of(new Difference(Kind.CHANGED, "POP ams", "slots")), change.differences());
        assertEquals(Map.of(new NodeName("ams"), "itself"), change.restarts());
    }

    @Test
    void aLinkThatDiffersRestartsTheNodeItBegins() {
        TopologyChange change = change(text().replace("rtt: 12ms", "rtt: 13ms"));
        assertEquals(
                List.of(new Difference(Kind.CHANGED, "link ams to eu-west", "rtt")),
                change.differences());
        assertEquals(Map.of(new NodeName("ams"), "ways to regions"), change.restarts());
    }

    @Test
    void aPolicyIsReadByRegions() {
        String policy = "policies:\n  - {action: join, require: [{fact: java, in: [x]}]}\n";
        TopologyChange change = change(policy + text());
        assertEquals(List.of(new Difference(Kind.ADDED, "policy join", "")), change.differences());
        assertEquals(
                Map.of(
                        new NodeName("eu-west-1"),
                        "policies",
                        new NodeName("us-east-1"),
                        "policies"),
                change.restarts());
    }

    @Test
    void whatIsAskedOfWhoGetsCallsIsReadByPopsToo() {
        String policy =
                """
                policies:
                  - {action: receive-traffic, require: [{fact: java, in: [x]}]}
                  - {action: fetch-code, account: acme, require: []}
                """;
        TopologyChange change = change(policy + text());
        assertEquals(
                List.of(
                        new Difference(Kind.ADDED, "policy receive-traffic", ""),
                        new Difference(Kind.ADDED, "policy fetch-code of acme", "")),
                change.differences());
        assertEquals(nodes("eu-west-1", "us-east-1", "ams", "lhr", "iad"), nodes(change));
        assertEquals(Set.of("policies"), Set.copyOf(change.restarts().values()));
    }

    @Test
    void aHostOfAnApiIsReadByAllNodes() {
        TopologyChange change =
                change("hosts:\n  - {name: shop.example.com, api: demo/shop}\n" + text());
        assertEquals(
                List.of(new Difference(Kind.ADDED, "host shop.example.com", "")),
                change.differences());
        assertEquals(nodes("eu-west-1", "us-east-1", "ams", "lhr", "iad"), nodes(change));
        assertEquals(Set.of("hosts of APIs"), Set.copyOf(change.restarts().values()));
        TopologyChange other =
                TopologyChange.between(
                        change.after(),
                        TopologyReader.parse(
                                "hosts:\n  - {name: shop.example.com, api: demo/other}\n" + text()),
                        host -> next++);
        assertEquals(
                List.of(new Difference(Kind.CHANGED, "host shop.example.com", "api")),
                other.differences());
        assertEquals(nodes("eu-west-1", "us-east-1", "ams", "lhr", "iad"), nodes(other));
    }

    private static List<NodeName> nodes(TopologyChange change) {
        return List.copyOf(change.restarts().keySet());
    }

    @Test
    void aPopThatAnotherRegionTakesOverFromIsCertifiedThere() {
        String without = text().replaceFirst("failover: \\[us-east\\]", "failover: []");
        assertEquals(
                "nodes of the network", change(without).restarts().get(new NodeName("us-east-1")));
    }

    @Test
    void aPopThatGoesIsStopped() {
        String wanted = without(text(), "  - name: lhr", "  - name: iad");
        wanted = wanted.replaceAll("  - \\{from: lhr.*\\n", "");
        TopologyChange change = change(wanted);
        assertEquals(nodes("lhr"), change.stops());
        assertEquals(
                List.of("POP lhr", "link lhr to eu-west", "link lhr to us-east"),
                change.differences().stream().map(Difference::what).toList());
        assertEquals(List.of(), change.refusals(NOTHING));
    }

    private static String withoutUsEast() {
        String wanted = without(text(), "  - name: us-east", "pops:");
        wanted = without(wanted, "  - name: iad", "links:");
        wanted = wanted.replaceAll("  - \\{from: .*(us-east|iad).*\\n", "");
        return wanted.replaceAll("    failover: .*\\n", "");
    }

    @Test
    void aRegionThatHoldsNothingMayGo() {
        TopologyChange change = change(withoutUsEast());
        assertEquals(nodes("iad", "us-east-1"), change.stops());
        assertEquals(Set.copyOf(nodes("eu-west-1", "ams", "lhr")), change.restarts().keySet());
        assertEquals(
                List.of(),
                change.refusals(
                        new Holdings(
                                Map.of(new RegionId("eu-west"), 3),
                                Map.of(
                                        "demo/both",
                                        new Needs(
                                                List.of(US, new RegionId("eu-west")),
                                                List.of())))));
    }

    @Test
    void aRegionThatHoldsSomethingStays() {
        Holdings holdings =
                new Holdings(Map.of(US, 2), Map.of("demo/far", new Needs(List.of(US), List.of())));
        assertEquals(
                List.of(
                        "region us-east must stay: it is the home of 2 accounts",
                        "task demo/far could run nowhere: it is bound to us-east"),
                change(withoutUsEast()).refusals(holdings));
    }

    private static String with(String text, String devices) {
        return text.replaceFirst("    nodes:", "    devices: {%s}\n    nodes:".formatted(devices));
    }

    @Test
    void whatARegionHasIsReadByAllAndWhatItIsCalledThereByItsNodes() {
        String text = text();
        TopologyChange change = change(with(text, "sensor: /dev/ttyS0"));
        assertEquals(
                List.of(new Difference(Kind.CHANGED, "region eu-west", "devices")),
                change.differences());
        assertEquals(Set.copyOf(change.after().nodes()), change.restarts().keySet());
        assertEquals("devices of regions", change.restarts().get(new NodeName("iad")));
        TopologyChange renamed =
                TopologyChange.between(
                        TopologyReader.parse(with(text, "sensor: /dev/ttyS0")),
                        TopologyReader.parse(with(text, "sensor: /dev/ttyS1")),
                        host -> next++);
        assertEquals(Map.of(new NodeName("eu-west-1"), "its region"), renamed.restarts());
    }

    @Test
    void certificatesOfAPopAreItsOwn() {
        TopologyChange change =
                change(
                        text().replaceFirst(
                                        "    region: eu-west",
                                        "    tls: [{certificate: /a, key: /b}]\n"
                                                + "    region: eu-west"));
        assertEquals(1, change.differences().size());
        assertEquals("tls", change.differences().getFirst().how());
        assertEquals(1, change.restarts().size());
    }

    @Test
    void devicesOfAPopAreItsOwn() {
        TopologyChange change =
                change(
                        text().replaceFirst(
                                        "    region: eu-west",
                                        "    devices: {sensor: /dev/ttyS0}\n    region: eu-west"));
        assertEquals(1, change.differences().size());
        assertEquals("devices", change.differences().getFirst().how());
        assertEquals(1, change.restarts().size());
    }

    @Test
    void devicesThatTasksUseStay() {
        String both = with(text(), "sensor: /dev/ttyS0, camera: /dev/video0");
        TopologyChange change =
                TopologyChange.between(
                        TopologyReader.parse(both), TopologyReader.parse(text()), host -> next++);
        List<DeviceName> sensor = List.of(new DeviceName("sensor"));
        RegionId west = new RegionId("eu-west");
        Holdings holdings =
                new Holdings(
                        Map.of(),
                        Map.of(
                                "demo/a", new Needs(List.of(), sensor),
                                "demo/b", new Needs(List.of(west), sensor),
                                "demo/c", new Needs(List.of(west), List.of())));
        assertEquals(
                List.of(
                        "task demo/a could run nowhere: it uses sensor",
                        "task demo/b could run nowhere: it is bound to eu-west and uses sensor"),
                change.refusals(holdings));
        TopologyChange fewer =
                TopologyChange.between(
                        TopologyReader.parse(both),
                        TopologyReader.parse(with(text(), "sensor: /dev/ttyS1")),
                        host -> next++);
        assertEquals(List.of(), fewer.refusals(holdings));
    }

    @Test
    void everyContradictionIsNamed() {
        String wanted =
                text().replace("network: demo", "network: other")
                        .replace("    registry: true  ", "    registry: false ")
                        .replace("us-east                      #", "us-east\n    registry: true #")
                        .replace("name: us-east-1", "name: us-east-2")
                        .replace("internal: 127.0.0.1:9181", "internal: 127.0.0.1:9191")
                        .replace("admin: 127.0.0.1:8181", "admin: 127.0.0.1:8191");
        assertEquals(
                List.of(
                        "network must stay 'demo': 'other' is another network",
                        "registry must stay region eu-west, which alone knows all account names:"
                                + " us-east",
                        "internal of eu-west-1 must stay 127.0.0.1:9181 while the network runs:"
                                + " 127.0.0.1:9191",
                        "admin of ams must stay 127.0.0.1:8181 while the network runs:"
                                + " 127.0.0.1:8191",
                        "region us-east must keep a node: us-east-1 has its records"),
                change(wanted).refusals(NOTHING));
    }

    @Test
    void aNameStaysWhatItIs() {
        String wanted =
                text().replace("name: lhr", "name: rhl")
                        .replace("from: lhr", "from: rhl")
                        .replace("name: us-east-1", "name: lhr");
        assertEquals(
                List.of(
                        "lhr must stay a POP: give the other a name of its own",
                        "region us-east must keep a node: us-east-1 has its records"),
                change(wanted).refusals(NOTHING));
    }
}
