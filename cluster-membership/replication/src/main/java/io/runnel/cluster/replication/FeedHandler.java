package io.runnel.cluster.replication;

import io.runnel.attestation.record.AuthorityCertificates;
import io.runnel.exec.task.NodeName;
import io.runnel.exec.task.RegionId;
import io.runnel.routing.catalog.FeedRecord;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/**
 * Answers {@code GET /v1/feed?after=POSITIONS[&except=ORIGINS][&node=NAME]} with lines of JSON that
 * do not end: the records that follow on the positions; for an origin that is not among them, whose
 * log or history is another one, or of which records are missing here, first a snapshot; also when
 * what is known of it here is replaced; and every second how far each origin is known here and how
 * long ago it confirmed. What is committed goes out at once.
 *
 * <p>A follower reads as fast as it likes, but one that stands still is cut off; it comes back to
 * where it was. Too many followers get 503. Safe for any thread.
 */
public final class FeedHandler implements Handler<HttpServerRequest>, AutoCloseable {
    /** Where the feed is. */
    public static final String PATH = "/v1/feed";

    /**
     * The limits of serving.
     *
     * @param mostFollowers at once
     * @param snapshotsAtOnce how many snapshots are sent at once; more wait, at most one a follower
     * @param headsEvery how often followers are told how far each origin is known
     * @param stall how long a follower may take nothing of what waits for it
     */
    public record Settings(
            int mostFollowers, int snapshotsAtOnce, Duration headsEvery, Duration stall) {
        /** 256 followers, 4 snapshots, every second, 10 s. */
        public static final Settings DEFAULT =
                new Settings(256, 4, Duration.ofSeconds(1), Duration.ofSeconds(10));
    }

    private static final Logger LOG = System.getLogger(FeedHandler.class.getName());

    private final Vertx vertx;
    private final FeedServing serving;
    private final Set<FeedSession> sessions = new HashSet<>();
    private boolean closed;

    /**
     * Serves this log.
     *
     * @param own the region that this node is of
     * @param sinceContact how long ago another region confirmed
     * @param authorities whose records are in the log: their certificates go before these
     * @param nanoClock monotonic, in nanoseconds
     */
    public FeedHandler(
            Vertx vertx,
            RegionId own,
            FeedLog log,
            Function<RegionId, Optional<Duration>> sinceContact,
            AuthorityCertificates authorities,
            Settings settings,
            LongSupplier nanoClock) {
        this.vertx = vertx;
        Permits snapshots = new Permits(settings.snapshotsAtOnce(), settings.mostFollowers());
        FeedTail tail = new FeedTail();
        this.serving =
                new FeedServing(
                        own, log, tail, snapshots, sinceContact, authorities, settings, nanoClock);
        log.onAppend(new Pushing());
    }

    @Override
    public void handle(HttpServerRequest request) {
        FeedRequest.read(request)
                .ifPresentOrElse(
                        asked -> admit(request, asked), () -> Refusal.BAD_REQUEST.send(request));
    }

    /** How many follow now. */
    public int followers() {
        synchronized (sessions) {
            return sessions.size();
        }
    }

    /** Ends those whose follower may not go on; one that has shown enough since comes back. */
    public void review(Predicate<Optional<NodeName>> mayFollow) {
        List<FeedSession> over;
        synchronized (sessions) {
            over = sessions.stream().filter(s -> !mayFollow.test(s.asked().node())).toList();
        }
        over.forEach(this::end);
    }

    /** Ends all sessions, and refuses new ones. */
    @Override
    public void close() {
        List<FeedSession> all;
        synchronized (sessions) {
            closed = true;
            all = List.copyOf(sessions);
        }
        all.forEach(FeedSession::cut);
    }

    private void admit(HttpServerRequest request, FeedRequest asked) {
        asked.node().flatMap(this::sessionOf).ifPresent(this::end);
        // It starts outside of the lock: the log may hold one of its own while it tells of news.
        addSession(request, asked)
                .ifPresentOrElse(
                        FeedSession::start,
                        () -> {
                            LOG.log(
                                    Level.WARNING,
                                    "a follower is refused: {0} follow",
                                    followers());
                            Refusal.OVER_CAPACITY.send(request);
                        });
    }

    private Optional<FeedSession> addSession(HttpServerRequest request, FeedRequest asked) {
        synchronized (sessions) {
            if (closed || sessions.size() >= serving.settings().mostFollowers()) {
                return Optional.empty();
            }
            FeedSession session = new FeedSession(serving, vertx, request, asked, this::remove);
            sessions.add(session);
            return Optional.of(session);
        }
    }

    private Optional<FeedSession> sessionOf(NodeName node) {
        synchronized (sessions) {
            return sessions.stream()
                    .filter(session -> session.asked().node().equals(Optional.of(node)))
                    .findFirst();
        }
    }

    /** Of a node that comes anew the old connection is lost, though that may not show here yet. */
    private void end(FeedSession old) {
        remove(old);
        old.cut();
    }

    private void remove(FeedSession session) {
        synchronized (sessions) {
            sessions.remove(session);
        }
    }

    private void wakeAll() {
        synchronized (sessions) {
            sessions.forEach(FeedSession::wake);
        }
    }

    private final class Pushing implements FeedLog.Listener {
        @Override
        public void appended(List<FeedRecord> records) {
            serving.tail().add(records);
            wakeAll();
        }

        @Override
        public void replaced(RegionId origin) {
            serving.tail().forget(origin);
            synchronized (sessions) {
                sessions.forEach(session -> session.replaced(origin));
            }
        }
    }
}
