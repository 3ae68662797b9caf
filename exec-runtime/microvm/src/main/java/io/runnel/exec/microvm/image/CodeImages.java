package io.runnel.exec.microvm.image;

import io.runnel.exec.task.ByteSize;
import io.runnel.exec.task.CodeDigest;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;

/**
 * Images of tasks' code in a folder of the node's own (mode 0700). Each is made once, from memory
 * and whole or not at all, whoever asks at the same time; the least recently used that nobody uses
 * go when the folder is full. A file's name has the digests of its code and of itself: one that is
 * damaged is found when it is used first, and made again.
 *
 * <p>Safe for any thread; one process a folder, which removes what an earlier one left half made.
 */
public final class CodeImages {
    /** How long making one may take. */
    public static final Duration MOST_TIME = Duration.ofSeconds(60);

    /** So many are made at once. */
    private static final int MAKERS = 2;

    private static final System.Logger LOG = System.getLogger(CodeImages.class.getName());

    private final Path folder;
    private final InstantSource clock;
    private final ImageShelf shelf;
    private final Optional<Squashfs> squashfs;
    private final Duration within;

    /** Code of one lock is made by one thread at a time. */
    private final ReentrantLock[] locks =
            IntStream.range(0, MAKERS)
                    .mapToObj(i -> new ReentrantLock(true))
                    .toArray(ReentrantLock[]::new);

    private CodeImages(
            Path folder,
            InstantSource clock,
            ImageShelf shelf,
            Optional<Squashfs> squashfs,
            Duration within) {
        this.folder = folder;
        this.clock = clock;
        this.shelf = shelf;
        this.squashfs = squashfs;
        this.within = within;
    }

    /**
     * Opens the folder; makes it if it is not there.
     *
     * @param most bytes of all images together, but for those in use
     * @throws IOException if that is not possible
     */
    public static CodeImages in(Path folder, ByteSize most, InstantSource clock)
            throws IOException {
        return in(folder, most, clock, Optional.empty(), MOST_TIME);
    }

    /** With this program, not the one that is installed. */
    static CodeImages in(
            Path folder,
            ByteSize most,
            InstantSource clock,
            Optional<Squashfs> squashfs,
            Duration within)
            throws IOException {
        Files.createDirectories(folder);
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        ImageShelf shelf = ImageShelf.of(folder, most);
        return new CodeImages(folder, clock, shelf, squashfs, within);
    }

    /**
     * The image of this code; made if it is not there yet. To be closed when it is not used any
     * more.
     *
     * @throws ImageException if it cannot be made here; with what to install, if that is missing
     * @throws IOException if the folder cannot be read or written
     * @throws InterruptedException if the thread was interrupted; nothing is left half made
     */
    public CodeImage image(CodeArchive code) throws IOException, InterruptedException {
        CodeDigest digest = code.digest();
        ReentrantLock lock = locks[Math.floorMod(digest.hashCode(), locks.length)];
        lock.lockInterruptibly();
        try {
            Optional<CodeImage> there = shelf.take(digest);
            CodeImage image = there.isPresent() ? there.get() : make(digest, code);
            touch(image.file());
            return image;
        } finally {
            lock.unlock();
        }
    }

    /** So that the next process knows too what was used when. */
    private void touch(Path file) {
        try {
            Files.setLastModifiedTime(file, FileTime.from(clock.instant()));
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "an image keeps its time: {0}", e.toString());
        }
    }

    private CodeImage make(CodeDigest digest, CodeArchive code)
            throws IOException, InterruptedException {
        Squashfs maker = squashfs.isPresent() ? squashfs.get() : Squashfs.installed();
        Path making = folder.resolve(digest + ImageShelf.MAKING);
        long started = System.nanoTime();
        try {
            Files.deleteIfExists(making);
            maker.ofTar(code::writeTar, making, within);
            String own = FileDigest.of(making);
            Files.setPosixFilePermissions(making, PosixFilePermissions.fromString("r--r--r--"));
            Path file = folder.resolve(ImageShelf.name(digest, own));
            Files.move(making, file, StandardCopyOption.ATOMIC_MOVE);
            LOG.log(
                    Level.DEBUG,
                    "made an image of {0}: {1} ms",
                    digest.brief(),
                    (System.nanoTime() - started) / 1_000_000);
            return shelf.put(digest, own);
        } finally {
            Files.deleteIfExists(making);
        }
    }
}
