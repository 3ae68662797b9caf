package io.runnel.cluster.replication;

import io.runnel.exec.task.RegionId;
import io.runnel.routing.catalog.CatalogHolder;
import io.runnel.routing.catalog.Position;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * How far a source is believed about origins other than itself. Its ages count from the moment its
 * line was written, by this node's clock, so that what lay in a queue is as old as it is.
 *
 * <p>A snapshot of a log other than the one known is taken only from a source whose contact with
 * the origin is about as fresh as this node's own. Otherwise a region that has not seen yet that an
 * origin's store was made anew would bring the old log back.
 *
 * <p>The same holds for another history of the same log, as a store has one that is an older copy
 * of itself. A source that knows less of a log may merely be late: it is believed that the log went
 * back only when its contact with the origin is later than this node's knowledge, for at a contact
 * the source knew all that there was. For one thread.
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
    private final Map<RegionId, Seen> seen = new HashMap<>();

    /** Since when, at the latest, an origin is known so far. */
    private record Seen(Position position, long sinceNs) {}

    FeedTrust(CatalogHolder contacts, LongSupplier nanoClock) {
        this.contacts = contacts;
        this.nanoClock = nanoClock;
    }

    Verdict judge(FeedItem.Whole whole, Optional<Position> known) {
        return known.map(mine -> judge(whole, mine)).orElse(Verdict.WANTED);
    }

    private Verdict judge(FeedItem.Whole whole, Position known) {
        RegionId origin = whole.snapshot().origin();
        Position head = whole.snapshot().head();
        if (known.equals(head)) {
            return Verdict.KNOWN;
        }
        boolean sameLog = known.log().equals(head.log());
        if (sameLog && head.seq() > known.seq() && !whole.snapshot().contradicts(known)) {
            return Verdict.WANTED;
        }
        boolean late =
                sameLog
                        && head.seq() < known.seq()
                        && !isLater(origin, known, whole.age(), whole.atNs());
        if (!late && isFresh(origin, whole.age(), whole.atNs())) {
            LOG.log(
                    Level.WARNING,
                    "feed: {0} begins anew at {1}: what was known, up to {2}, is replaced",
                    origin,
                    textOf(head),
                    textOf(known));
            return Verdict.WANTED;
        }
        LOG.log(
                Level.WARNING,
                "feed: a snapshot of {0} at {1} is not taken: {2} is known from a fresher contact",
                origin,
                textOf(head),
                textOf(known));
        return Verdict.STALE;
    }

    private static String textOf(Position position) {
        return position.log() + ":" + position.seq();
    }

    /**
     * Whether a source that has another history of what is known here, or less of it, is right: its
     * contact with the origin is fresh, and later than what is known here came.
     */
    boolean isOvertaken(RegionId origin, Position known, FeedItem.Confirmed confirmed) {
        Optional<Duration> age = Optional.ofNullable(confirmed.ages().get(origin));
        return age.isPresent()
                && isLater(origin, known, age, confirmed.trueAtNs())
                && isFresh(origin, age, confirmed.trueAtNs());
    }

    private boolean isFresh(RegionId origin, Optional<Duration> age, long atNs) {
        Optional<Duration> own = contacts.sinceContact(origin);
        if (own.isEmpty()) {
            return true;
        }
        return age.map(said -> since(atNs, said).compareTo(own.get().plus(TOLERANCE)) <= 0)
                .orElse(false);
    }

    /** The origin itself, whose age is zero, is never late. */
    private boolean isLater(
            RegionId origin, Position known, Optional<Duration> age, long trueAtNs) {
        long sinceNs = note(origin, known);
        return age.map(
                        said ->
                                said.isZero()
                                        || trueAtNs - said.toNanos() - sinceNs
                                                > TOLERANCE.toNanos())
                .orElse(false);
    }

    /** Notes that this much is known of the origin; says since when, by this node's clock. */
    long note(RegionId origin, Position known) {
        Seen before = seen.get(origin);
        if (before == null || !before.position().equals(known)) {
            before = new Seen(known, nanoClock.getAsLong());
            seen.put(origin, before);
        }
        return before.sinceNs();
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
