package io.runnel.routing.catalog;

import io.runnel.exec.task.RegionId;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;

/**
 * A node's catalog: one volatile field that any thread reads, changed by one writer at a time. Also
 * when each origin region last confirmed it.
 *
 * <p>Listeners are called on the writer's thread, in the order of the changes, before the writer
 * goes on: they must be short and must not write.
 */
public final class CatalogHolder {
    /** Told of each change. */
    @FunctionalInterface
    public interface Listener {
        /** The catalog was {@code before} and is {@code after}. */
        void changed(Catalog before, Catalog after);
    }

    private final LongSupplier nanoClock;
    private final ReentrantLock writing = new ReentrantLock();
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();
    private volatile Catalog current = Catalog.EMPTY;
    private volatile Contacts contacts = Contacts.NONE;

    /**
     * Empty, never confirmed.
     *
     * @param nanoClock monotonic, in nanoseconds
     */
    public CatalogHolder(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
    }

    /** The catalog as it is now. */
    public Catalog current() {
        return current;
    }

    /** Calls this listener from the next change on. */
    public void onChange(Listener listener) {
        listeners.add(listener);
    }

    /**
     * Applies the records that follow.
     *
     * @throws CatalogException as {@link Catalog#with}; then nothing is changed
     */
    public Catalog apply(List<FeedRecord> records) {
        return change(catalog -> catalog.with(records));
    }

    /**
     * Replaces what is known of one origin.
     *
     * @throws CatalogException as {@link Catalog#withSnapshot}; then nothing is changed
     */
    public Catalog replace(RegionId origin, List<FeedRecord> snapshot) {
        return change(catalog -> catalog.withSnapshot(origin, snapshot));
    }

    /** Takes this catalog for the one that was: at the start, as it was on disk. */
    public Catalog install(Catalog catalog) {
        return change(was -> catalog);
    }

    private Catalog change(UnaryOperator<Catalog> step) {
        writing.lock();
        try {
            Catalog before = current;
            Catalog after = step.apply(before);
            current = after;
            listeners.forEach(listener -> listener.changed(before, after));
            return after;
        } finally {
            writing.unlock();
        }
    }

    /** Notes that {@code origin} confirmed its head {@code age} ago; earlier than known is none. */
    public void confirmed(RegionId origin, Duration age) {
        long at = nanoClock.getAsLong() - age.toNanos();
        writing.lock();
        try {
            contacts = contacts.with(origin, at);
        } finally {
            writing.unlock();
        }
    }

    /** How long ago this origin confirmed, directly or by another; empty if never. */
    public Optional<Duration> sinceContact(RegionId origin) {
        return contacts.since(origin, nanoClock.getAsLong());
    }

    /** When each origin confirmed last: one consistent picture. */
    public Contacts contacts() {
        return contacts;
    }
}
