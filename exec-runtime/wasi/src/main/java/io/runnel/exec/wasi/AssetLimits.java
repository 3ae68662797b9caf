package io.runnel.exec.wasi;

import io.runnel.exec.task.ByteSize;

/**
 * What the assets of a task may be at most.
 *
 * @param archive the archive itself
 * @param contents of all files together, as they are unpacked; in a package with the module
 * @param entries files and folders together
 */
public record AssetLimits(ByteSize archive, ByteSize contents, int entries) {
    public static final AssetLimits DEFAULT =
            new AssetLimits(ByteSize.ofMiB(32), ByteSize.ofMiB(64), 10_000);

    /** Bytes of a path within the assets, in UTF-8. */
    static final int MOST_PATH_BYTES = 1024;

    /** Folders in each other. */
    static final int MOST_DEPTH = 32;
}
