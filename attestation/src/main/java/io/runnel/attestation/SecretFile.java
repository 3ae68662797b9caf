package io.runnel.attestation;

import io.runnel.attestation.AttestationException.Code;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * A small text file that only its owner may read. It is replaced as a whole: a reader sees the old
 * text or the new one, also after a crash.
 */
public final class SecretFile {
    private static final long MOST_BYTES = 1 << 20;
    private static final Set<PosixFilePermission> OWNER_ONLY =
            PosixFilePermissions.fromString("rw-------");

    /** File locks are the process's, not the thread's: within the process this one comes first. */
    private static final ReentrantLock WITHIN_PROCESS = new ReentrantLock();

    private final Path path;

    /** The file at this place. */
    public SecretFile(Path path) {
        this.path = path.toAbsolutePath();
    }

    /** Its place. */
    public Path path() {
        return path;
    }

    /** The text, if the file is there. */
    public Optional<String> read() {
        try {
            if (Files.size(path) > MOST_BYTES) {
                throw malformed("is larger than %d bytes".formatted(MOST_BYTES));
            }
            requireOwnerOnly();
            return Optional.of(Files.readString(path, StandardCharsets.UTF_8));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new AttestationException(Code.UNREADABLE, path + ": cannot be read: " + e, e);
        }
    }

    /** Replaces the text. */
    public void write(String text) {
        try {
            Path folder = path.getParent();
            Files.createDirectories(folder);
            Path fresh = Files.createTempFile(folder, path.getFileName() + ".", ".new", owned());
            try {
                writeDurably(fresh, text);
                Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(fresh);
            }
            force(folder);
        } catch (IOException e) {
            throw new AttestationException(Code.UNWRITABLE, path + ": cannot be written: " + e, e);
        }
    }

    /**
     * Takes the file away.
     *
     * @return whether it was there
     */
    public boolean delete() {
        try {
            return Files.deleteIfExists(path);
        } catch (IOException e) {
            throw new AttestationException(Code.UNWRITABLE, path + ": cannot be deleted: " + e, e);
        }
    }

    /** Does this while no other process or thread that uses this method is at the same folder. */
    public <T> T exclusively(Supplier<T> action) {
        WITHIN_PROCESS.lock();
        try {
            Files.createDirectories(path.getParent());
            Path lockFile = path.resolveSibling("secrets.lock");
            try (FileChannel channel =
                            FileChannel.open(
                                    lockFile,
                                    EnumSet.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
                                    owned());
                    FileLock held = channel.lock()) {
                assert held.isValid();
                return action.get();
            }
        } catch (IOException e) {
            throw new AttestationException(Code.UNWRITABLE, path + ": cannot be locked: " + e, e);
        } finally {
            WITHIN_PROCESS.unlock();
        }
    }

    AttestationException malformed(String why) {
        return new AttestationException(Code.MALFORMED, path + ": " + why);
    }

    private void requireOwnerOnly() throws IOException {
        if (!isPosix()) {
            return;
        }
        for (PosixFilePermission permission : Files.getPosixFilePermissions(path)) {
            if (!isOwners(permission)) {
                throw new AttestationException(
                        Code.OPEN_TO_OTHERS, "%s: others may use it: chmod 600 it".formatted(path));
            }
        }
    }

    private static boolean isOwners(PosixFilePermission permission) {
        return switch (permission) {
            case OWNER_READ, OWNER_WRITE, OWNER_EXECUTE -> true;
            case GROUP_READ, GROUP_WRITE, GROUP_EXECUTE -> false;
            case OTHERS_READ, OTHERS_WRITE, OTHERS_EXECUTE -> false;
        };
    }

    private FileAttribute<?>[] owned() throws IOException {
        return isPosix()
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER_ONLY)}
                : new FileAttribute<?>[0];
    }

    private boolean isPosix() throws IOException {
        FileStore store = Files.getFileStore(path.getParent());
        return store.supportsFileAttributeView("posix");
    }

    private static void writeDurably(Path file, String text) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = StandardCharsets.UTF_8.encode(text);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
    }

    private static void force(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
