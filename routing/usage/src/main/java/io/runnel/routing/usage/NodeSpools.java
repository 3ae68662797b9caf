package io.runnel.routing.usage;

import io.runnel.exec.task.NodeName;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The spools of a node's folder. While a process takes over from another, both are there: so there
 * are several places, each locked by who has it. A process writes to the first that it gets, and
 * sends what is in the others once nobody has them any more.
 *
 * <p>{@link #own} is for any thread; the rest for one thread at a time.
 */
public final class NodeSpools implements AutoCloseable {
    /** How many processes of a node can be there at once. */
    static final int MOST = 4;

    private final Path folder;
    private final NodeName node;
    private final Supplier<String> boots;
    private final SpoolLimits limits;
    private final Place own;
    private final List<Place> adopted = new ArrayList<>();

    /** A spool and the lock on its place. */
    private record Place(int number, FileChannel file, FileLock lock, UsageSpool spool) {
        void close() {
            spool.close();
            try (file) {
                lock.release();
            } catch (IOException e) {
                // The end of the process ends it too.
            }
        }
    }

    private NodeSpools(Path folder, NodeName node, Supplier<String> boots, SpoolLimits limits)
            throws IOException {
        this.folder = folder;
        this.node = node;
        this.boots = boots;
        this.limits = limits;
        this.own = first();
    }

    /**
     * Takes a place in a folder, which is made if it is not there.
     *
     * @param boots a new random name for each
     * @throws IOException if the folder cannot be used, or all places are taken
     */
    public static NodeSpools open(
            Path folder, NodeName node, Supplier<String> boots, SpoolLimits limits)
            throws IOException {
        Files.createDirectories(folder);
        return new NodeSpools(folder, node, boots, limits);
    }

    private Place first() throws IOException {
        for (int number = 0; number < MOST; number++) {
            Optional<Place> place = take(number);
            if (place.isPresent()) {
                return place.get();
            }
        }
        throw new IOException("all %d spools are taken: %s".formatted(MOST, folder));
    }

    private Optional<Place> take(int number) throws IOException {
        FileChannel file =
                FileChannel.open(
                        folder.resolve(number + ".lock"),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE);
        Optional<FileLock> lock = lock(file);
        if (lock.isEmpty()) {
            file.close();
            return Optional.empty();
        }
        UsageBatch.Spool boot = new UsageBatch.Spool(node, boots.get());
        UsageSpool spool = UsageSpool.open(folder.resolve(Integer.toString(number)), boot, limits);
        return Optional.of(new Place(number, file, lock.get(), spool));
    }

    private static Optional<FileLock> lock(FileChannel file) throws IOException {
        try {
            return Optional.ofNullable(file.tryLock());
        } catch (OverlappingFileLockException e) {
            return Optional.empty();
        }
    }

    /** The one that this process writes to. */
    public UsageSpool own() {
        return own.spool();
    }

    /** All that this process has to send. */
    public List<UsageSpool> all() {
        List<UsageSpool> all = new ArrayList<>();
        all.add(own.spool());
        adopted.forEach(place -> all.add(place.spool()));
        return all;
    }

    /**
     * Takes on what processes left that are no more, and keeps their places to the end.
     *
     * @throws IOException if a place cannot be looked at
     */
    public void tend() throws IOException {
        for (int number = 0; number < MOST; number++) {
            if (isOthers(number) && hasContent(number)) {
                take(number).ifPresent(adopted::add);
            }
        }
    }

    private boolean isOthers(int number) {
        return number != own.number()
                && adopted.stream().noneMatch(place -> place.number() == number);
    }

    private boolean hasContent(int number) throws IOException {
        Path place = folder.resolve(Integer.toString(number));
        if (!Files.isDirectory(place)) {
            return false;
        }
        try (var inside = Files.list(place)) {
            return inside.findAny().isPresent();
        }
    }

    /** Gives all places back. What was not sent stays there. */
    @Override
    public void close() {
        adopted.forEach(Place::close);
        own.close();
    }
}
