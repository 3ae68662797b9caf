package io.runnel.chaos.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.exec.task.AccountId;

import org.junit.jupiter.api.Test;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** How scenarios are read, and what is refused. */
final class ScenarioReaderTest {
    private static final String GOOD =
            """
            title: A link is slow
            steady:
              lasts: 5s
              short: 2s
              answered: 99.9%
              p99: 250ms
              calls:
                - {name: popular, task: near, at: ams, runs: ams, rate: 30}
                - {name: keyed, task: far, at: ams, runs: eu-west, rate: 5, method: POST, key: true}
            fault:
              lasts: 8s
              short: 4s
              steps:
                - {at: 0s, add: {toxic: latency, link: ams/eu-west/internal, stream: upstream, latency: 400, jitter: 20}}
                - {at: 2s, kill: eu-west-1}
                - {at: 8s, remove: {toxic: latency, link: ams/eu-west/internal}}
            after: {lasts: 5s}
            promise:
              failed-idempotent: 0
              failed-others: 2%
              p99-during: 800ms
              p99-after: 250ms
              recovers: {from: last, within: 3s}
              runs:
                - {calls: keyed, at: us-east, least: 50%}
            bites:
              - {calls: keyed, slower: 400ms}
              - {link: ams/eu-west/internal, did: latency, times: 3}
            untouched: [popular]
            """;

    private static final String FLOODED =
            """
            title: A flood
            steady:
              lasts: 5s
              answered: 100%
              p99: 250ms
              calls:
                - {name: popular, task: wait, at: ams, runs: us-east, rate: 30}
                - {name: flood, task: wait, at: ams, runs: us-east, times: 4, as: other}
            fault:
              lasts: 8s
              steps:
                - {at: 2s, flood: flood}
                - {at: 8s, ebb: flood}
            after: {lasts: 5s}
            promise:
              failed-idempotent: 0
              failed-others: 0
              p99-during: 800ms
              p99-after: 250ms
              recovers: {from: last, within: 3s}
              floods:
                - {calls: flood, goodput: 90%, refused-within: 5ms, limited: 99%}
              beside:
                - {calls: popular, times: 2, more: 10ms}
            bites:
              - {calls: flood, failed: 100}
            """;

    @Test
    void readsAll() {
        Scenario scenario = read(GOOD);
        assertEquals("A link is slow", scenario.title());
        assertEquals(0.999, scenario.steady().answered(), 1e-9);
        CallStream keyed = scenario.steady().streams().get(1);
        assertEquals(
                new CallStream(
                        "keyed",
                        Guest.FAR,
                        "ams",
                        "eu-west",
                        5,
                        CallStream.Method.POST,
                        true,
                        Optional.empty(),
                        Optional.empty()),
                keyed);
        assertTrue(keyed.isIdempotent());
        assertEquals(
                new Action.Add(
                        LinkName.parse("ams/eu-west/internal"),
                        "latency",
                        false,
                        1,
                        Map.of("latency", 400L, "jitter", 20L)),
                scenario.fault().steps().getFirst().action());
        assertEquals(
                new Action.OnNode(Action.Kind.KILL, "eu-west-1"),
                scenario.fault().steps().get(1).action());
        assertEquals(new Allowance.Share(0.02), scenario.promise().others());
        assertEquals(Promise.From.LAST, scenario.promise().recovery().from());
        assertEquals(
                List.of(
                        new Bite.Slower("keyed", Duration.ofMillis(400)),
                        new Bite.Counted(LinkName.parse("ams/eu-west/internal"), "latency", 3)),
                scenario.bites());
        assertEquals(Set.of("popular"), scenario.untouched());
    }

    @Test
    void aShortRunShrinksTheStepsTimesWithTheFault() {
        Scenario scenario = read(GOOD);
        Schedule brief = scenario.schedule(true);
        assertEquals(Duration.ofSeconds(2), brief.before());
        FaultStep kill = scenario.fault().steps().get(1);
        assertEquals(Duration.ofSeconds(3).toNanos(), brief.dueNs(kill));
        assertEquals(Duration.ofSeconds(7).toNanos(), scenario.schedule(false).dueNs(kill));
    }

