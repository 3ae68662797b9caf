package io.runnel.cluster.store;

import io.runnel.routing.catalog.CatalogException;
import io.runnel.routing.catalog.FeedRecord;
import io.runnel.routing.catalog.RecordSeals;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * Checks what is read of the feed's tables before anybody hears of it: whoever can write to the
 * database is no origin. What is found is told in the log, each once. For the store's thread, but
 * for {@link #found}.
 */
final class StoreCheck {
    private static final System.Logger LOGGER = System.getLogger(StoreCheck.class.getName());
    private static final int MOST_TOLD = 256;

    private final String name;
    private final RecordSeals seals;
    private final Supplier<List<String>> authorities;
    private final Set<String> told = new LinkedHashSet<>();
    private final AtomicLong found = new AtomicLong();

    /**
     * One that goes by these seals.
     *
     * @param name the database's
     * @param authorities what is kept of those who signed
     */
    StoreCheck(String name, RecordSeals seals, Supplier<List<String>> authorities) {
        this.name = name;
        this.seals = seals;
        this.authorities = authorities;
    }

    /** Passes on records that are sound; else throws, as a catalog does. */
    List<FeedRecord> records(List<FeedRecord> read) {
        require(() -> seals.require(read));
        return read;
    }

    /** The same of a snapshot. */
    List<FeedRecord> snapshot(List<FeedRecord> read) {
        require(() -> seals.requireSnapshot(read));
        return read;
    }

    /** Another process of the region may have met an authority first. */
    private void require(Runnable check) {
        try {
            check.run();
        } catch (CatalogException e) {
            try {
                seals.learn(authorities.get());
                check.run();
            } catch (CatalogException again) {
                tell(again);
                throw again;
            }
        }
    }

    private void tell(CatalogException what) {
        found.incrementAndGet();
        if (told.size() < MOST_TOLD && told.add(what.getMessage())) {
            LOGGER.log(
                    System.Logger.Level.ERROR,
                    "{0}: {1}: it is neither used nor served",
                    name,
                    what.getMessage());
        }
    }

    /**
     * What is read, if it is sound.
     *
     * @throws StoreException with {@link StoreException.Code#DAMAGED} if it is not
     */
    <T> T sound(Supplier<T> read) {
        try {
            return read.get();
        } catch (CatalogException e) {
            throw damaged(e);
        }
    }

    /** What a caller is told of it. */
    StoreException damaged(CatalogException cause) {
        return StoreException.damaged("%s: %s".formatted(name, cause.getMessage()), cause);
    }

    /** How often something unsound was read. */
    long found() {
        return found.get();
    }
}
