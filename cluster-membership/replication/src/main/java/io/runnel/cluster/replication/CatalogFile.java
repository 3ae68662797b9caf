package io.runnel.cluster.replication;

import io.runnel.exec.task.RegionId;
import io.runnel.routing.catalog.FeedRecord;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The last catalog of a POP as a file: of each origin the last record of each key. Written as a
 * whole, at most once in a while after a change and once more when closed, by a thread of its own;
 * what was there before is in place until then. Safe for any thread.
 */
public final class CatalogFile implements AutoCloseable {
    private static final Logger LOG = System.getLogger(CatalogFile.class.getName());

    /** A large catalog is not written all the time: of the time, this part at most. */
    private static final int MOST_PART_OF_TIME = 20;

    private final CatalogText text;
    private final SealCheck check;
    private final Duration every;
    private final LongSupplier nanoClock;
    private final ScheduledExecutorService writer;
    private final Map<RegionId, Origin> origins = new TreeMap<>();
    private Optional<Future<?>> planned = Optional.empty();
    private long lastWriteNs;
    private boolean changed;
    private boolean closed;

    /** What is kept of one origin: its records by kind and key, in the order of its log. */
    private static final class Origin {
        final String log;
        final Map<String, FeedRecord> last = new LinkedHashMap<>();

        Origin(String log) {
            this.log = log;
        }

        void add(FeedRecord record) {
            String subject = record.kind() + " " + record.key();
            last.remove(subject);
            last.put(subject, record);
        }

        FeedSnapshot snapshot(RegionId origin) {
            return new FeedSnapshot(origin, log, List.copyOf(last.values()));
        }
    }

    /**
     * Reads and writes this file. Nothing is read or written yet.
     *
     * @param check what is believed of the records in it
     * @param every how long after a change it is written
     * @param nanoClock monotonic, in nanoseconds
     */
    public CatalogFile(Path path, SealCheck check, Duration every, LongSupplier nanoClock) {
        this.text = new CatalogText(path);
        this.check = check;
        this.every = every;
        this.nanoClock = nanoClock;
        this.writer =
                Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().name("catalog-file").daemon().factory());
    }

    /**
     * What the file holds, checked; nothing if there is none. One that is damaged, or holds what an
     * origin did not sign, is set aside under another name, with a warning, and counts as none.
     * Blocks.
     */
    public synchronized List<FeedSnapshot> read() {
        List<FeedSnapshot> found = text.read(this::require);
        origins.clear();
        found.forEach(this::put);
        return found;
    }

    private void require(CatalogText.Content content) {
        List<String> unused = check.authorities().learn(content.authorities());
        content.snapshots().forEach(snapshot -> check.requireSnapshot(snapshot.records()));
    }

    /** All that are known are written with the records. */
    synchronized void keepAuthorities() {
        plan();
    }

    /** Keeps these records, each the next of its origin's log. */
    synchronized void add(List<FeedRecord> records) {
        for (FeedRecord record : records) {
            Origin origin = origins.get(record.origin());
            if (origin == null || !origin.log.equals(record.log())) {
                origin = new Origin(record.log());
                origins.put(record.origin(), origin);
            }
            origin.add(record);
        }
        plan();
    }

    /** Keeps this in place of all that was kept of its origin. */
    synchronized void replace(FeedSnapshot snapshot) {
        put(snapshot);
        plan();
    }

    private void put(FeedSnapshot snapshot) {
        Origin origin = new Origin(snapshot.log());
        snapshot.records().forEach(origin::add);
        origins.put(snapshot.origin(), origin);
    }

    private void plan() {
        changed = true;
        if (planned.isEmpty() && !closed) {
            long delayNs = Math.max(every.toNanos(), MOST_PART_OF_TIME * lastWriteNs);
            planned = Optional.of(writer.schedule(this::write, delayNs, TimeUnit.NANOSECONDS));
        }
    }

    private void write() {
        List<FeedSnapshot> all;
        synchronized (this) {
            planned = Optional.empty();
            changed = false;
            all = origins.entrySet().stream().map(e -> e.getValue().snapshot(e.getKey())).toList();
        }
        long startNs = nanoClock.getAsLong();
        boolean written = tryWrite(all);
        synchronized (this) {
            lastWriteNs = nanoClock.getAsLong() - startNs;
            if (!written) {
                plan();
            }
        }
    }

    private boolean tryWrite(List<FeedSnapshot> all) {
        try {
            text.write(new CatalogText.Content(check.authorities().all(), all));
            return true;
        } catch (IOException | UncheckedIOException e) {
            LOG.log(Level.WARNING, "the catalog could not be written; the old file stands", e);
            return false;
        }
    }

    /** Writes what has changed since the last time, and ends the thread. Blocks. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            planned.ifPresent(write -> write.cancel(false));
        }
        writer.close();
        if (changed) {
            write();
        }
    }
}