    @Test
    void aFaultLastsUntilItsLastStepIsDone() {
        Schedule planned = read(GOOD).schedule(false);
        assertEquals(planned, planned.until(Duration.ofSeconds(12).toNanos()));
        Schedule longer = planned.until(Duration.ofSeconds(15).toNanos());
        assertEquals(Duration.ofSeconds(15).toNanos(), longer.overNs());
        assertEquals(Duration.ofSeconds(20).toNanos(), longer.endNs());
    }

    @Test
    void mistakesAreToldWithFileAndLine() {
        refused("rate: 30", "rat: 30", "x.yaml:8: unknown: 'rat'; known are as, at, key");
        refused("rate: 30", "rate: 0", "x.yaml:8: rate is 1 to 2000");
        refused(
                "task: near",
                "task: nearer",
                "x.yaml:8: one of near, far, wait is expected: 'nearer'");
        refused("kill: eu-west-1", "kil: eu-west-1", "x.yaml:15: unknown: 'kil'");
        refused(
                "kill: eu-west-1",
                "kill: eu-west-1, cut: a/b/internal",
                "x.yaml:15: a step does one");
        refused("jitter: 20", "rate: 20", "x.yaml:14: latency has no 'rate'");
        refused("at: 2s", "at: 9s", "x.yaml:15: steps come in the order");
        refused(
                "toxic: latency, link: ams/eu-west/internal, s",
                "toxic: late, link: a/b/internal, s",
                "x.yaml:14: toxics are");
        refused("within: 3s", "within: 3", "x.yaml:23: a time is written as");
        refused("within: 3s", "within: 0s", "x.yaml:23: a time must not be 0");
        refused("within: 3s", "within: 5s", "x.yaml:19: recovers: the run ends less than a second");
        refused("after: {lasts: 5s}", "after: {lasts: 5s, short: 3s}", "recovers: the short run");
        refused(
                "untouched: [popular]",
                "untouched: [populr]",
                "x.yaml:29: there are no calls 'populr'");
        refused("calls: keyed", "calls: none", "x.yaml:25: there are no calls 'none'");
        refused("p99-after: 250ms\n", "\n", "x.yaml:19: 'p99-after' is missing");
        refused("answered: 99.9%", "answered: 101%", "x.yaml:5: a share is");
        refused("name: keyed", "name: popular", "x.yaml:8: two streams");
        refused("  short: 2s", "  short: 6s", "x.yaml:4: short must not be longer");
        refused("link: ams/eu-west/internal}", "link: ams}", "x.yaml:16: a link is written");
        refused("title: A link is slow", "title: A\ntitle: B", "x.yaml:2: given twice: 'title'");
    }

    @Test
    void aFaultWithoutASignOfItIsRefused() {
        refused("slower: 400ms", "slow: 400ms", "x.yaml:27: unknown: 'slow'");
        refused("slower: 400ms", "slower: 0s", "x.yaml:27: a time must not be 0");
        refused("slower: 400ms", "failed: 0", "x.yaml:27: nothing is no sign");
        refused("slower: 400ms", "times: 4", "x.yaml:27: calls have no 'times'");
        refused(", slower: 400ms", "", "x.yaml:27: calls show one sign: they have 0");
        refused("did: latency", "did: late", "x.yaml:28: toxics are");
        refused("did: latency, t", "t", "x.yaml:28: a link's sign has link, did and times");
        refused("- {calls: keyed, slower", "- {calls: none, slower", "there are no calls 'none'");
        refused(
                """
                bites:
                  - {calls: keyed, slower: 400ms}
                  - {link: ams/eu-west/internal, did: latency, times: 3}
                """,
                "",
                "x.yaml:1: 'bites' names at least one sign");
    }

