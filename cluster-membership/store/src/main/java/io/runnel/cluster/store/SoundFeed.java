package io.runnel.cluster.store;

import io.runnel.cluster.store.Herald.News;
import io.runnel.exec.task.RegionId;
import io.runnel.routing.catalog.Catalog;
import io.runnel.routing.catalog.CatalogException;
import io.runnel.routing.catalog.FeedRecord;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The feed's tables as far as they are believed. What stands there in another origin's name, and is
 * not its, is forgotten, and then comes anew; what stands there in the own name, and this region
 * did not sign, makes the store a damaged one, for nothing brings it back. What is sound is told to
 * listeners, whichever process wrote it. For the store's thread.
 */
final class SoundFeed {
    private final Database database;
    private final FeedTables feed;
    private final RegionId own;
    private final StoreCheck check;
    private final Herald herald;

    /**
     * That of a database; listeners are told what comes from now on.
     *
     * @param own the region whose store it is
     * @param check what is believed
     */
    SoundFeed(Database database, FeedTables feed, RegionId own, StoreCheck check) {
        this.database = database;
        this.feed = feed;
        this.own = own;
        this.check = check;
        this.herald = new Herald(feed, own, check, database.reading(feed::positions));
    }

    /** What a transaction came to, and what it saw that is yet to be told. */
    private record Done<T>(T result, News news) {}

    /** Tells a listener what there is, and then what comes. */
    void listen(StoreListener listener) {
        Set<RegionId> unsound = new HashSet<>();
        Catalog catalog = reading(() -> catalog(unsound));
        forget(unsound);
        unsound.forEach(herald::forget);
        herald.add(listener, catalog);
    }

    /** Does work that only reads; where other processes write, what they wrote is told before. */
    <T> T reading(Supplier<T> work) {
        if (!database.engine().isShared()) {
            return work.get();
        }
        Done<T> done = database.reading(() -> new Done<>(work.get(), herald.collect()));
        tell(done.news());
        return done.result();
    }

    /** Does work that writes, in one transaction, and then tells what that made new. */
    <T> T writing(Supplier<T> work) {
        Done<T> done = database.transaction(() -> written(work));
        tell(done.news());
        return done.result();
    }

    private <T> Done<T> written(Supplier<T> work) {
        T result = work.get();
        News news = herald.collect();
        if (!news.isEmpty()) {
            database.engine().announce().ifPresent(database::execute);
        }
        return new Done<>(result, news);
    }

    private void tell(News news) {
        herald.tell(news);
        Set<RegionId> others = new HashSet<>(news.unsound().keySet());
        others.remove(own);
        if (!others.isEmpty()) {
            forget(others);
            herald.tell(database.reading(herald::collect));
        }
    }

    private void forget(Set<RegionId> unsound) {
        if (!unsound.isEmpty()) {
            int unused =
                    database.transaction(
                            () -> {
                                unsound.forEach(feed::forget);
                                return unsound.size();
                            });
        }
    }

    /** What other processes wrote that this one was not told of yet, as the transaction sees it. */
    News byOthers() {
        return database.engine().isShared() ? herald.collect() : News.NONE;
    }

    /**
     * Checks that what is new in the own log is this region's.
     *
     * @throws StoreException with {@link StoreException.Code#DAMAGED} if it is not
     */
    void requireOwn() {
        Optional<CatalogException> unsound =
                Optional.ofNullable(herald.collect().unsound().get(own));
        if (unsound.isPresent()) {
            throw check.damaged(unsound.get());
        }
    }

    /**
     * What comes behind a place in an origin's log, one by one.
     *
     * @throws StoreException if that is not here, or not sound
     */
    List<FeedRecord> read(RegionId origin, String log, long afterSeq, int limit) {
        return check.sound(() -> check.records(feed.read(origin, log, afterSeq, limit)));
    }

    /**
     * All that stands of an origin.
     *
     * @throws StoreException with {@link StoreException.Code#DAMAGED} if it is not sound
     */
    List<FeedRecord> snapshot(RegionId origin) {
        return check.sound(() -> check.snapshot(feed.standing(origin)));
    }

    /**
     * What all sound origins' records make.
     *
     * @throws StoreException with {@link StoreException.Code#DAMAGED} if the own ones are not sound
     */
    Catalog catalog() {
        return catalog(new HashSet<>());
    }

    /** The same; {@code unsound} gets the origins whose copies here are not theirs. */
    private Catalog catalog(Set<RegionId> unsound) {
        Catalog catalog = Catalog.EMPTY;
        for (RegionId each : feed.origins()) {
            try {
                catalog = catalog.withSnapshot(each, check.snapshot(feed.standing(each)));
            } catch (CatalogException e) {
                if (each.equals(own)) {
                    throw check.damaged(e);
                }
                unsound.add(each);
            }
        }
        return catalog;
    }
}
