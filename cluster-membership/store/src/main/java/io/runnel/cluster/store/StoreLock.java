package io.runnel.cluster.store;

import io.runnel.cluster.store.StoreException.Code;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * That this process alone has a store open: a lock on {@code FILE.lock}, which the system drops
 * when the process ends in any way. The file holds the process's id, for the message.
 */
final class StoreLock implements AutoCloseable {
    /**
     * Which are held by this process. The system's lock would not tell two holders in one process
     * apart, and closing any channel of the file would drop it.
     */
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private final Path path;
    private final FileChannel channel;

    private StoreLock(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    static StoreLock take(Path store) {
        Path path = store.resolveSibling(store.getFileName() + ".lock").toAbsolutePath();
        if (!HELD.add(path)) {
            throw inUse(store, Long.toString(ProcessHandle.current().pid()));
        }
        try {
            return new StoreLock(path, locked(store, path));
        } catch (IOException e) {
            HELD.remove(path);
            throw new StoreException(Code.FAILED, path + ": cannot be locked", e);
        } catch (StoreException e) {
            HELD.remove(path);
            throw e;
        }
    }

    private static FileChannel locked(Path store, Path path) throws IOException {
        FileChannel channel =
                FileChannel.open(
                        path,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE);
        FileLock lock = channel.tryLock();
        if (lock == null) {
            channel.close();
            throw inUse(store, Files.readString(path).strip());
        }
        channel.truncate(0);
        String pid = Long.toString(ProcessHandle.current().pid());
        channel.write(ByteBuffer.wrap(pid.getBytes(StandardCharsets.US_ASCII)));
        return channel;
    }

    private static StoreException inUse(Path store, String pid) {
        return new StoreException(
                Code.IN_USE, "%s: is open in process %s; stop it first".formatted(store, pid));
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new StoreException(Code.FAILED, path + ": cannot be unlocked", e);
        } finally {
            HELD.remove(path);
        }
    }
}
