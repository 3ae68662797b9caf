package io.runnel.exec.wasm;

import io.runnel.exec.task.ByteSize;
import io.runnel.exec.task.CodeDigest;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Compiled classes in a folder of the node's own (mode 0700), so that a module is compiled once and
 * not once for each start. Bytecode is code: every entry is authenticated with a key of this node
 * before a byte of it is used ({@link SealedClasses}). What is damaged, forged, cut short or of
 * another key is deleted and compiled again. Entries are written whole or not at all, and the least
 * recently used go when the folder is full.
 *
 * <p>A cache that cannot read or write is one that knows nothing: that costs time only, and is
 * logged. Safe for any thread; one process a folder.
 */
final class ClassCache {
    private static final System.Logger LOG = System.getLogger(ClassCache.class.getName());
    private static final String KEY = "key";
    private static final String TEMPORARY = ".tmp";

    private record Entry(Path file, long sizeBytes, FileTime used) {}

    private final Path folder;
    private final ByteSize most;
    private final SealedClasses seal;
    private final InstantSource clock;

    /**
     * Opens the folder; makes it, and the key in it, if they are not there.
     *
     * @param most of all entries together
     * @throws IOException if that is not possible
     */
    static ClassCache in(Path folder, ByteSize most, SecureRandom random, InstantSource clock)
            throws IOException {
        if (!Files.isDirectory(folder)) {
            Files.createDirectories(folder);
        }
        // Also where it was there before: bytecode is code.
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        SealedClasses seal = SealedClasses.withKeyIn(folder.resolve(KEY), random);
        return new ClassCache(folder, most, seal, clock);
    }

    private ClassCache(Path folder, ByteSize most, SealedClasses seal, InstantSource clock) {
        this.folder = folder;
        this.most = most;
        this.seal = seal;
        this.clock = clock;
    }

    /** The classes of this key, if they are here and as this node has written them. */
    Optional<CompiledClasses> get(CacheKey key) {
        Path file = folder.resolve(key.fileName());
        try {
            if (Files.size(file) > most.bytes()) {
                return damaged(file);
            }
            Optional<CompiledClasses> classes = seal.open(key, Files.readAllBytes(file));
            if (classes.isEmpty()) {
                return damaged(file);
            }
            Files.setLastModifiedTime(file, FileTime.from(clock.instant()));
            return classes;
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            LOG.log(Level.WARNING, "cannot read compiled classes: {0}", e.toString());
            return Optional.empty();
        }
    }

    private static Optional<CompiledClasses> damaged(Path file) throws IOException {
        LOG.log(Level.WARNING, "not as this node wrote it, deleted: {0}", file);
        Files.deleteIfExists(file);
        return Optional.empty();
    }

    /** Keeps classes. Those that are too large for the whole cache are not kept. */
    synchronized void put(CacheKey key, CompiledClasses classes) {
        byte[] entry = seal.close(key, classes);
        if (entry.length > most.bytes()) {
            return;
        }
        Path file = folder.resolve(key.fileName());
        Path temporary = folder.resolve(key.fileName() + TEMPORARY);
        try {
            makeRoom(entry.length);
            Files.deleteIfExists(temporary);
            Files.createFile(
                    temporary,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rw-------")));
            Files.write(temporary, entry, StandardOpenOption.WRITE);
            Files.setLastModifiedTime(temporary, FileTime.from(clock.instant()));
            Files.move(
                    temporary,
                    file,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            LOG.log(Level.WARNING, "cannot keep compiled classes: {0}", e.toString());
        }
    }

    /** Deletes what was used least recently until so much more fits; and what was half written. */
    private void makeRoom(long moreBytes) throws IOException {
        List<Entry> entries = entries();
        long total = entries.stream().mapToLong(Entry::sizeBytes).sum() + moreBytes;
        entries.sort(Comparator.comparing(Entry::used));
        for (Entry entry : entries) {
            if (total <= most.bytes()) {
                return;
            }
            Files.deleteIfExists(entry.file());
            total -= entry.sizeBytes();
        }
    }

    private List<Entry> entries() throws IOException {
        List<Entry> entries = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                if (name.endsWith(TEMPORARY)) {
                    Files.deleteIfExists(file);
                } else if (CodeDigest.isValid(name)) {
                    entries.add(new Entry(file, Files.size(file), Files.getLastModifiedTime(file)));
                }
            }
        }
        return entries;
    }
}
