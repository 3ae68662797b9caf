package io.runnel.exec.wasi;

/**
 * What is told of a node.
 *
 * @param device 1 for assets, 2 for what the call made, 3 for devices
 * @param accessedNs since 1970, as the two others
 */
record FileStatus(
        long device,
        long inode,
        FileKind kind,
        long links,
        long sizeBytes,
        long accessedNs,
        long modifiedNs,
        long changedNs) {
    static final int BYTES = 64;

    static final FileStatus OF_STREAM = new FileStatus(0, 0, FileKind.UNKNOWN, 0, 0, 0, 0, 0);

    /** Of an asset: it has no times, so that the same assets look the same everywhere. */
    static FileStatus ofAsset(long inode, FileKind kind, long sizeBytes) {
        return new FileStatus(1, inode, kind, 1, sizeBytes, 0, 0, 0);
    }

    /** Of a device, or their folder. */
    static FileStatus ofDevice(long inode, FileKind kind) {
        return new FileStatus(3, inode, kind, 1, 0, 0, 0, 0);
    }

    void write(WasiMemory memory, int at) {
        if (!memory.contains(at, BYTES)) {
            throw new WasiFailure(Errno.FAULT);
        }
        memory.writeLong(at, device);
        memory.writeLong(at + 8, inode);
        memory.writeLong(at + 16, kind.value());
        memory.writeLong(at + 24, links);
        memory.writeLong(at + 32, sizeBytes);
        memory.writeLong(at + 40, accessedNs);
        memory.writeLong(at + 48, modifiedNs);
        memory.writeLong(at + 56, changedNs);
    }
}
