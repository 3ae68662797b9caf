package io.runnel.routing.usage;

import io.runnel.exec.task.RegionId;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * What one process wrote, as far as some region is not known to have it. For one thread, but {@link
 * #add}, {@link #pendingBytes} and {@link #readings}.
 */
final class SpoolBoot {
    private static final Logger LOG = System.getLogger(UsageSpool.class.getName());

    private final Path folder;
    private final UsageBatch.Spool spool;
    private final SpoolHeader first;
    private final boolean live;
    private final DamageCount damage;
    private final Acknowledgements acknowledged;
    private final NavigableMap<Integer, SegmentReading> readings = new ConcurrentSkipListMap<>();
    private final Map<RegionId, Long> ends = new TreeMap<>();
    private int reading;
    private volatile long to = SpoolHeader.BYTES;
    private volatile long settled = SpoolHeader.BYTES;

    /**
     * One without segments.
     *
     * @param first the header of any of its segments
     * @param live whether this process writes it
     */
    SpoolBoot(
            Path folder,
            UsageBatch.Spool spool,
            SpoolHeader first,
            boolean live,
            DamageCount damage) {
        this.folder = folder;
        this.spool = spool;
        this.first = first;
        this.live = live;
        this.damage = damage;
        this.acknowledged = Acknowledgements.of(folder);
    }

    UsageBatch.Spool spool() {
        return spool;
    }

    long sequence() {
        return first.sequence();
    }

    /** A further segment. For any thread. */
    void add(SpoolSegment segment) {
        long start = segment.index() * first.segmentBytes();
        readings.put(segment.index(), new SegmentReading(segment, start, live));
    }

    /** Of its segments, in order. For any thread. */
    Iterable<SegmentReading> readings() {
        return readings.values();
    }

    /** Looks through what has come. */
    void readOn() {
        for (SegmentReading next : readings.tailMap(reading, true).values()) {
            damage.add(next.readOn(), next.segment().file());
            next.ends().forEach((home, end) -> ends.put(home, next.start() + end));
            reading = next.segment().index();
            to = Math.max(to, next.to());
            if (!next.isFinished()) {
                break;
            }
        }
        settle();
    }

    /** The place behind what was looked through. For any thread. */
    long to() {
        return to;
    }

    /** Makes each acknowledgement that was found one of a place where a frame begins. */
    void align() {
        for (RegionId home : acknowledged.regions()) {
            acknowledged.set(home, floor(acknowledged.of(home), 0));
        }
        settle();
    }

    private long floor(long place, long from) {
        long known = Math.clamp(place, 0L, to);
        SegmentReading in = readings.get((int) (known / first.segmentBytes()));
        return in == null || known < in.start() + SpoolHeader.BYTES ? known : in.floor(known, from);
    }

    private void settle() {
        long least = to;
        for (Map.Entry<RegionId, Long> end : ends.entrySet()) {
            if (isPending(end.getKey())) {
                least = Math.min(least, acknowledged.of(end.getKey()));
            }
        }
        long start = readings.isEmpty() ? to : readings.firstEntry().getValue().start();
        settled = Math.min(to, Math.max(least, start + SpoolHeader.BYTES));
    }

    /** From the first record on that its region is not known to have. For any thread. */
    long pendingBytes() {
        long head = to;
        for (SegmentReading each : readings.values()) {
            int tail = each.segment().tail();
            boolean written = live && tail > SpoolHeader.BYTES;
            head = written ? Math.max(head, each.start() + tail) : head;
        }
        return Math.max(0, head - settled);
    }

    /** Regions that are not known to have all their records. */
    Iterable<RegionId> destinations() {
        return ends.keySet().stream().filter(this::isPending).toList();
    }

    private boolean isPending(RegionId home) {
        return ends.getOrDefault(home, 0L) > acknowledged.of(home);
    }

    /** What is next for a region, if there is something. */
    Optional<UsageBatch> next(RegionId home, int mostEntries, int mostBytes) {
        if (!isPending(home)) {
            return Optional.empty();
        }
        long from = acknowledged.of(home);
        var stretch = new Stretch(home, mostEntries, mostBytes);
        int index = (int) (from / first.segmentBytes());
        boolean all = true;
        for (SegmentReading each : readings.tailMap(index, true).values()) {
            boolean has = each.end(home).filter(end -> end > from).isPresent();
            all = all && (!has || each.gather(from, stretch));
        }
        damage.add(stretch.unreadable(), folder);
        return Optional.of(new UsageBatch(spool, from, all ? to : stretch.to(), stretch.entries()));
    }

    /** Notes that a region has everything before a place, and keeps it. */
    void acknowledge(RegionId home, long place) {
        long before = acknowledged.of(home);
        long now = floor(place, before);
        if (now <= before) {
            return;
        }
        acknowledged.set(home, now);
        settle();
        try {
            acknowledged.save();
        } catch (IOException e) {
            LOG.log(Level.WARNING, "acknowledgements of usage cannot be kept", e);
        }
    }

    /** Deletes the segments that nobody needs. Returns how many bytes they took. */
    long sweep() {
        long freed = 0;
        for (SegmentReading each : readings.values()) {
            if (each.isFinished() && isAcknowledged(each)) {
                freed += delete(each);
            }
        }
        settle();
        return freed;
    }

    private boolean isAcknowledged(SegmentReading segment) {
        for (Map.Entry<RegionId, Integer> end : segment.ends().entrySet()) {
            if (segment.start() + end.getValue() > acknowledged.of(end.getKey())) {
                return false;
            }
        }
        return true;
    }

    private long delete(SegmentReading reading) {
        readings.remove(reading.segment().index());
        reading.segment().unmap();
        Path file = reading.segment().file();
        try {
            long bytes = Files.size(file);
            if (reading.isTorn()) {
                SpoolFiles.setAside(file);
            } else if (live) {
                SpoolFiles.spare(file);
            } else {
                Files.delete(file);
            }
            return bytes;
        } catch (IOException e) {
            LOG.log(Level.WARNING, "usage that was delivered cannot be deleted", e);
            return 0;
        }
    }

    /** Whether there is nothing in it, and will not be. */
    boolean isDone() {
        return !live && readings.isEmpty();
    }

    /** Deletes what is left of it. */
    void deleteFolder() {
        try {
            SpoolFiles.deleteBoot(folder);
        } catch (IOException e) {
            LOG.log(Level.WARNING, "usage that was delivered cannot be deleted", e);
        }
    }
}
