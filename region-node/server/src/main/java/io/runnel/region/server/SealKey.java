package io.runnel.region.server;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Set;

/** The key under which a region seals secrets: in the node's own folder, for its user only. */
final class SealKey {
    private static final Set<PosixFilePermission> OWNER_ONLY =
            PosixFilePermissions.fromString("rw-------");

    private SealKey() {}

    /**
     * Reads the key, or makes it: on disk when this returns.
     *
     * @throws IOException if it cannot be read or made, or is no key
     */
    static byte[] readOrCreate(Path file, int bytes, SecureRandom random) throws IOException {
        if (!Files.exists(file)) {
            create(file, bytes, random);
        }
        byte[] key = Files.readAllBytes(file);
        if (key.length != bytes) {
            throw new IOException("%s must be %d bytes: %d".formatted(file, bytes, key.length));
        }
        return key;
    }

    private static void create(Path file, int bytes, SecureRandom random) throws IOException {
        byte[] key = new byte[bytes];
        random.nextBytes(key);
        Path made = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(made);
        try (FileChannel channel =
                FileChannel.open(
                        made,
                        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                        PosixFilePermissions.asFileAttribute(OWNER_ONLY))) {
            channel.write(ByteBuffer.wrap(key));
            channel.force(true);
        }
        Files.move(made, file, StandardCopyOption.ATOMIC_MOVE);
    }
}
