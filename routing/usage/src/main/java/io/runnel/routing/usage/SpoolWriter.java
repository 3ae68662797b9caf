package io.runnel.routing.usage;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Puts bodies into the segments of the own boot, which it makes one after the other. For any
 * thread. A lock is taken only where one segment ends and the next begins.
 */
final class SpoolWriter {
    private static final Logger LOG = System.getLogger(UsageSpool.class.getName());

    private final Path folder;
    private final SpoolHeader first;
    private final SpoolBoot boot;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile Optional<SpoolSegment> current = Optional.empty();

    /** Whether there was no next segment to be had: nobody tries again until something changes. */
    private volatile boolean stuck;

    private volatile boolean closed;

    // With the lock.
    private Optional<SpoolSegment> ahead = Optional.empty();
    private long freeBytes;
    private int segments;
    private boolean said;

    /**
     * Without a segment yet.
     *
     * @param boot which gets to know each segment
     * @param freeBytes what its segments may take; negative if others take too much
     */
    SpoolWriter(Path folder, SpoolHeader first, SpoolBoot boot, long freeBytes) {
        this.folder = folder;
        this.first = first;
        this.boot = boot;
        this.freeBytes = freeBytes;
    }

    /** Whether the body was put down. */
    boolean add(byte[] body) {
        while (true) {
            Optional<SpoolSegment> segment = current;
            if (segment.isPresent()) {
                int at = claim(segment.get(), body.length);
                if (at >= 0) {
                    return put(segment.get(), at, body);
                }
            }
            if (stuck || !roll(segment)) {
                return false;
            }
        }
    }

    private static int claim(SpoolSegment segment, int length) {
        try {
            return segment.claim(length);
        } catch (IllegalStateException _) {
            return -1; // It was full, is acknowledged and not mapped any more; or all is closed.
        }
    }

    private boolean put(SpoolSegment segment, int at, byte[] body) {
        try {
            segment.put(at, body);
            return true;
        } catch (IllegalStateException _) {
            // What is claimed is unmapped only once it was read as whole, but when all is closed.
            return !closed;
        }
    }

    private boolean roll(Optional<SpoolSegment> full) {
        lock.lock();
        try {
            if (closed) {
                return false;
            }
            if (current.equals(full)) {
                Optional<SpoolSegment> next = ahead.or(this::create);
                stuck = next.isEmpty();
                current = next.or(() -> full);
                ahead = Optional.empty();
                return next.isPresent();
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    private Optional<SpoolSegment> create() {
        if (freeBytes < first.segmentBytes()) {
            return Optional.empty();
        }
        try {
            var header = new SpoolHeader(first.segmentBytes(), first.sequence(), segments);
            SpoolSegment segment = SpoolSegment.create(folder, header);
            segments++;
            freeBytes -= first.segmentBytes();
            boot.add(segment);
            said = false;
            return Optional.of(segment);
        } catch (IOException e) {
            if (!said) {
                said = true;
                LOG.log(Level.WARNING, "usage cannot be kept", e);
            }
            return Optional.empty();
        }
    }

    /** Makes the next segment if it is needed soon. */
    void prepare() {
        lock.lock();
        try {
            stuck = false;
            if (!closed && current.isEmpty()) {
                current = create();
            } else if (!closed && ahead.isEmpty() && current.get().isNearlyFull()) {
                ahead = create();
            }
        } finally {
            lock.unlock();
        }
    }

    /** So many bytes of files are no more. */
    void free(long bytes) {
        lock.lock();
        try {
            freeBytes += bytes;
            stuck = false;
        } finally {
            lock.unlock();
        }
    }

    /** Ends it. Whether it was not ended before. */
    boolean close() {
        lock.lock();
        try {
            boolean ends = !closed;
            closed = true;
            return ends;
        } finally {
            lock.unlock();
        }
    }
}