    @Test
    void packetsAreLost() {
        String kill = "kill: eu-west-1";
        String lose = "lose: {link: ams/eu-west/internal, share: 12.5%}";
        Scenario scenario = read(GOOD.replace(kill, lose));
        LinkName link = LinkName.parse("ams/eu-west/internal");
        assertEquals(new Action.Lose(link, 0.125), scenario.fault().steps().get(1).action());
        assertTrue(scenario.losesPackets());
        assertFalse(read(GOOD).losesPackets());
        Scenario delivers = read(GOOD.replace(kill, "deliver: ams/eu-west/internal"));
        assertEquals(new Action.Deliver(link), delivers.fault().steps().get(1).action());
        refused(kill, lose.replace("12.5", "0"), "x.yaml:15: a share of packets is 0.1%");
        refused(kill, lose.replace("12.5", "101"), "x.yaml:15: a share is written as");
        refused(kill, lose.replace("link", "toxic"), "x.yaml:15: unknown: 'toxic'");
        refused(kill, "deliver: ams", "x.yaml:15: a link is written");
    }

    @Test
    void floodsAreRead() {
        Scenario scenario = read(FLOODED);
        CallStream flood = scenario.stream("flood");
        assertEquals(Optional.of(new CallStream.Flood(4, 0)), flood.flood());
        assertEquals(Optional.of(new AccountId("other")), flood.account());
        assertEquals(100, flood.withCapacity(25).callsPerSecond());
        assertEquals(
                List.of(new Promise.Flooded("flood", 0.9, Duration.ofMillis(5), 0.99)),
                scenario.promise().floods());
        assertEquals(
                List.of(new Promise.Beside("popular", 2, Duration.ofMillis(10))),
                scenario.promise().beside());
        Schedule schedule = scenario.schedule(false);
        assertEquals(
                new Span(7_000_000_000L, 13_000_000_000L),
                scenario.span(flood, schedule, schedule.endNs()));
        assertEquals(
                new Span(0, schedule.endNs()),
                scenario.span(scenario.stream("popular"), schedule, schedule.endNs()));
    }

    @Test
    void aFloodComesOnceAndGoes() {
        refusedFlood("times: 4", "times: 0", "times are 1 to 20");
        refusedFlood("times: 4", "times: 4, rate: 3", "calls have a rate, or come in times");
        refusedFlood("flood: flood", "flood: popular", "calls 'popular' need 0 step 'flood'");
        refusedFlood("ebb: flood", "await: ams", "calls 'flood' need 1 step 'flood', and 'ebb'");
        refusedFlood("ebb: flood", "ebb: none", "calls 'flood' need 1 step");
        refusedFlood("at: 8s", "at: 2s", "'ebb' comes after 'flood'");
        refusedFlood("{calls: flood, goodput", "{calls: popular, goodput", "'popular' are none");
        refusedFlood("as: other", "as: OTHER", "account name");
    }

    @Test
    void aDiskIsFilledAndFreedAndNeedsNoOtherSign() {
        String bites = GOOD.substring(GOOD.indexOf("bites:"), GOOD.indexOf("untouched:"));
        String step = "- {at: 2s, kill: eu-west-1}";
        String fill = "- {at: 2s, fill: eu-west-1}\n    - {at: 6s, free: eu-west-1}";
        Scenario scenario = read(GOOD.replace(step, fill).replace(bites, ""));
        assertEquals(
                List.of(
                        new Action.OnDisk(Action.DiskKind.FILL, "eu-west-1"),
                        new Action.OnDisk(Action.DiskKind.FREE, "eu-west-1")),
                scenario.fault().steps().subList(1, 3).stream().map(FaultStep::action).toList());
        assertEquals(Set.of("eu-west-1"), scenario.disks());
        assertEquals(List.of(), scenario.bites());
        assertTrue(scenario.needsNamespace());
        assertEquals(Set.of(), read(GOOD).disks());
        assertFalse(read(GOOD).needsNamespace());
        refused(step, "- {at: 2s, fill: eu-west-1}", "no step undoes: disk of eu-west-1");
        refused(step, "- {at: 2s, free: eu-west-1}", "'free the disk of eu-west-1' undoes nothing");
    }

