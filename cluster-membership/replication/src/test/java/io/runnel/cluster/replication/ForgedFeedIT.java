package io.runnel.cluster.replication;

import static io.runnel.cluster.replication.OriginLog.EAST;
import static io.runnel.cluster.replication.OriginLog.WEST;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.attestation.certificate.CertifiedKey;
import io.runnel.routing.catalog.FeedRecord;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Optional;

/** What a region between makes up, or keeps back, of what another one wrote. */
final class ForgedFeedIT {
    private final FeedNet net = new FeedNet();
    private final OriginLog west = new OriginLog(WEST, "A");

    @AfterEach
    void close() {
        net.close();
    }

    /** The region between is asked first, the origin next. */
    private FeedFollower followBoth(OriginLog madeUp) {
        TestRegion between = net.region(EAST, new FakeFeedLog(madeUp));
        TestRegion origin = net.region(WEST, new FakeFeedLog(west));
        return net.follow(between, origin);
    }

    private void awaitRefused(FeedFollower follower) {
        Await.until("a refusal", () -> follower.status().refused() > 0, () -> follower.status());
    }

    private boolean taken(FeedRecord record) {
        return net.sink.applied.contains(record)
                || net.sink.replaced.stream().anyMatch(s -> s.records().contains(record));
    }

    /** With a right chain, and signed with the key that it has. */
    @Test
    void whatARegionBetweenInventsIsNotTaken() {
        west.writeTasks(3);
        OriginLog madeUp = west.fork();
        madeUp.signedBy = TestSigners.authority(EAST);
        FeedRecord invented = madeUp.writeTask("evil", 1);
        FeedFollower follower = followBoth(madeUp);
        awaitRefused(follower);
        net.awaitCovered(west);
        assertFalse(taken(invented));
    }

    @Test
    void whatIsInventedAfterwardsIsNotTakenEither() {
        west.writeTasks(3);
        OriginLog madeUp = west.fork();
        TestRegion between = net.region(EAST, new FakeFeedLog(madeUp));
        TestRegion origin = net.region(WEST, new FakeFeedLog(west));
        FeedFollower follower = net.follow(between, origin);
        net.awaitCovered(west);
        FeedRecord unsigned =
                between.log
                        .write(
                                WEST,
                                log -> {
                                    FeedRecord signed = log.writeTask("evil", 1);
                                    log.replace(signed, FeedSealing.unsigned(signed));
                                })
                        .getFirst();
        awaitRefused(follower);
        FeedRecord good = origin.log.write(WEST, log -> log.writeTask("good", 1)).getFirst();
        net.awaitCovered(west);
        assertFalse(taken(unsigned));
        assertTrue(taken(good));
    }

    @Test
    void aSnapshotThatLeavesARecordOutIsNotTaken() {
        west.writeTask("a", 1);
        west.writeTask("a", 2);
        FeedRecord kept = west.writeTask("b", 1);
        west.writeTask("c", 1);
        OriginLog less = west.fork();
        less.records.remove(kept);
        FeedFollower follower = followBoth(less);
        awaitRefused(follower);
        net.awaitCovered(west);
        assertTrue(taken(kept));
        assertEquals(List.of(west.snapshot()), net.sink.replaced.stream().distinct().toList());
    }

    /** Nothing in an empty snapshot is signed: only its origin itself may send one. */
    @Test
    void aRegionBetweenCannotEmptyALog() {
        west.writeTasks(3);
        TestRegion between = net.region(EAST, new FakeFeedLog(west));
        FeedFollower follower = net.follow(between);
        net.awaitCovered(west);
        between.log.put(new OriginLog(WEST, "EMPTY"));
        awaitRefused(follower);
        assertEquals(Optional.of(west.head()), net.sink.positions().position(WEST));
    }

    /** Its origin is down; who passes it on knows the keys of then. */
    @Test
    void recordsOfEarlierKeysComeByWayOfAThirdRegion() {
        west.writeTasks(2);
        west.signedBy = TestSigners.newAuthority(WEST);
        west.writeTasks(2);
        TestRegion between = net.region(EAST, new FakeFeedLog(west));
        assertEquals(
                1,
                between.authorities.learn(List.of(TestSigners.certificate(west.signedBy))).size());
        FeedFollower follower = net.follow(between);
        net.awaitCovered(west);
        assertEquals(0, follower.status().refused());
    }

    @Test
    void aKeyThatIsNewWhileAFollowerFollowsIsMadeKnownFirst() {
        west.writeTasks(2);
        TestRegion region = net.region(WEST, new FakeFeedLog(west));
        FeedFollower follower = net.follow(region);
        net.awaitCovered(west);
        CertifiedKey next = TestSigners.newAuthority(WEST);
        assertEquals(1, region.authorities.learn(List.of(TestSigners.certificate(next))).size());
        region.log.write(
                WEST,
                log -> {
                    log.signedBy = next;
                    log.writeTask("later", 1);
                });
        net.awaitCovered(west);
        assertEquals(0, follower.status().refused());
        assertEquals(1, follower.status().changes());
    }

    @Test
    void whatNobodyKnowsTheKeyOfIsNotTaken() {
        west.signedBy = TestSigners.newAuthority(WEST);
        FeedRecord record = west.writeTask("a", 1);
        FeedFollower follower = net.follow(net.region(WEST, new FakeFeedLog(west)));
        awaitRefused(follower);
        assertFalse(taken(record));
    }
}
