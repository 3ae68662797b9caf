package io.runnel.cluster.replication;

import io.runnel.exec.task.RegionId;
import io.runnel.routing.catalog.CatalogHolder;
import io.runnel.routing.catalog.Position;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * How far a source is believed about origins other than itself. Its ages count from the moment its
 * line was written, by this node's clock, so that what lay in a queue is as old as it is.
 *
 * <p>A snapshot of a log other than the one known is taken only from a source whose contact with
 * the origin is about as fresh as this node's own. Otherwise a region that has not seen yet that an
 * origin's store was made anew would bring the old log back.
 */
final class FeedTrust {
    /** What is to be done with a snapshot. */
    enum Verdict {
        /** It tells something newer than what is known. */
        WANTED,
        /** It tells just what is known. */
        KNOWN,
        /** What is known comes from a fresher contact. */
        STALE
    }

    private static final Logger LOG = System.getLogger(FeedTrust.class.getName());

    /** Two nodes that heard the same confirmation may differ by this on when it was. */
    private static final Duration TOLERANCE = Duration.ofSeconds(1);

    private final CatalogHolder contacts;
    private final LongSupplier nanoClock;

    FeedTrust(CatalogHolder contacts, LongSupplier nanoClock) {
        this.contacts = contacts;
        this.nanoClock = nanoClock;
    }

    Verdict judge(FeedItem.Whole whole, Optional<Position> known) {
        Position head = whole.snapshot().head();
        if (known.isEmpty()) {
            return Verdict.WANTED;
        }
        if (known.get().equals(head)) {
            return Verdict.KNOWN;
        }
        boolean later = known.get().log().equals(head.log()) && head.seq() > known.get().seq();
        if (later) {
            return Verdict.WANTED;
        }
        if (isFresh(whole)) {
            LOG.log(
                    Level.WARNING,
                    "feed: {0} begins anew at {1}: what was known, up to {2}, is replaced",
                    whole.snapshot().origin(),
                    textOf(head),
                    textOf(known.get()));
            return Verdict.WANTED;
        }
        LOG.log(
                Level.WARNING,
                "feed: a snapshot of {0}/{1} is not taken: {2} is known from a fresher contact",
                whole.snapshot().origin(),
                head.log(),
                known.get().log());
        return Verdict.STALE;
    }

    private static String textOf(Position position) {
        return position.log() + ":" + position.seq();
    }

    private boolean isFresh(FeedItem.Whole whole) {
        Optional<Duration> own = contacts.sinceContact(whole.snapshot().origin());
        if (own.isEmpty()) {
            return true;
        }
        return whole.age()
                .map(said -> since(whole.atNs(), said).compareTo(own.get().plus(TOLERANCE)) <= 0)
                .orElse(false);
    }

    /** The origin confirmed, as far back as the source says. */
    void confirm(RegionId origin, FeedItem.Confirmed confirmed) {
        Duration said = confirmed.ages().get(origin);
        if (said != null) {
            contacts.confirmed(origin, since(confirmed.trueAtNs(), said));
        }
    }

    private Duration since(long atNs, Duration before) {
        return before.plusNanos(nanoClock.getAsLong() - atNs);
    }
}
