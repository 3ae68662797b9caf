package io.runnel.exec.isolate;

import io.runnel.exec.task.CodeDigest;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Code by its SHA-256 in a folder of its own. What {@link #put} returned for survives the loss of
 * power; what is damaged on disk is never handed out. Safe for any thread; one process a folder.
 */
public final class CodeStore {
    private static final System.Logger LOG = System.getLogger(CodeStore.class.getName());
    private static final String TEMPORARY = ".tmp";
    private static final String DAMAGED = ".damaged";

    private final Path folder;
    private final Set<CodeDigest> index = ConcurrentHashMap.newKeySet();

    /**
     * Opens the folder, makes it (mode 0700) if it is not there, and removes what an interrupted
     * {@link #put} left.
     *
     * @throws IOException if the folder cannot be made or listed
     */
    public CodeStore(Path folder) throws IOException {
        this.folder = folder;
        makeFolder(folder);
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                takeStock(file);
            }
        }
    }

    private static void makeFolder(Path folder) throws IOException {
        if (folder.getParent() != null) {
            Files.createDirectories(folder.getParent());
        }
        try {
            Files.createDirectory(folder, mode(folder, "rwx------"));
        } catch (FileAlreadyExistsException e) {
            if (!Files.isDirectory(folder)) {
                throw e;
            }
        }
    }

    private static FileAttribute<?>[] mode(Path near, String permissions) {
        Set<PosixFilePermission> set = PosixFilePermissions.fromString(permissions);
        return near.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(set)}
                : new FileAttribute<?>[0];
    }

    private void takeStock(Path file) throws IOException {
        String name = file.getFileName().toString();
        if (name.endsWith(TEMPORARY)) {
            Files.deleteIfExists(file);
        } else if (CodeDigest.isValid(name)) {
            index.add(new CodeDigest(name));
        }
    }

    /** Whether this code is here. From memory: fit for an event loop. */
    public boolean holds(CodeDigest digest) {
        return index.contains(digest);
    }

    /**
     * Keeps this code. Returns when it is on disk; if it is there already it counts as new.
     *
     * @throws IOException if it cannot be written, as on a full disk; nothing is left behind then
     */
    public CodeDigest put(byte[] code) throws IOException {
        CodeDigest digest = CodeDigest.of(code);
        if (!touch(digest)) {
            Path temporary =
                    Files.createTempFile(folder, "put-", TEMPORARY, mode(folder, "rw-------"));
            try {
                write(temporary, code);
                Files.move(temporary, fileOf(digest), StandardCopyOption.ATOMIC_MOVE);
                syncFolder();
            } finally {
                Files.deleteIfExists(temporary);
            }
            index.add(digest);
        }
        return digest;
    }

    private static void write(Path file, byte[] code) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            ByteBuffer left = ByteBuffer.wrap(code);
            while (left.hasRemaining()) {
                channel.write(left);
            }
            channel.force(true);
        }
    }

    /** A rename is on disk only when its folder is. */
    private void syncFolder() throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /**
     * The code, checked against its digest. A damaged file is set aside, as {@code DIGEST.damaged},
     * and counts as absent.
     *
     * @throws IOException if the file is there and cannot be read
     */
    public Optional<byte[]> read(CodeDigest digest) throws IOException {
        byte[] code;
        try {
            code = Files.readAllBytes(fileOf(digest));
        } catch (NoSuchFileException e) {
            index.remove(digest);
            return Optional.empty();
        }
        if (!CodeDigest.of(code).equals(digest)) {
            setAside(digest);
            return Optional.empty();
        }
        return Optional.of(code);
    }

    private void setAside(CodeDigest digest) throws IOException {
        index.remove(digest);
        Path aside = folder.resolve(digest.value() + DAMAGED);
        Files.move(fileOf(digest), aside, StandardCopyOption.REPLACE_EXISTING);
        LOG.log(Level.WARNING, "code is damaged on disk and set aside: {0}", aside);
    }

    /**
     * Makes this code as old as if it had just been kept; says whether it is here.
     *
     * @throws IOException if its file cannot be changed
     */
    public synchronized boolean touch(CodeDigest digest) throws IOException {
        if (!holds(digest)) {
            return false;
        }
        try {
            FileTime now = FileTime.fromMillis(System.currentTimeMillis());
            Files.setLastModifiedTime(fileOf(digest), now);
            return true;
        } catch (NoSuchFileException e) {
            index.remove(digest);
            return false;
        }
    }

    /**
     * Forgets this code, unless it was kept or touched since. Says whether it did.
     *
     * @throws IOException if the file is there and cannot be removed
     */
    public synchronized boolean deleteIfOlder(CodeDigest digest, Instant since) throws IOException {
        Path file = fileOf(digest);
        if (!holds(digest) || Files.getLastModifiedTime(file).toInstant().isAfter(since)) {
            return false;
        }
        index.remove(digest);
        return Files.deleteIfExists(file);
    }

    /** All code that is here, in the order of the digests. */
    public List<CodeDigest> list() {
        return index.stream().sorted((a, b) -> a.value().compareTo(b.value())).toList();
    }

    private Path fileOf(CodeDigest digest) {
        return folder.resolve(digest.value());
    }
}
