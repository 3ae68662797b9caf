package io.runnel.exec.microvm.image;

import io.runnel.exec.task.CodeDigest;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;

/** The SHA-256 of files. */
final class FileDigest {
    private static final int CHUNK_BYTES = 1 << 16;

    private FileDigest() {}

    /**
     * That of this file, as 64 hexadecimal digits.
     *
     * @throws InterruptedException if the thread was interrupted
     */
    static String of(Path file) throws IOException, InterruptedException {
        MessageDigest hash = CodeDigest.newHash();
        byte[] chunk = new byte[CHUNK_BYTES];
        try (InputStream in = Files.newInputStream(file)) {
            for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
                hash.update(chunk, 0, count);
                if (Thread.interrupted()) {
                    throw new InterruptedException("reading a file was interrupted");
                }
            }
        }
        return CodeDigest.ofHash(hash.digest()).value();
    }
}
