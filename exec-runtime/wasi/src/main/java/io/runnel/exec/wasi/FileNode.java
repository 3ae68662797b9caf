package io.runnel.exec.wasi;

/** A file with bytes in it. */
sealed interface FileNode extends Node permits AssetFile, ScratchFile {
    @Override
    default FileKind kind() {
        return FileKind.REGULAR;
    }

    long sizeBytes();

    /**
     * Copies what is there, at most so much.
     *
     * @param offset not negative
     * @return how many bytes; 0 at the end
     */
    int read(long offset, byte[] into, int at, int length);
}
