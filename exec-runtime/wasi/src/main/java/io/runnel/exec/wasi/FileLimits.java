package io.runnel.exec.wasi;

import io.runnel.exec.task.ByteSize;

/**
 * What a call may keep in files of its own.
 *
 * @param written of contents, names and what it takes to keep them; it counts against the memory of
 *     the call besides
 * @param entries names in folders together
 * @param descriptors open at once, with the three streams
 */
public record FileLimits(ByteSize written, int entries, int descriptors) {
    private static final long MOST_BYTES = 1L << 30;

    public static final FileLimits DEFAULT = new FileLimits(ByteSize.ofMiB(16), 4096, 256);

    public FileLimits {
        if (written.bytes() > MOST_BYTES) {
            throw new IllegalArgumentException("files of a call may have at most 1GiB: " + written);
        }
        if (entries < 1 || descriptors < 8) {
            throw new IllegalArgumentException("at least 1 entry and 8 descriptors");
        }
    }
}
