package io.runnel.cluster.replication;

import static io.runnel.cluster.replication.OriginLog.WEST;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.routing.catalog.CatalogHolder;
import io.runnel.routing.catalog.Position;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

final class FeedTrustTest {
    private static final Logger LOGGER = Logger.getLogger(FeedTrust.class.getName());

    private final Warnings warnings = new Warnings();
    private final CatalogHolder contacts = new CatalogHolder(() -> 0);
    private final FeedTrust trust = new FeedTrust(contacts, () -> 0);

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
