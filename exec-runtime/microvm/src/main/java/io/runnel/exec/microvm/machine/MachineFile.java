package io.runnel.exec.microvm.machine;

import io.runnel.exec.task.CodeDigest;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;

/**
 * A file that a machine reads and never writes: kernel, initramfs, image.
 *
 * @param path where it is, absolute; what stands there does not change while a machine uses it
 * @param digest of its bytes. Nothing checks it here again: it is what snapshots are bound to
 */
public record MachineFile(Path path, CodeDigest digest) {
    private static final int BUFFER_BYTES = 1 << 16;

    /**
     * Checks the path.
     *
     * @throws IllegalArgumentException if it is not absolute
     */
    public MachineFile {
        if (!path.isAbsolute()) {
            throw new IllegalArgumentException(
                    "file of a machine must be absolute: '%s'".formatted(path));
        }
    }

    /**
     * A file, read whole for its digest.
     *
     * @throws IOException if it cannot be read
     */
    public static MachineFile of(Path path) throws IOException {
        MessageDigest hash = CodeDigest.newHash();
        try (InputStream in = Files.newInputStream(path)) {
            byte[] buffer = new byte[BUFFER_BYTES];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                hash.update(buffer, 0, n);
            }
        }
        return new MachineFile(path.toAbsolutePath(), CodeDigest.ofHash(hash.digest()));
    }
}
