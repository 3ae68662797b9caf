package io.runnel.routing.usage;

import io.runnel.exec.task.RegionId;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;

/**
 * Usage records in files until the regions that they go to have them.
 *
 * <p>A record that {@link #add} took is in the system's page cache: the end of this process, {@code
 * kill -9} too, does not lose it, and whoever opens the folder next sends it. A loss of power may
 * lose what was added since the last {@link #force}.
 *
 * <p>{@link #add}, {@link #prepare}, {@link #force}, {@link #close} and the numbers are for any
 * thread, at any time. {@link #destinations}, {@link #next} and {@link #acknowledge} are for one
 * thread at a time, and not after {@link #close}. Only one process may have a folder open.
 */
public final class UsageSpool implements AutoCloseable {
    private static final Logger LOG = System.getLogger(UsageSpool.class.getName());
    private static final int LEAST_BATCH = 1024;

    private final DamageCount damage;
    private final SpoolWriter writer;
    private final SpoolBoot own;
    private final List<SpoolBoot> boots;
    private final LongAdder added = new LongAdder();
    private final LongAdder lost = new LongAdder();

    private UsageSpool(
            DamageCount damage, SpoolWriter writer, SpoolBoot own, List<SpoolBoot> boots) {
        this.damage = damage;
        this.writer = writer;
        this.own = own;
        this.boots = boots;
    }

    /**
     * Opens a folder, which is made if it is not there, and begins a boot in it. What earlier boots
     * left there is kept until it is acknowledged. Of what was damaged, that which is sound is
     * used; the rest is counted, said once, and no hindrance.
     *
     * @param own what this process writes
     * @throws IOException if the folder cannot be used, or the boot has been in it before
     */
    public static UsageSpool open(Path folder, UsageBatch.Spool own, SpoolLimits limits)
            throws IOException {
        Path ownFolder = folder.resolve(own.boot());
        if (Files.exists(ownFolder)) {
            throw new FileAlreadyExistsException(ownFolder.toString());
        }
        Files.createDirectories(folder);
        var damage = new DamageCount();
        var boots = new CopyOnWriteArrayList<>(new EarlierBoots(own.node(), damage).find(folder));
        Files.createDirectory(ownFolder);
        long sequence = 1 + (boots.isEmpty() ? 0 : boots.getLast().sequence());
        var first = new SpoolHeader(limits.segmentBytes(), sequence, 0);
        var boot = new SpoolBoot(ownFolder, own, first, true, damage);
        var writer = new SpoolWriter(ownFolder, first, boot, limits.mostBytes() - bytes(boots));
        boots.add(boot);
        writer.prepare();
        return new UsageSpool(damage, writer, boot, boots);
    }

    private static long bytes(List<SpoolBoot> boots) throws IOException {
        long bytes = 0;
        for (SpoolBoot boot : boots) {
            for (SegmentReading each : boot.readings()) {
                bytes += Files.size(each.segment().file());
            }
        }
        return bytes;
    }

    /**
     * Adds a record. Does not wait for a disk, but when {@link #prepare} was not called in time.
     *
     * @return whether it was taken; not if the spool is full or closed
     */
    public boolean add(UsageRecord record) {
        byte[] body = new byte[UsageCodec.size(record)];
        int unused = UsageCodec.encode(record, body, 0);
        boolean taken = writer.add(body);
        (taken ? added : lost).increment();
        return taken;
    }

    /**
     * Makes the next file ready before it is needed. To be called often enough that no quarter of a
     * file is filled in between.
     */
    public void prepare() {
        writer.prepare();
    }

    /** Has the system write to the disk what was added. Takes as long as the disk does. */
    public void force() {
        try {
            for (SegmentReading each : own.readings()) {
                if (!each.isForced()) {
                    each.force();
                }
            }
        } catch (IllegalStateException _) {
            // Closed, or acknowledged and deleted, meanwhile.
        } catch (UncheckedIOException e) {
            LOG.log(Level.WARNING, "usage cannot be written to the disk", e);
        }
    }

    /** Regions that some record goes to which they are not known to have. */
    public Set<RegionId> destinations() {
        NavigableSet<RegionId> destinations = new TreeSet<>();
        own.readOn();
        for (SpoolBoot boot : boots) {
            boot.destinations().forEach(destinations::add);
        }
        return Collections.unmodifiableSet(destinations);
    }

    /**
     * Whether a batch is the last of what {@link #destinations} saw. What came since is for the
     * next time: whoever goes on as long as there is something sends as little at once as comes
     * while a batch is on its way.
     *
     * @param seen what {@link #seen} was then
     */
    public boolean isLast(UsageBatch batch, long seen) {
        return batch.spool().equals(own.spool()) && batch.to() >= seen;
    }

    /** The place up to which {@link #destinations} looked through what this process wrote. */
    public long seen() {
        return own.to();
    }

    /**
     * The stretch that a region should get next: of the oldest boot that has something for it, from
     * what is acknowledged on. The same one again until it is acknowledged.
     *
     * @param mostEntries in it; more than {@link UsageBatch#MOST_ENTRIES} are as many
     * @param mostBytes of it on the wire, at least 1024; more than {@link
     *     UsageBatchCodec#MOST_BYTES} are as many
     * @throws IllegalArgumentException if nothing would fit
     */
    public Optional<UsageBatch> next(RegionId home, int mostEntries, int mostBytes) {
        if (mostEntries < 1 || mostBytes < LEAST_BATCH) {
            throw new IllegalArgumentException(
                    "batch must have room for an entry: %d entries, %d bytes"
                            .formatted(mostEntries, mostBytes));
        }
        own.readOn();
        int entries = Math.min(mostEntries, UsageBatch.MOST_ENTRIES);
        int bytes = Math.min(mostBytes, UsageBatchCodec.MOST_BYTES);
        for (SpoolBoot boot : boots) {
            Optional<UsageBatch> next = boot.next(home, entries, bytes);
            if (next.isPresent()) {
                return next;
            }
        }
        return Optional.empty();
    }

    /**
     * Notes that a region has everything of a boot before a place, and deletes what nobody needs
     * any more. A boot that is not here, and a place before what is known, are passed over.
     *
     * @param to the place; of one behind all that was read only so much is believed
     */
    public void acknowledge(RegionId home, UsageBatch.Spool spool, long to) {
        for (SpoolBoot boot : List.copyOf(boots)) {
            if (boot.spool().equals(spool)) {
                boot.acknowledge(home, to);
                long freed = boot.sweep();
                if (boot.isDone()) {
                    boot.deleteFolder();
                    boots.remove(boot);
                }
                writer.free(freed);
            }
        }
    }

    /** Records that were taken. */
    public long added() {
        return added.sum();
    }

    /** Records that were not taken. */
    public long lost() {
        return lost.sum();
    }

    /** Where a record should be, from an earlier boot mostly, and none can be read. */
    public long damaged() {
        return damage.get();
    }

    /** What stands in the spool from the first record on that its region is not known to have. */
    public long pendingBytes() {
        return boots.stream().mapToLong(SpoolBoot::pendingBytes).sum();
    }

    /** Takes the files out of memory and takes no more records. What is there stays there. */
    @Override
    public void close() {
        if (writer.close()) {
            for (SpoolBoot boot : boots) {
                boot.readings().forEach(each -> each.segment().unmap());
            }
        }
    }
}
