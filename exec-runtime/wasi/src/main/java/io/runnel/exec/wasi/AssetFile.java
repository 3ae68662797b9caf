package io.runnel.exec.wasi;

/** A file of a task's assets. */
@SuppressWarnings("ArrayRecordComponent") // Never written and never compared.
record AssetFile(long number, byte[] content) implements FileNode {
    @Override
    public FileStatus status() {
        return FileStatus.ofAsset(number, FileKind.REGULAR, content.length);
    }

    @Override
    public long sizeBytes() {
        return content.length;
    }

    @Override
    public int read(long offset, byte[] into, int at, int length) {
        if (offset >= content.length) {
            return 0;
        }
        int count = Math.min(length, content.length - (int) offset);
        System.arraycopy(content, (int) offset, into, at, count);
        return count;
    }
}
