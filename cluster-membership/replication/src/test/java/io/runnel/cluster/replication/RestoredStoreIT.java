package io.runnel.cluster.replication;

import static io.runnel.cluster.replication.OriginLog.EAST;
import static io.runnel.cluster.replication.OriginLog.WEST;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.util.Optional;

/**
 * An origin's store is put back to an older copy of itself, and goes on otherwise: all that follow
 * take the new history, also who knows the origin only by way of another region.
 */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class RestoredStoreIT {
    private final OriginLog west = new OriginLog(WEST, "A");
    private final OriginLog east = new OriginLog(EAST, "B");
    private final OriginLog older = new OriginLog(WEST, "A");
    private FeedNet net;
    private TestRegion origin;
    private TestRegion relay;

    @BeforeEach
    void open() {
        net = new FeedNet();
        west.writeTasks(5);
        older.records.addAll(west.records);
        west.writeTask("lost", 1);
        west.writeTasks(4);
        origin = net.region(WEST, new FakeFeedLog(west));
        relay = net.region(EAST, new FakeFeedLog(east));
        Await.get(net.copy(relay, origin).caughtUp());
    }

    @AfterEach
    void close() {
        net.close();
    }

    private void restore() {
        origin.log.put(older);
        origin.link.drop();
    }

    private void awaitInSink(OriginLog log) {
        Await.until(
                "the restored history",
                () -> net.sink.positions().position(WEST).equals(Optional.of(log.head())),
                net.sink::toString);
    }

    private void awaitInRelay(OriginLog log) {
        Await.until(
                "the restored history at the relay",
                () -> relay.log.heads().position(WEST).equals(Optional.of(log.head())),
                relay.log::heads);
    }

    @Test
    void whoFollowsARelayFollows() {
        Await.get(net.follow(relay).caughtUp());
        restore();
        awaitInSink(older);
        origin.log.write(WEST, log -> log.writeTask("new", 1));
        awaitInSink(older);
        origin.log.write(WEST, log -> log.writeTasks(9));
        awaitInSink(older);
    }

    @Test
    void whoWasAwayLearnsItThoughTheRelayKnowsLess() {
        FeedFollower follower = net.follow(relay);
        Await.get(follower.caughtUp());
        relay.link.cut();
        restore();
        origin.log.write(WEST, log -> log.writeTask("new", 1));
        awaitInRelay(older);
        relay.link.mend();
        awaitInSink(older);
    }

    @Test
    void whoWasAwayLearnsItAtTheSameNumber() {
        awayWhileItGrowsTo(west.records.size());
    }

    @Test
    void whoWasAwayLearnsItThoughTheRelayKnowsMore() {
        awayWhileItGrowsTo(west.records.size() + 3);
    }

    private void awayWhileItGrowsTo(int records) {
        Await.get(net.follow(relay).caughtUp());
        relay.link.cut();
        restore();
        origin.log.write(WEST, log -> log.writeTasks(records - log.records.size()));
        awaitInRelay(older);
        relay.link.mend();
        awaitInSink(older);
        assertEquals(records, older.head().seq());
    }
}
