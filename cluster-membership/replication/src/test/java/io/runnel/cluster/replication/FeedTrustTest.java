package io.runnel.cluster.replication;

import static io.runnel.cluster.replication.OriginLog.WEST;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.routing.catalog.CatalogHolder;
import io.runnel.routing.catalog.FeedPositions;
import io.runnel.routing.catalog.Position;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

final class FeedTrustTest {
    private static final Logger LOGGER = Logger.getLogger(FeedTrust.class.getName());

    private final Warnings warnings = new Warnings();
    private final CatalogHolder contacts = new CatalogHolder(() -> 0);
    private final AtomicLong nowNs = new AtomicLong();
    private final FeedTrust trust = new FeedTrust(contacts, nowNs::get);

    @BeforeEach
    void listen() {
        LOGGER.addHandler(warnings);
    }

    @AfterEach
    void listenNoMore() {
        LOGGER.removeHandler(warnings);
    }

    @Test
    void saysWhenAnOriginBeginsAnew() {
        assertEquals(FeedTrust.Verdict.WANTED, judge("OLD", 7, "NEW", 2));
        assertEquals(1, warnings.said.size());
        String said = warnings.said.getFirst();
        assertTrue(said.contains("eu-west begins anew at NEW:2"), said);
        assertTrue(said.contains("up to OLD:7"), said);
    }

    @Test
    void saysWhenAnOriginGoesBack() {
        assertEquals(FeedTrust.Verdict.WANTED, judge("SAME", 7, "SAME", 2));
        assertEquals(1, warnings.said.size());
    }

    @Test
    void saysNothingOfWhatMerelyFollows() {
        assertEquals(FeedTrust.Verdict.WANTED, judge("SAME", 1, "SAME", 2));
        assertEquals(List.of(), warnings.said);
    }

    @Test
    void aSourceThatIsMerelyLateTakesNothingBack() {
        Position known = new Position("SAME", 7, Position.NO_HASH);
        trust.note(WEST, known);
        nowNs.set(Duration.ofSeconds(10).toNanos());
        assertFalse(overtaken(known, Duration.ofSeconds(15)), "it was in contact before that");
        assertFalse(overtaken(known, Duration.ofMillis(9_500)), "as good as before that");
        assertTrue(overtaken(known, Duration.ofSeconds(5)), "it was in contact since");
        assertTrue(overtaken(known, Duration.ZERO), "the origin itself");
    }

    @Test
    void aSnapshotOfLessIsTakenOnlyFromALaterContact() {
        Position known = new Position("SAME", 7, Position.NO_HASH);
        trust.note(WEST, known);
        nowNs.set(Duration.ofSeconds(10).toNanos());
        OriginLog less = new OriginLog(WEST, "SAME");
        less.writeTasks(5);
        assertEquals(FeedTrust.Verdict.STALE, judge(less, known, Duration.ofSeconds(15)));
        assertEquals(FeedTrust.Verdict.WANTED, judge(less, known, Duration.ofSeconds(5)));
    }

    @Test
    void aSnapshotOfMoreThatContradictsIsJudgedLikeAnotherLog() {
        OriginLog mine = new OriginLog(WEST, "SAME");
        mine.writeTasks(3);
        OriginLog other = mine.fork();
        mine.writeTask("mine", 1);
        other.writeTasks(3);
        contacts.confirmed(WEST, Duration.ZERO);
        assertEquals(FeedTrust.Verdict.STALE, judge(other, mine.head(), Duration.ofMinutes(1)));
        OriginLog more = mine.fork();
        more.writeTasks(2);
        assertEquals(FeedTrust.Verdict.WANTED, judge(more, mine.head(), Duration.ofMinutes(1)));
    }

    private boolean overtaken(Position known, Duration age) {
        return trust.isOvertaken(
                WEST,
                known,
                new FeedItem.Confirmed(FeedPositions.NONE, Map.of(WEST, age), nowNs.get()));
    }

    private FeedTrust.Verdict judge(OriginLog log, Position known, Duration age) {
        return trust.judge(
                new FeedItem.Whole(log.snapshot(), Optional.of(age), nowNs.get()),
                Optional.of(known));
    }

    private FeedTrust.Verdict judge(String knownLog, long knownSeq, String log, int records) {
        OriginLog origin = new OriginLog(WEST, log);
        origin.writeTasks(records);
        FeedSnapshot snapshot = origin.snapshot();
        return trust.judge(
                new FeedItem.Whole(snapshot, Optional.of(Duration.ZERO), 0),
                Optional.of(new Position(knownLog, knownSeq, Position.NO_HASH)));
    }

    private static final class Warnings extends Handler {
        final List<String> said = new ArrayList<>();

        @Override
        public void publish(LogRecord record) {
            if (record.getLevel().equals(Level.WARNING)) {
                said.add(new SimpleFormatter().formatMessage(record));
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
