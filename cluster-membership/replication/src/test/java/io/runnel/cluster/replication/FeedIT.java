package io.runnel.cluster.replication;

import static io.runnel.cluster.replication.OriginLog.EAST;
import static io.runnel.cluster.replication.OriginLog.WEST;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.time.Duration;
import java.util.Arrays;
import java.util.Set;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class FeedIT {
    private final OriginLog west = new OriginLog(WEST, "A");
    private final OriginLog east = new OriginLog(EAST, "B");
    private FeedNet net;

    @BeforeEach
    void open() {
        net = new FeedNet();
    }

    @AfterEach
    void close() {
        net.close();
    }

    @Test
    void startsWithSnapshotsAndGoesOnLive() {
        west.writeTasks(20);
        west.writeTask("t3", 2);
        east.writeTasks(5);
        TestRegion region = net.region(WEST, new FakeFeedLog(west, east));
        FeedFollower follower = net.follow(region);
        Await.get(follower.caughtUp());
        assertTrue(follower.isCaughtUp());
        assertEquals(2, net.sink.replacedCount());
        assertEquals(0, net.sink.appliedCount());
        region.log.write(WEST, log -> log.writeTasks(3));
        region.log.write(EAST, log -> log.writeTasks(2));
        net.awaitCovered(west);
        net.awaitCovered(east);
        assertEquals(2, net.sink.replacedCount());
        assertEquals(5, net.sink.appliedCount());
    }

    @Test
    void aLogThatBeginsEmptyNeedsNoSnapshot() {
        TestRegion region = net.region(WEST, new FakeFeedLog(west));
        FeedFollower follower = net.follow(region);
        Await.get(follower.caughtUp());
        region.log.write(WEST, log -> log.writeTasks(3));
        net.awaitCovered(west);
        assertEquals(0, net.sink.replacedCount());
    }

    @Test
    void whatIsCommittedIsPushedAndNotReadFromTheStore() {
        west.writeTasks(1);
        TestRegion region = net.region(WEST, new FakeFeedLog(west));
        Await.get(net.follow(region).caughtUp());
        long[] tookNs = new long[100];
        for (int i = 0; i < tookNs.length; i++) {
            long startNs = System.nanoTime();
            region.log.write(WEST, log -> log.writeTasks(1));
            net.awaitCovered(west);
            tookNs[i] = System.nanoTime() - startNs;
        }
        Arrays.sort(tookNs);
        System.out.printf(
                "commit to sink: median %.2f ms, 90th percentile %.2f ms%n",
                tookNs[50] / 1e6, tookNs[90] / 1e6);
        assertEquals(0, region.log.reads(), "live records must not be read from the store");
    }

    @Test
    void resumesAfterACutWithoutASnapshot() {
        west.writeTasks(10);
        TestRegion region = net.region(WEST, new FakeFeedLog(west));
        FeedFollower follower = net.follow(region);
        Await.get(follower.caughtUp());
        region.link.cut();
        Await.until(
                "the loss",
                () -> follower.status().state() == FollowerStatus.State.SEEKING,
                follower::status);
        region.log.write(WEST, log -> log.writeTasks(1_000));
        region.link.mend();
        net.awaitCovered(west);
        assertEquals(1, net.sink.replacedCount());
        assertEquals(1_000, net.sink.appliedCount());
    }

    @Test
    void aStoreThatWasMadeAnewBringsASnapshot() {
        west.writeTasks(10);
        TestRegion region = net.region(WEST, new FakeFeedLog(west));
        Await.get(net.follow(region).caughtUp());
        OriginLog anew = new OriginLog(WEST, "ANEW");
        anew.writeTasks(3);
        region.log.put(anew);
        net.awaitCovered(anew);
        region.log.put(new OriginLog(WEST, "EMPTY"));
        Await.until(
                "an empty snapshot",
                () -> net.sink.positions().position(WEST).isEmpty(),
                net.sink::toString);
    }

    @Test
    void anotherHistoryOfTheSameLogBringsASnapshot() {
        west.writeTasks(10);
        OriginLog restored = west.fork();
        west.writeTasks(5);
        TestRegion region = net.region(WEST, new FakeFeedLog(west));
        Await.get(net.follow(region).caughtUp());
        restored.writeTasks(6);
        region.log.put(restored);
        region.link.drop();
        Await.until(
                "the other history",
                () ->
                        net.sink
                                .positions()
                                .position(WEST)
                                .equals(java.util.Optional.of(restored.head())),
                net.sink::toString);
    }

    @Test
    void anInterruptedSnapshotIsNeverHalfApplied() {
        west.writeTasks(2_000);
        TestRegion region = net.region(WEST, new FakeFeedLog(west));
        region.link.cutAfter(300_000);
        FeedFollower follower = net.follow(region);
        Await.until(
                "a cut within the snapshot",
                () -> follower.status().lastFailure().isPresent() && region.log.snapshots() > 0,
                follower::status);
        assertEquals(0, net.sink.replacedCount());
        assertEquals(0, net.sink.appliedCount());
        region.link.mend();
        net.awaitCovered(west);
        assertEquals(1, net.sink.replacedCount());
        assertEquals(2_000, net.sink.replaced.getFirst().records().size());
    }

    @Test
    void changesOverToTheNextSourceAndBackWithoutStartingAgain() {
        west.writeTasks(10);
        east.writeTasks(10);
        TestRegion first = net.region(WEST, new FakeFeedLog(west, east));
        TestRegion second = net.region(EAST, new FakeFeedLog(west.fork(), east));
        FeedFollower follower = net.follow(first, second);
        Await.get(follower.caughtUp());
        net.awaitSource(follower, first);
        long startNs = System.nanoTime();
        first.link.cut();
        second.log.write(EAST, log -> log.writeTasks(7));
        net.awaitCovered(east);
        System.out.printf("changed over in %.1f ms%n", (System.nanoTime() - startNs) / 1e6);
        net.awaitSource(follower, second);
        first.link.mend();
        net.awaitSource(follower, first);
        first.log.write(WEST, log -> log.writeTasks(3));
        net.awaitCovered(west);
        assertEquals(2, net.sink.replacedCount(), "one snapshot of each origin, at the start");
        assertEquals(10, net.sink.appliedCount());
        assertEquals(1, net.sink.mostUnderWay());
    }

    @Test
    void aSilentSourceIsDropped() {
        west.writeTasks(3);
        TestRegion first = net.region(WEST, new FakeFeedLog(west));
        TestRegion second = net.region(EAST, new FakeFeedLog(west.fork(), east));
        FeedFollower follower = net.follow(first, second);
        Await.get(follower.caughtUp());
        net.awaitSource(follower, first);
        first.link.hold();
        net.awaitSource(follower, second);
        assertTrue(follower.status().lastFailure().orElse("").contains("sent nothing"));
    }

    @Test
    void aRelayBringsNoOldLogBack() {
        west.writeTasks(5);
        OriginLog anew = new OriginLog(WEST, "ANEW");
        anew.writeTasks(2);
        TestRegion first = net.region(WEST, new FakeFeedLog(anew));
        TestRegion second = net.region(EAST, new FakeFeedLog(west, east));
        second.contacts.confirmed(WEST, Duration.ofMinutes(5));
        FeedFollower follower = net.follow(first, second);
        Await.get(follower.caughtUp());
        first.link.cut();
        net.awaitSource(follower, second);
        second.log.write(EAST, log -> log.writeTasks(2));
        second.log.write(WEST, log -> log.writeTasks(2));
        second.log.write(EAST, log -> log.writeTasks(2));
        net.awaitCovered(east);
        net.awaitCovered(anew);
        first.link.mend();
        net.awaitSource(follower, first);
        first.log.write(WEST, log -> log.writeTasks(2));
        net.awaitCovered(anew);
    }

    @Test
    void saysWhenEachOriginConfirmed() {
        west.writeTasks(1);
        east.writeTasks(1);
        TestRegion region = net.region(WEST, new FakeFeedLog(west, east));
        region.contacts.confirmed(EAST, Duration.ofSeconds(100));
        Await.get(net.follow(region).caughtUp());
        Duration direct = net.contacts.sinceContact(WEST).orElseThrow();
        Duration relayed = net.contacts.sinceContact(EAST).orElseThrow();
        assertTrue(direct.compareTo(Duration.ofSeconds(10)) < 0, "direct: " + direct);
        assertTrue(relayed.compareTo(Duration.ofSeconds(99)) > 0, "relayed: " + relayed);
        assertTrue(relayed.compareTo(Duration.ofSeconds(110)) < 0, "relayed: " + relayed);
    }

    @Test
    void aSinkThatFailsGetsTheSameAgain() {
        west.writeTasks(10);
        TestRegion region = net.region(WEST, new FakeFeedLog(west));
        net.sink.fail(3);
        net.follow(region);
        net.awaitCovered(west);
        net.sink.fail(2);
        region.log.write(WEST, log -> log.writeTasks(10));
        net.awaitCovered(west);
        assertEquals(1, net.sink.mostUnderWay());
    }

    @Test
    void aForgedRecordEndsTheFeedAndTheNextSourceIsFollowed() {
        west.writeTasks(3);
        TestRegion first = net.region(WEST, new FakeFeedLog(west));
        TestRegion second = net.region(EAST, new FakeFeedLog(west.fork(), east));
        FeedFollower follower = net.follow(first, second);
        Await.get(follower.caughtUp());
        OriginLog forger = west.fork();
        forger.forge(forger.writeTask("evil", 1));
        first.log.put(forger);
        net.awaitSource(follower, second);
        assertEquals(3, net.sink.positions().position(WEST).orElseThrow().seq());
        assertTrue(follower.status().lastFailure().orElse("").contains("hash"));
    }

    @Test
    void takesNothingOfAnOriginThatIsExcepted() {
        west.writeTasks(3);
        east.writeTasks(4);
        TestRegion region = net.region(WEST, new FakeFeedLog(west, east));
        Await.get(net.follow(net.sink, Set.of(EAST), region).caughtUp());
        region.log.write(EAST, log -> log.writeTasks(4));
        region.log.write(WEST, log -> log.writeTasks(4));
        net.awaitCovered(west);
        assertEquals(Set.of(WEST), net.sink.positions().of().keySet());
    }

    @Test
    void severalFollowersShareASink() {
        west.writeTasks(300);
        east.writeTasks(300);
        TestRegion first = net.region(WEST, new FakeFeedLog(west, east.fork()));
        TestRegion second = net.region(EAST, new FakeFeedLog(west.fork(), east));
        SerialSink shared = new SerialSink(net.sink);
        net.follow(shared, Set.of(), first);
        net.follow(shared, Set.of(), second);
        first.log.write(WEST, log -> log.writeTasks(300));
        second.log.write(EAST, log -> log.writeTasks(300));
        net.awaitCovered(west);
        net.awaitCovered(east);
        assertEquals(1, net.sink.mostUnderWay());
    }
}
