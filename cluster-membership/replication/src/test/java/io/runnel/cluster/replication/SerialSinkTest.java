package io.runnel.cluster.replication;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.runnel.exec.task.RegionId;
import io.runnel.routing.catalog.Position;

import org.junit.jupiter.api.Test;

import java.util.Optional;

/** What several followers deliver to one sink. */
final class SerialSinkTest {
    private static final RegionId WEST = new RegionId("eu-west");

    private final FakeFeedSink sink = new FakeFeedSink();
    private final SerialSink shared = new SerialSink(sink);
    private final OriginLog log = new OriginLog(WEST, "A");

    @Test
    void aSnapshotThatAnotherOvertookMeanwhileSetsNothingBack() {
        log.writeTasks(3);
        FeedSnapshot older = log.snapshot();
        log.writeTasks(3);
        FeedSnapshot newer = log.snapshot();
        sink.shut();
        var first = shared.replace(newer, Optional.empty());
        var second = shared.replace(older, Optional.empty());
        sink.open();
        Await.get(first);
        Await.get(second);
        assertEquals(Optional.of(newer.head()), sink.positions().position(WEST));
    }

    @Test
    void anOlderOneIsTakenByWhoeverKnewThatItIsOlder() {
        log.writeTasks(3);
        FeedSnapshot older = log.snapshot();
        log.writeTasks(3);
        Await.get(shared.replace(log.snapshot(), Optional.empty()));
        Optional<Position> known = sink.positions().position(WEST);
        Await.get(shared.replace(older, known));
        assertEquals(Optional.of(older.head()), sink.positions().position(WEST));
    }

    @Test
    void aNewerOneIsTakenWhateverCameMeanwhile() {
        log.writeTasks(3);
        FeedSnapshot older = log.snapshot();
        log.writeTasks(3);
        sink.shut();
        var first = shared.replace(older, Optional.empty());
        var second = shared.replace(log.snapshot(), Optional.empty());
        sink.open();
        Await.get(first);
        Await.get(second);
        assertEquals(Optional.of(log.snapshot().head()), sink.positions().position(WEST));
    }
}
