package io.runnel.exec.microvm.image;

import io.runnel.exec.task.ByteSize;
import io.runnel.exec.task.CodeDigest;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which images of code are in a folder, who uses them, and which go when there are too many. Files
 * are named {@code FORMAT-CODE-OWN.squashfs}, by the digests of the code and of the image. Safe for
 * any thread.
 */
final class ImageShelf {
    /** What the names of unfinished files end with. */
    static final String MAKING = ".making";

    private static final System.Logger LOG = System.getLogger(ImageShelf.class.getName());
    private static final String BEFORE = Squashfs.FORMAT + "-";
    private static final String BEHIND = ".squashfs";

    private static final class Kept {
        private final Path file;
        private final String own;
        private final long bytes;
        private boolean proved;
        private int users;

        private Kept(Path file, String own, long bytes) {
            this.file = file;
            this.own = own;
            this.bytes = bytes;
        }
    }

    private record Found(CodeDigest code, Kept kept, long usedMillis) {}

    private final Path folder;
    private final ByteSize most;

    /** The least recently used first. Guarded by itself. */
    private final Map<CodeDigest, Kept> images = new LinkedHashMap<>(16, 0.75f, true);

    private ImageShelf(Path folder, ByteSize most) {
        this.folder = folder;
        this.most = most;
    }

    /** What is in this folder; what nobody finished is removed. */
    static ImageShelf of(Path folder, ByteSize most) throws IOException {
        ImageShelf shelf = new ImageShelf(folder, most);
        List<Found> found = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                Optional<Found> image = found(file);
                if (image.isPresent()) {
                    found.add(image.get());
                } else {
                    Files.deleteIfExists(file);
                }
            }
        }
        found.sort(Comparator.comparingLong(Found::usedMillis));
        for (Found image : found) {
            Optional<Kept> before =
                    Optional.ofNullable(shelf.images.put(image.code(), image.kept()));
            if (before.isPresent()) {
                Files.deleteIfExists(before.get().file);
            }
        }
        shelf.makeRoom();
        return shelf;
    }

    static String name(CodeDigest code, String own) {
        return BEFORE + code + "-" + own + BEHIND;
    }

    private static Optional<Found> found(Path file) throws IOException {
        String name = file.getFileName().toString();
        String[] digests =
                name.startsWith(BEFORE) && name.endsWith(BEHIND)
                        ? name.substring(BEFORE.length(), name.length() - BEHIND.length())
                                .split("-", -1)
                        : new String[0];
        if (digests.length != 2
                || !CodeDigest.isValid(digests[0])
                || !CodeDigest.isValid(digests[1])
                || !Files.isRegularFile(file)) {
            return Optional.empty();
        }
        return Optional.of(
                new Found(
                        new CodeDigest(digests[0]),
                        new Kept(file, digests[1], Files.size(file)),
                        Files.getLastModifiedTime(file).toMillis()));
    }

    /**
     * The image of this code, for use; empty if it is not there, or not whole. No two threads ask
     * for the same code at once.
     */
    Optional<CodeImage> take(CodeDigest code) throws IOException, InterruptedException {
        Optional<Kept> kept = hold(code);
        if (kept.isEmpty()) {
            return Optional.empty();
        }
        CodeImage image = image(code, kept.get());
        boolean whole = false;
        try {
            whole = isWhole(kept.get());
        } finally {
            if (!whole) {
                image.close();
            }
        }
        if (!whole) {
            LOG.log(Level.WARNING, "an image is damaged, made again: {0}", kept.get().file);
            forget(code, kept.get());
            return Optional.empty();
        }
        return Optional.of(image);
    }

    /** Counts a user, so that it stays. */
    private Optional<Kept> hold(CodeDigest code) {
        synchronized (images) {
            Optional<Kept> kept = Optional.ofNullable(images.get(code));
            kept.ifPresent(image -> image.users++);
            return kept;
        }
    }

    /** Its bytes are looked at once; that it is there, each time. */
    private static boolean isWhole(Kept kept) throws IOException, InterruptedException {
        if (!Files.isRegularFile(kept.file) || Files.size(kept.file) != kept.bytes) {
            return false;
        }
        kept.proved = kept.proved || FileDigest.of(kept.file).equals(kept.own);
        return kept.proved;
    }

    private void forget(CodeDigest code, Kept kept) throws IOException {
        synchronized (images) {
            images.computeIfPresent(code, (any, there) -> there == kept ? null : there);
            Files.deleteIfExists(kept.file);
        }
    }

    private CodeImage image(CodeDigest code, Kept kept) {
        return new CodeImage(
                code, kept.file, new ByteSize(kept.bytes), kept.own, () -> release(kept));
    }

    private void release(Kept kept) {
        synchronized (images) {
            kept.users--;
        }
        makeRoom();
    }

    /** Adds one that was just made, for use. */
    CodeImage put(CodeDigest code, String own) throws IOException {
        Path file = folder.resolve(name(code, own));
        Kept kept = new Kept(file, own, Files.size(file));
        kept.proved = true;
        kept.users = 1;
        synchronized (images) {
            images.put(code, kept);
        }
        makeRoom();
        return image(code, kept);
    }

    /** Removes what was used least recently and is not in use, until the others fit. */
    private void makeRoom() {
        synchronized (images) {
            long total = images.values().stream().mapToLong(kept -> kept.bytes).sum();
            Iterator<Kept> oldestFirst = images.values().iterator();
            while (total > most.bytes() && oldestFirst.hasNext()) {
                Kept kept = oldestFirst.next();
                if (kept.users == 0) {
                    total -= kept.bytes;
                    oldestFirst.remove();
                    delete(kept.file);
                }
            }
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            LOG.log(Level.WARNING, "an image cannot be removed: {0}", e.toString());
        }
    }
}