    @Test
    void aClockIsSetAndSetRightAndNeedsNoOtherSign() {
        String bites = GOOD.substring(GOOD.indexOf("bites:"), GOOD.indexOf("untouched:"));
        String step = "- {at: 2s, kill: eu-west-1}";
        String clock = "- {at: 2s, clock: {node: ams, by: %s}}";
        String reset = "\n    - {at: 6s, reset: ams}";
        Scenario scenario =
                read(GOOD.replace(step, clock.formatted("-90m") + reset).replace(bites, ""));
        assertEquals(
                List.of(new Action.Jump("ams", Duration.ofMinutes(-90)), new Action.Reset("ams")),
                scenario.fault().steps().subList(1, 3).stream().map(FaultStep::action).toList());
        assertEquals(Set.of("ams"), scenario.clocks());
        assertTrue(scenario.setsClocks());
        assertFalse(scenario.needsNamespace());
        assertFalse(read(GOOD).setsClocks());
        refused(step, clock.formatted("1h"), "no step undoes: clock of ams");
        refused(step, "- {at: 2s, reset: ams}", "'clock of ams right' undoes nothing");
        for (String wrong : List.of("9s", "241h", "1d", "+1h", "0s")) {
            refused(step, clock.formatted(wrong) + reset, "a clock is ");
        }
    }

    @Test
    void whoIsRevokedIsReadmitted() {
        String bites = GOOD.substring(GOOD.indexOf("bites:"), GOOD.indexOf("untouched:"));
        String step = "- {at: 2s, kill: eu-west-1}";
        String revoke = "- {at: 2s, revoke: ams}";
        Scenario scenario =
                read(
                        GOOD.replace(step, revoke + "\n    - {at: 6s, readmit: ams}")
                                .replace(bites, ""));
        assertEquals(
                List.of(
                        new Action.OnCertificate(Action.CertificateKind.REVOKE, "ams"),
                        new Action.OnCertificate(Action.CertificateKind.READMIT, "ams")),
                scenario.fault().steps().subList(1, 3).stream().map(FaultStep::action).toList());
        assertEquals(Set.of("ams"), scenario.revoked());
        assertEquals(Set.of(), read(GOOD).revoked());
        refused(step, revoke, "no step undoes: certificate of ams");
        refused(step, "- {at: 2s, readmit: ams}", "'readmit ams' undoes nothing");
    }

    @Test
    void hostileYamlIsRefused() {
        refused("rate: 30", "rate: &a 30", "x.yaml:8: anchors are not allowed");
        refused("title: A link is slow", "title: [", "not YAML");
        refused("after: {lasts: 5s}", "after: " + "[".repeat(50), "not YAML");
        assertRefused(" ".repeat(70_000) + GOOD, "longer than 65536");
        assertRefused("", "x.yaml:1: the file is empty");
        assertRefused("[]", "x.yaml:1: a mapping with");
        refused(
                "rate: 30",
                "rate: 1900",
                "more than 2000 calls a second or 200000",
                "rate: 5,",
                "rate: 200,");
        refused("lasts: 8s", "lasts: 10m", "x.yaml:3: more than", "rate: 30", "rate: 1000");
    }

    @Test
    void thoseThatComeWithTheProgramAreAllListedAndRight() throws Exception {
        Path folder = Path.of("src/main/resources/io/runnel/chaos/suite/scenarios");
        Set<String> files;
        try (Stream<Path> list = Files.list(folder)) {
            files =
                    list.map(file -> file.getFileName().toString())
                            .filter(file -> file.endsWith(".yaml"))
                            .map(file -> file.replace(".yaml", ""))
                            .collect(Collectors.toSet());
        }
        List<String> names = Scenarios.names();
        assertEquals(files, Set.copyOf(names));
        assertEquals(names.stream().sorted().toList(), names);
        names.forEach(name -> assertEquals(name, Scenarios.named(name).name()));
    }

    private static void refusedFlood(String good, String bad, String message) {
        assertTrue(FLOODED.contains(good), good);
        assertRefused(FLOODED.replace(good, bad), message);
    }

    private static Scenario read(String text) {
        return ScenarioReader.read("x", "x.yaml", text);
    }

    private static void refused(String good, String bad, String message, String... more) {
        assertTrue(GOOD.contains(good), good);
        String text = GOOD.replace(good, bad);
        for (int i = 0; i < more.length; i += 2) {
            text = text.replace(more[i], more[i + 1]);
        }
        assertRefused(text, message);
    }

    private static void assertRefused(String text, String message) {
        ScenarioException refused = assertThrows(ScenarioException.class, () -> read(text));
        assertTrue(refused.getMessage().contains(message), refused.getMessage());
    }
}
