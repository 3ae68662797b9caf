package io.runnel.exec.wasi;

/** What every scratch node has: a number, names, descriptors, times. */
final class Inode {
    private static final long DEVICE = 2;

    private final long number;
    private int names;
    private int descriptors;
    private long accessedNs;
    private long modifiedNs;
    private long changedNs;

    Inode(long number, long nowNs) {
        this.number = number;
        this.accessedNs = nowNs;
        this.modifiedNs = nowNs;
        this.changedNs = nowNs;
    }

    long number() {
        return number;
    }

    FileStatus status(FileKind kind, long sizeBytes) {
        return new FileStatus(
                DEVICE, number, kind, names, sizeBytes, accessedNs, modifiedNs, changedNs);
    }

    void named() {
        names++;
    }

    void unnamed() {
        names--;
    }

    boolean hasName() {
        return names > 0;
    }

    void retain() {
        descriptors++;
    }

    void release() {
        descriptors--;
    }

    /** Whether nobody can come to it any more. */
    boolean isLost() {
        return names == 0 && descriptors == 0;
    }

    /** What is in it was changed. */
    void modified(long nowNs) {
        modifiedNs = nowNs;
        changedNs = nowNs;
    }

    void setAccessed(long accessed, long nowNs) {
        accessedNs = accessed;
        changedNs = nowNs;
    }

    void setModified(long modified, long nowNs) {
        modifiedNs = modified;
        changedNs = nowNs;
    }
}
