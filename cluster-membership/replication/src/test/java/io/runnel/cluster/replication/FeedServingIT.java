package io.runnel.cluster.replication;

import static io.runnel.cluster.replication.OriginLog.EAST;
import static io.runnel.cluster.replication.OriginLog.WEST;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.attestation.certificate.CertifiedKey;
import io.runnel.exec.task.NodeName;
import io.vertx.core.Future;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class FeedServingIT {
    private static final FeedHandler.Settings SELDOM =
            new FeedHandler.Settings(4, 2, Duration.ofHours(1), Duration.ofSeconds(10));

    private final OriginLog west = new OriginLog(WEST, "A");
    private FeedNet net;

    @BeforeEach
    void open() {
        net = new FeedNet();
    }

    @AfterEach
    void close() {
        net.close();
    }

    private HttpClientResponse ask(TestRegion region, String query) {
        return ask(net.client, region, query);
    }

    private static HttpClientResponse ask(InternalClient client, TestRegion region, String query) {
        return Await.get(
                client.request(
                                HttpMethod.GET,
                                region.peer(),
                                FeedHandler.PATH + query,
                                Duration.ZERO)
                        .compose(FeedServingIT::sendHeld)
                        .toCompletionStage());
    }

    /** Held before a byte is read: nested, on the request's own context. */
    private static Future<HttpClientResponse> sendHeld(HttpClientRequest request) {
        return request.send().onSuccess(HttpClientResponse::pause);
    }

    private static ConcurrentLinkedQueue<String> lines(HttpClientResponse response) {
        ConcurrentLinkedQueue<String> lines = new ConcurrentLinkedQueue<>();
        LineSplitter splitter = new LineSplitter(1_000_000);
        response.handler(
                piece ->
                        splitter.split(
                                piece,
                                line -> lines.add(new String(line, StandardCharsets.UTF_8))));
        response.resume();
        return lines;
    }

    @Test
    void saysHeadsThenSendsThenSaysThemAgain() {
        west.writeTasks(2);
        TestRegion region = net.region(WEST, new FakeFeedLog(west));
        ConcurrentLinkedQueue<String> lines = lines(ask(region, "?after=eu-west/A:1"));
        Await.until("three lines", () -> lines.size() >= 3, lines::toString);
        String heads =
                "{\"heads\":{\"eu-west\":2},\"logs\":{\"eu-west\":\"A\"},"
                        + "\"hashes\":{\"eu-west\":\"%s\"},\"confirmedMs\":{\"eu-west\":0},"
                                .formatted(west.head().hash().substring(0, 16));
        List<String> three = List.copyOf(lines);
        assertTrue(three.get(0).startsWith(heads), three.get(0));
        assertTrue(
                three.get(1).startsWith("{\"origin\":\"eu-west\",\"log\":\"A\",\"seq\":2,"),
                three.get(1));
        assertTrue(three.get(2).startsWith(heads), three.get(2));
    }

    /** It says heads of itself at the beginning and at the end only. */
    @Test
    void anAuthorityThatIsMetWhileAPageIsReadIsSaidBeforeThatPage() {
        west.writeTasks(2);
        CertifiedKey next = TestSigners.newAuthority(WEST);
        String certificate = TestSigners.certificate(next);
        FakeFeedLog log = new FakeFeedLog(west);
        CompletableFuture<Void> met = new CompletableFuture<>();
        log.holdReads(met);
        TestRegion region = new TestRegion(net.vertx, WEST, log, SELDOM);
        ConcurrentLinkedQueue<String> lines = lines(ask(region, "?after=eu-west/A:1"));
        Await.until("a page is read", () -> log.reads() == 1, lines::toString);
        assertEquals(1, region.authorities.learn(List.of(certificate)).size());
        log.write(
                WEST,
                own -> {
                    own.signedBy = next;
                    own.writeTask("late", 1);
                });
        met.complete(null);
        Await.until("four lines", () -> lines.size() >= 4, lines::toString);
        List<FeedLine> four =
                lines.stream()
                        .map(line -> FeedLines.read(line.getBytes(StandardCharsets.UTF_8)))
                        .toList();
        assertFalse(says(four.get(0), certificate), "it was not met yet");
        assertTrue(says(four.get(1), certificate), lines::toString);
        assertEquals(
                west.records.subList(1, 3).stream().map(FeedLine.Change::new).toList(),
                four.subList(2, 4));
    }

    private static boolean says(FeedLine line, String certificate) {
        return line instanceof FeedLine.Heads heads && heads.authorities().contains(certificate);
    }

    @Test
    void aSnapshotHasABeginAndAnEnd() {
        west.writeTask("a", 1);
        west.writeTask("b", 1);
        west.writeTask("a", 2);
        TestRegion region = net.region(WEST, new FakeFeedLog(west));
        ConcurrentLinkedQueue<String> lines = lines(ask(region, "?after=eu-west/OTHER:9"));
        Await.until(
                "the end",
                () -> lines.stream().anyMatch(line -> line.startsWith("{\"snapshot\":\"end\"")),
                lines::toString);
        List<String> all = lines.stream().filter(line -> !line.startsWith("{\"heads\"")).toList();
        String rest = "\"origin\":\"eu-west\",\"log\":\"A\",\"count\":2";
        assertEquals("{\"snapshot\":\"begin\"," + rest + ",\"confirmedMs\":0}", all.get(0));
        assertTrue(all.get(1).contains("\"seq\":2,"), all.get(1));
        assertTrue(all.get(2).contains("\"seq\":3,"), all.get(2));
        assertEquals("{\"snapshot\":\"end\"," + rest + "}", all.get(3));
    }

    @Test
    void whoMayNotGoOnIsCutOffAndWhoMayIsNot() {
        TestRegion region = net.region(WEST, new FakeFeedLog(west));
        ConcurrentLinkedQueue<String> ended = new ConcurrentLinkedQueue<>();
        for (String node : List.of("ams", "lhr")) {
            HttpClientResponse response = ask(region, "?after=&node=" + node);
            response.exceptionHandler(cut -> ended.add(node));
            lines(response);
        }
        Await.until("both", () -> region.feed.followers() == 2, () -> "only one");
        region.feed.review(node -> !node.equals(Optional.of(new NodeName("ams"))));
        Await.until("one is cut off", () -> ended.contains("ams"), ended::toString);
        assertEquals(1, region.feed.followers());
        region.feed.review(node -> true);
        assertEquals(List.of("ams"), List.copyOf(ended));
    }

    @Test
    void refusesWhatItDoesNotUnderstand() {
        TestRegion region = net.region(WEST, new FakeFeedLog(west));
        for (String query :
                List.of(
                        "?after=eu-west",
                        "?after=eu-west/A:-1",
                        "?after=EU/A:1",
                        "?after=eu-west/A:1,eu-west/A:1",
                        "?after=eu-west/A:1&after=us-east/B:1",
                        "?after=%ZZ",
                        "?except=EU",
                        "?node=A_B")) {
            assertEquals(400, ask(region, query).statusCode(), query);
        }
        assertEquals(0, region.feed.followers());
    }

    @Test
    void aFollowerTooManyIsTurnedAway() {
        TestRegion region = net.region(WEST, new FakeFeedLog(west));
        for (int i = 0; i < TestRegion.QUICK.mostFollowers(); i++) {
            assertEquals(200, ask(region, "").statusCode());
        }
        HttpClientResponse refused = ask(region, "");
        assertEquals(503, refused.statusCode());
        assertEquals("1", refused.getHeader("Retry-After"));
        region.link.drop();
        Await.until("room", () -> region.feed.followers() == 0, region.feed::followers);
        // By a new connection: that of the refusal is cut too, and its client may not know yet.
        try (InternalClient other = new InternalClient(net.vertx::createHttpClient)) {
            assertEquals(200, ask(other, region, "").statusCode());
        }
    }

    @Test
    void aNodeThatComesAnewEndsItsOldFeed() {
        TestRegion region = net.region(WEST, new FakeFeedLog(west));
        ask(region, "?node=ams");
        HttpClientResponse other = ask(region, "?node=lhr");
        HttpClientResponse again = ask(region, "?node=ams");
        assertEquals(200, other.statusCode());
        assertEquals(200, again.statusCode());
        Await.until("two", () -> region.feed.followers() == 2, region.feed::followers);
    }

    @Test
    void aFollowerThatStandsStillIsCutAndComesBack() {
        west.writeLarge(90, 100_000);
        TestRegion region = net.region(WEST, new FakeFeedLog(west));
        ask(region, "");
        Await.until("one", () -> region.feed.followers() == 1, region.feed::followers);
        Await.until("the cut", () -> region.feed.followers() == 0, region.feed::followers);
        FeedFollower follower = net.follow(region);
        Await.get(follower.caughtUp());
        net.sink.shut();
        region.log.write(WEST, log -> log.writeLarge(90, 100_000));
        Await.until("a delivery", () -> net.sink.underWay() == 1, follower::status);
        Await.until("the cut", () -> region.feed.followers() == 0, region.feed::followers);
        net.sink.open();
        net.awaitCovered(west);
        assertEquals(1, net.sink.mostUnderWay());
    }

    @Test
    void closingEndsAllFeedsAndRefusesNewOnes() {
        TestRegion region = net.region(WEST, new FakeFeedLog(west));
        FeedFollower follower = net.follow(region);
        Await.get(follower.caughtUp());
        region.feed.close();
        Await.until("none", () -> region.feed.followers() == 0, region.feed::followers);
        assertEquals(503, ask(region, "").statusCode());
    }

    @Test
    void tenThousandRecordsAreCaughtUpWith() {
        west.writeTasks(10_000);
        OriginLog east = new OriginLog(EAST, "B");
        east.writeTasks(1);
        TestRegion region = net.region(WEST, new FakeFeedLog(west, east));
        long startNs = System.nanoTime();
        FeedFollower follower = net.follow(region);
        Await.get(follower.caughtUp());
        long snapshotMs = (System.nanoTime() - startNs) / 1_000_000;
        region.link.cut();
        Await.until("the loss", () -> !follower.isCaughtUp(), follower::status);
        region.log.write(EAST, log -> log.writeTasks(10_000));
        region.link.mend();
        startNs = System.nanoTime();
        net.awaitCovered(east);
        long recordsMs = (System.nanoTime() - startNs) / 1_000_000;
        System.out.printf(
                "10,000 records: as a snapshot %d ms, record by record %d ms%n",
                snapshotMs, recordsMs);
        assertEquals(10_000, net.sink.appliedCount());
    }
}
